import { App } from 'cdk8s';
import { GrantTable, ObjstoreConfig, S3Ca, S3Credentials, StoreGateway, ThanosStack } from '../../src';
import { bucket } from '../fixtures/bucket';
import { ECDSA_CA } from '../fixtures/certificates';
import { cronJob, pod } from '../fixtures/workloads';
import { chart, render } from '../render';
import { guardedChart } from './boundary/boundary';

test('a table of the whole stack can be read by a person', () => {
  const app = new App();
  const objstore = bucket({ ca: S3Ca.fromPem(ECDSA_CA), credentials: S3Credentials.fromSecretName('keys') });
  new ThanosStack(app, 'thanos', { objstore, receiver: {}, compactor: {}, query: {}, grafana: {} });
  expect(GrantTable.of(app).toString()).toBe(
    [
      'WORKLOAD                                  OBJSTORE FLAG                                              CA                                                      KEYS',
      'StatefulSet monitoring/thanos-receiver    --objstore.config-file=/etc/thanos/objstore/objstore.yml  Secret/thanos-s3-ca-cert at /etc/thanos/certs/ca.crt    env from Secret/keys',
      'StatefulSet monitoring/thanos-compactor   --objstore.config-file=/etc/thanos/objstore/objstore.yml  Secret/thanos-s3-ca-cert at /etc/thanos/certs/ca.crt    env from Secret/keys',
      'Deployment monitoring/thanos-query        -                                                          -                                                       -',
      'Deployment monitoring/grafana             -                                                          -                                                       -',
    ]
      .map((line) => line.replace(/ {2,}/g, '  '))
      .map((line, _, all) => aligned(line, all))
      .join('\n'),
  );
});

/** Pads the cells of a line, two blanks apart, to the widest of their column. */
function aligned(line: string, all: string[]): string {
  const cells = (text: string) => text.split('  ');
  const width = (column: number) => Math.max(...all.map((other) => cells(other)[column].length));
  return cells(line)
    .map((cell, i) => cell.padEnd(width(i)))
    .join('  ')
    .trimEnd();
}

test('clusters have a column where there are some', () => {
  const app = new App();
  const objstore = bucket({ endpoint: 'minio.store.svc:9000' });
  for (const cluster of ['eu', 'us']) new ThanosStack(app, cluster, { cluster, objstore, storeGateway: {} });
  const table = GrantTable.of(app);
  expect(table.rows.map((row) => row.cluster)).toEqual(['eu', 'us']);
  expect(table.toString().split('\n')[1]).toMatch(/^eu {7}StatefulSet monitoring\/thanos-store {2}--objstore/);
});

test.each<[S3Credentials, string]>([
  [S3Credentials.fromSecretName('keys'), 'env from Secret/keys'],
  [S3Credentials.fromCredentialsFile('file'), 'file from Secret/file'],
  [S3Credentials.fromServiceAccountName('sa'), 'service-account ServiceAccount/sa'],
  [S3Credentials.fromWebIdentity({ serviceAccountName: 'sa' }), 'web-identity ServiceAccount/sa'],
  [S3Credentials.awsSdk(), 'AWS SDK chain'],
  [S3Credentials.anonymous(), 'anonymous'],
  [
    S3Credentials.unsafePlainText({ accessKey: 'AKIA', secretKey: 'hunter2' }),
    'env from Secret/thanos-s3-credentials (plain text)',
  ],
])('the source of the keys is in words, case %#', (credentials, words) => {
  const scope = chart();
  new StoreGateway(scope, 'Store', { objstore: new ObjstoreConfig(scope, 'Bucket', bucket({ credentials })) });
  expect(GrantTable.of(scope).rows[0].keys).toBe(words);
});

test('workloads that were let in are lines, in the order of the tree', () => {
  const { scope, config } = guardedChart({ ca: S3Ca.fromConfigMapName('corp') });
  const args = ['sidecar', '--objstore.config-file=/etc/thanos/objstore/objstore.yml'];
  const sidecar = pod(scope, {
    containers: [
      { name: 'prometheus', args: ['--objstore.no'] },
      { name: 'sidecar', args },
    ],
  });
  const job = cronJob(scope);
  new StoreGateway(scope, 'Store', { objstore: config });
  config.grantTo(job);
  config.grantTo(sidecar, { containers: ['sidecar'] });
  const rows = GrantTable.of(scope).rows;
  expect(rows.map((row) => `${row.kind} ${row.namespace}/${row.name}`)).toEqual([
    'Pod monitoring/app',
    'CronJob monitoring/app',
    'StatefulSet monitoring/thanos-store',
  ]);
  expect(rows[0]).toEqual({
    kind: 'Pod',
    name: 'app',
    namespace: 'monitoring',
    objstoreFlag: args[1],
    caSource: 'ConfigMap/corp',
    caPath: '/etc/thanos/certs/ca.crt',
    keys: 'env from Secret/s3-keys',
  });
  expect(rows[1].objstoreFlag).toBeUndefined();
});

test('the table never holds keys', () => {
  const credentials = S3Credentials.unsafePlainText({ accessKey: 'AKIA', secretKey: 'hunter2' });
  const { scope, config } = guardedChart({ credentials });
  new StoreGateway(scope, 'Store', { objstore: config });
  render(scope);
  expect(GrantTable.of(scope).toString()).not.toMatch(/AKIA|hunter2/);
});

test('an app without workloads has a table with a head', () => {
  expect(GrantTable.of(new App()).toString()).toBe('WORKLOAD  OBJSTORE FLAG  CA  KEYS');
});
