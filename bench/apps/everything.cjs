// One stack with all that a stack can have. node everything.cjs OUTDIR [FleetApp]
/* eslint-disable @typescript-eslint/no-require-imports */
const { join } = require('node:path');
const { App, Duration, Size } = require('cdk8s');
const {
  CachingBucket,
  FleetApp,
  IndexCache,
  NetworkPeer,
  ResponseCache,
  S3Ca,
  S3Credentials,
  ThanosStack,
} = require('cdk8s-thanos');
const { inner } = require('./inner.cjs');

const CA = join(__dirname, '../../examples/guide/certs/minio-ca.crt');
const memory = { maxSize: Size.gibibytes(1) };

inner(() => {
  const [outdir, kind] = process.argv.slice(2);
  const app = new (kind === 'FleetApp' ? FleetApp : App)({ outdir });
  new ThanosStack(app, 'thanos', {
    createNamespace: true,
    externalLabels: { cluster: 'a' },
    objstore: {
      bucket: 'thanos',
      endpoint: 's3.minio.example.com:9000',
      ca: S3Ca.fromFile(CA, { validAt: new Date() }),
      serverName: 's3.minio.example.com',
      credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
    },
    zones: ['a', 'b', 'c'],
    receiver: { replicas: 3 },
    receiveRouter: { replicas: 3 },
    compactor: { retention: { raw: Duration.days(30), fiveMinutes: Duration.days(180), oneHour: Duration.days(3650) } },
    storeGateway: { indexCache: IndexCache.inMemory(memory), cachingBucket: CachingBucket.inMemory(memory) },
    ruler: { alertmanagers: ['http://alertmanager.monitoring.svc.cluster.local:9093'] },
    query: { replicas: 2 },
    queryFrontend: { responseCache: ResponseCache.inMemory(memory) },
    bucketWeb: {},
    grafana: {},
    preflight: {},
    preflightInit: true,
    certificateAlerts: {},
    networkPolicies: {
      prometheus: NetworkPeer.pods({ namespace: 'watch', labels: { 'app.kubernetes.io/name': 'prometheus' } }),
      objstore: NetworkPeer.cidr('10.0.0.0/8'),
      alertmanagers: NetworkPeer.pods({ labels: { 'app.kubernetes.io/name': 'alertmanager' } }),
    },
    monitoring: { alerts: {}, podMonitor: {}, dashboards: {} },
  });
  app.synth();
});
