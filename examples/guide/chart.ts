import * as path from 'node:path';
import { type App, Duration, Size } from 'cdk8s';
import { IndexCache, S3Ca, S3Credentials, ThanosStack } from 'cdk8s-thanos';

/** The guide's integrated values: a MinIO at s3.minio.example.com:9000 behind a private CA. `now` judges the CA's validity. */
export function guideStack(app: App, now?: Date): ThanosStack {
  return new ThanosStack(app, 'thanos', {
    namespace: 'monitoring',
    createNamespace: true,
    objstore: {
      bucket: 'thanos',
      endpoint: 's3.minio.example.com:9000',
      ca: S3Ca.fromFile(path.join(__dirname, 'certs/minio-ca.crt'), { validAt: now }),
      serverName: 's3.minio.example.com',
      credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
    },
    receiver: { replicas: 3, resources: resources('500m', 2) },
    compactor: {
      retention: { raw: Duration.days(30), fiveMinutes: Duration.days(180), oneHour: Duration.days(3650) },
      resources: resources('1', 2),
    },
    storeGateway: {
      replicas: 2,
      indexCache: IndexCache.inMemory({ maxSize: Size.gibibytes(2) }),
      resources: resources('500m', 4),
    },
    ruler: {
      alertmanagers: ['http://alertmanager.monitoring.svc.cluster.local:9093'],
      queries: ['dnssrv+_http._tcp.thanos-query.monitoring.svc.cluster.local'],
      resources: resources('250m', 1),
    },
    query: { replicas: 2, resources: resources('250m', 1) },
    queryFrontend: { resources: resources('100m', 1) },
    grafana: {},
  });
}

/** Requests and a memory limit. Sizes for a small cluster: `Capacity.of` reckons yours, in place of these. */
function resources(cpu: string, memoryGibibytes: number) {
  const memory = Size.gibibytes(memoryGibibytes);
  return { requests: { cpu, memory: Size.mebibytes(256) }, limits: { memory } };
}
