import * as path from 'node:path';
import { type App, Duration } from 'cdk8s';
import { type CompactorOptions, S3Ca, S3Credentials, ThanosStack } from 'cdk8s-thanos';

/** What is different from cluster to cluster. */
export interface Cluster {
  /** Name of the chart and of its folder; also the label `cluster` of every block. */
  readonly name: string;
  readonly receivers: number;
  /** One cluster alone compacts the bucket that all share. */
  readonly compactor?: CompactorOptions;
}

const CLUSTERS: Cluster[] = [
  {
    name: 'cluster-01-central',
    receivers: 3,
    compactor: { retention: { raw: Duration.days(30), fiveMinutes: Duration.days(180) } },
  },
  { name: 'cluster-02-edge', receivers: 1 },
];

/** Every cluster as a chart of one app. `now` judges the CA's validity. */
export function allClusters(app: App, now?: Date): ThanosStack[] {
  return CLUSTERS.map((cluster) => clusterStack(app, cluster, now));
}

function clusterStack(app: App, { name, receivers, compactor }: Cluster, now?: Date): ThanosStack {
  return new ThanosStack(app, name, {
    cluster: name,
    externalLabels: { cluster: name },
    createNamespace: true,
    objstore: {
      bucket: 'thanos',
      endpoint: 's3.example.com:9000',
      ca: S3Ca.fromFile(path.join(__dirname, 'certs/s3-ca.crt'), { validAt: now }),
      credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
    },
    receiver: { replicas: receivers },
    compactor,
    storeGateway: {},
    query: {},
  });
}
