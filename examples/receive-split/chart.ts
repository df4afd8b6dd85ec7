import * as path from 'node:path';
import { Duration, Size } from 'cdk8s';
import { S3Ca, S3Credentials, TenantMatcher, ThanosStack } from 'cdk8s-thanos';
import type { Construct } from 'constructs';

/** Routers take what is written, and hand each tenant to the receivers of its ring. `now` judges the CA's validity. */
export function splitStack(scope: Construct, now?: Date): ThanosStack {
  return new ThanosStack(scope, 'thanos', {
    objstore: {
      bucket: 'metrics',
      endpoint: 's3.harbour.example.com',
      ca: S3Ca.fromFile(path.join(__dirname, 'certs/s3-ca.crt'), { validAt: now }),
      credentials: S3Credentials.fromSecretName('s3-keys'),
    },
    externalLabels: { cluster: 'harbour' },
    zones: ['harbour-1a', 'harbour-1b', 'harbour-1c'],
    receiveRouter: {
      // more routers when more is written: they keep nothing
      autoscaling: { maxReplicas: 8, cpu: '500m' },
      writeLimits: {
        defaults: { requestSize: Size.mebibytes(8) },
        tenants: { 'team-harbour': { requestSize: Size.mebibytes(32) } },
      },
    },
    hashrings: [
      {
        name: 'teams',
        tenants: ['team-*'],
        tenantMatcher: TenantMatcher.GLOB,
        // each team writes to one receiver of each zone, so one that overloads them takes few others along
        shuffleSharding: { shardSize: 3 },
        receiver: { replicas: 2 },
      },
    ],
    // every other tenant
    receiver: { retention: Duration.days(2) },
    storeGateway: {},
    query: {},
  });
}
