import * as path from 'node:path';
import type { App } from 'cdk8s';
import { DeduplicationFunc, S3Ca, S3Credentials, ServiceType, ThanosStack, TlsCertificate } from 'cdk8s-thanos';

/** Certificate and key of each cluster, of one CA (`ca.crt`) that all share. Each has its cluster's name. */
const TLS = { certificate: TlsCertificate.fromSecretName('thanos-grpc-tls') };

/** The clusters that are asked. */
const CLUSTERS = ['harbour', 'quarry'];

/** From where the global cluster asks: the load balancers let in nobody else, for Query's HTTP port lies behind them too. */
const GLOBAL = ['198.51.100.7/32'];

/** Where the Query of a cluster is reached from the others. */
export function queryAddress(cluster: string): string {
  return `thanos-query.${cluster}.example.com:10901`;
}

/** Thanos in each cluster, with a bucket of its own, and one Query over all of them. `now` judges the CA's validity. */
export function globalView(app: App, now?: Date): ThanosStack[] {
  const stacks = CLUSTERS.map(
    (cluster) =>
      new ThanosStack(app, cluster, {
        cluster,
        externalLabels: { cluster },
        objstore: {
          bucket: 'metrics',
          endpoint: `s3.${cluster}.example.com`,
          ca: S3Ca.fromFile(path.join(__dirname, 'certs/s3-ca.crt'), { validAt: now }),
          credentials: S3Credentials.fromSecretName('s3-keys'),
        },
        grpcTls: TLS,
        receiver: {},
        compactor: {},
        storeGateway: {},
        query: { service: { type: ServiceType.LOAD_BALANCER, loadBalancerSourceRanges: GLOBAL } },
      }),
  );
  const global = new ThanosStack(app, 'global', {
    cluster: 'global',
    grpcTls: TLS,
    query: {
      endpoints: CLUSTERS.map(queryAddress),
      replicaLabels: ['receive_replica'],
      deduplication: DeduplicationFunc.CHAIN,
    },
    queryFrontend: {},
    grafana: {},
  });
  return [...stacks, global];
}
