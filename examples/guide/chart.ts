import * as path from 'node:path';
import { type App, Duration, Size } from 'cdk8s';
import { Capacity, type ResourceOptions, type RulerOptions, S3Ca, S3Credentials, ThanosStack } from 'cdk8s-thanos';

/**
 * The guide's retentions and index cache. Its series it leaves open: these are those of a small cluster, so put yours in. From
 * them follow replicas, requests and volumes; with three copies of each sample there are its three receivers.
 */
const capacity = Capacity.of({
  activeSeries: 50_000,
  scrapeInterval: Duration.seconds(30),
  retention: { raw: Duration.days(30), fiveMinutes: Duration.days(180), oneHour: Duration.days(3650) },
  indexCache: Size.gibibytes(2),
});

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
    receiver: limited(2, capacity.receiver),
    compactor: limited(2, capacity.compactor),
    storeGateway: limited(4, capacity.storeGateway),
    ruler: limited<RulerOptions>(1, {
      alertmanagers: ['http://alertmanager.monitoring.svc.cluster.local:9093'],
      queries: ['dnssrv+_http._tcp.thanos-query.monitoring.svc.cluster.local'],
    }),
    query: limited(1, capacity.query),
    queryFrontend: limited(1, {}),
    grafana: {},
  });
}

/** A part with a memory limit beside its requests; Capacity guesses none. */
function limited<T extends { readonly resources?: ResourceOptions }>(memoryGibibytes: number, part: T): T {
  return { ...part, resources: { ...part.resources, limits: { memory: Size.gibibytes(memoryGibibytes) } } };
}
