import * as path from 'node:path';
import { ApiObject, Chart, Duration } from 'cdk8s';
import { Compactor, ObjstoreConfig, Query, S3Ca, S3Credentials, StoreGateway, ThanosSidecar } from 'cdk8s-thanos';
import type { Construct } from 'constructs';

/** Prometheus keeps what is new, its sidecar uploads the blocks, and Query asks both it and the store. `now` judges the CA's validity. */
export class SidecarMonitoring extends Chart {
  constructor(scope: Construct, id: string, now?: Date) {
    super(scope, id, { namespace: 'monitoring', disableResourceNameHashes: true });
    const objstore = new ObjstoreConfig(this, 'Bucket', {
      bucket: 'metrics',
      endpoint: 's3.harbour.example.com',
      ca: S3Ca.fromFile(path.join(__dirname, 'certs/s3-ca.crt'), { validAt: now }),
      credentials: S3Credentials.fromSecretName('s3-keys'),
    });

    // a Prometheus of the operator, which makes the container itself
    const prometheus = new ApiObject(this, 'Prometheus', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'Prometheus',
      metadata: { name: 'k8s' },
      spec: {
        replicas: 2,
        retention: '24h',
        serviceAccountName: 'prometheus',
        serviceMonitorSelector: {},
        externalLabels: { cluster: 'harbour' },
      },
    } as object as { apiVersion: string; kind: string });
    const sidecar = new ThanosSidecar(this, 'Sidecar', { prometheus, objstore });

    const store = new StoreGateway(this, 'Store', { objstore });
    new Compactor(this, 'Compactor', { objstore, retention: { raw: Duration.days(90) } });
    new Query(this, 'Query', { sources: [sidecar, store] });
  }
}
