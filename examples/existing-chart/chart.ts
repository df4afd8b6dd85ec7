import * as path from 'node:path';
import { Chart, Duration } from 'cdk8s';
import { Compactor, ObjstoreConfig, Query, S3Ca, S3CaSecret, S3Credentials, StoreGateway } from 'cdk8s-thanos';
import type { Construct } from 'constructs';
import { berthPlanner, blockReport, decorate, prometheus, prometheusService } from './team-workloads';

/**
 * The chart of a team that already runs a Prometheus and a service of its own. Thanos comes in piece by piece, and the
 * Prometheus' sidecar is let into the bucket by hand. `now` judges the CA's validity.
 */
export class HarbourMonitoring extends Chart {
  constructor(scope: Construct, id: string, now?: Date) {
    super(scope, id, { namespace: 'harbour-monitoring', disableResourceNameHashes: true });
    const server = prometheus(this);
    const service = prometheusService(this);
    berthPlanner(this);
    const report = blockReport(this);

    const ca = new S3CaSecret(this, 'S3Ca', {
      ca: S3Ca.fromFile(path.join(__dirname, 'certs/s3-ca.crt'), { validAt: now }),
    });
    const objstore = new ObjstoreConfig(this, 'Bucket', {
      bucket: 'harbour-metrics',
      endpoint: 's3.harbour.example.com',
      ca,
      credentials: S3Credentials.fromSecretName('harbour-s3-keys', { accessKeyKey: 'access', secretKeyKey: 'secret' }),
    });
    objstore.grantTo(server, { containers: ['thanos-sidecar'] });
    objstore.grantTo(report);
    // the Grant is added to the finished object: what the team mounts later stays, and so does the Grant
    decorate(this, report);

    new Compactor(this, 'Compactor', { objstore, retention: { raw: Duration.days(90) } });
    const store = new StoreGateway(this, 'Store', { objstore });
    new Query(this, 'Query', {
      sources: [store],
      endpoints: [`dnssrv+_grpc._tcp.${service.name}.${objstore.namespace}.svc.cluster.local`],
      replicaLabels: ['prometheus_replica'],
    });
  }
}
