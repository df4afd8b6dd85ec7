// Many stacks in one app, each with its own cluster and bucket. node fleet.cjs OUTDIR COUNT OUTPUT_TYPE [FleetApp]
/* eslint-disable @typescript-eslint/no-require-imports */
const { join } = require('node:path');
const { App, Duration, Size, YamlOutputType } = require('cdk8s');
const { FleetApp, IndexCache, S3Ca, S3Credentials, ThanosStack } = require('cdk8s-thanos');
const { inner } = require('./inner.cjs');

const CA = join(__dirname, '../../examples/guide/certs/minio-ca.crt');

function stack(app, cluster) {
  new ThanosStack(app, cluster, {
    cluster,
    createNamespace: true,
    externalLabels: { cluster },
    objstore: {
      bucket: `thanos-${cluster}`,
      endpoint: 's3.minio.example.com:9000',
      ca: S3Ca.fromFile(CA, { validAt: new Date() }),
      serverName: 's3.minio.example.com',
      credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
    },
    receiver: { replicas: 3 },
    compactor: {
      retention: { raw: Duration.days(30), fiveMinutes: Duration.days(180), oneHour: Duration.days(3650) },
    },
    storeGateway: { replicas: 2, indexCache: IndexCache.inMemory({ maxSize: Size.gibibytes(2) }) },
    ruler: { alertmanagers: ['http://alertmanager.monitoring.svc.cluster.local:9093'] },
    query: { replicas: 2 },
    queryFrontend: {},
    grafana: {},
  });
}

inner(() => {
  const [outdir, count, type, kind] = process.argv.slice(2);
  const app = new (kind === 'FleetApp' ? FleetApp : App)({ outdir, yamlOutputType: YamlOutputType[type] });
  for (let i = 0; i < Number(count); i++) stack(app, `c${i}`);
  app.synth();
});
