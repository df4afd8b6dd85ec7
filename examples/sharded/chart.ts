import * as path from 'node:path';
import { Duration, Size } from 'cdk8s';
import { BlockTime, IndexCache, S3Ca, S3Credentials, ThanosStack } from 'cdk8s-thanos';
import type { Construct } from 'constructs';

/** One bucket that is too large for one compactor, and for one store gateway. `now` judges the CA's validity. */
export function shardedStack(scope: Construct, now?: Date): ThanosStack {
  return new ThanosStack(scope, 'thanos', {
    objstore: {
      bucket: 'metrics',
      endpoint: 's3.harbour.example.com',
      ca: S3Ca.fromFile(path.join(__dirname, 'certs/s3-ca.crt'), { validAt: now }),
      credentials: S3Credentials.fromSecretName('s3-keys'),
    },
    storeGateway: {
      replicas: 2,
      indexCache: IndexCache.inMemory({ maxSize: Size.gibibytes(1) }),
      shards: {
        // what most queries want has pods and disks of its own; the rest is seldom asked for
        time: [
          { name: 'recent', since: BlockTime.ago(Duration.days(30)), storage: { size: Size.gibibytes(50) } },
          { name: 'old', replicas: 1 },
        ],
        hash: 2,
      },
    },
    compactor: {
      retention: { raw: Duration.days(90), fiveMinutes: Duration.days(365) },
      // each cluster's blocks have one compactor; a new cluster's go to "rest"
      shards: {
        values: {
          label: 'cluster',
          parts: [{ name: 'harbour', values: ['harbour'] }, { name: 'quarry', values: ['quarry'] }, { name: 'rest' }],
        },
      },
    },
    query: {},
    queryFrontend: {},
  });
}
