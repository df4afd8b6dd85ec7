import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  CertificateAlerts,
  Compactor,
  type IS3Ca,
  ObjectBucketClaim,
  ObjstoreConfig,
  S3Ca,
  S3Credentials,
  SealedScope,
  SecretDelivery,
  TrustBundle,
} from 'cdk8s-thanos';
import { privateCa } from './support/certificates';
import { describeOnCluster, TEST_DATA } from '../programs/cluster';
import { applyManifests, kubectl } from './support/kubectl';
import { established } from './support/crds';
import { S3_HOST } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';

const NAMESPACE = 'thanos-e2e-delivery';
const CRDS =
  /^(bitnami|external-secrets\.io_externalsecrets|monitoring\.coreos\.com_prometheusrules|objectbucket|trust)/;
const CIPHERTEXT = Buffer.alloc(300, 7).toString('base64');
const KEYS = { AWS_ACCESS_KEY_ID: CIPHERTEXT, AWS_SECRET_ACCESS_KEY: CIPHERTEXT };

/** A compactor on a bucket, in a chart of its own. */
function compactor(
  make: (chart: Chart) => { ca?: IS3Ca; credentials?: S3Credentials; bucket?: string; endpoint?: string },
): string {
  const app = new App();
  const chart = new Chart(app, 'delivery', { namespace: NAMESPACE, disableResourceNameHashes: true });
  const credentials = S3Credentials.fromSecretName('keys');
  const s3 = { bucket: 'thanos', endpoint: 's3.example.com:9000', credentials, ...make(chart) };
  const objstore = new ObjstoreConfig(chart, 'Objstore', s3);
  new Compactor(chart, 'Compactor', { objstore });
  new CertificateAlerts(chart, 'Alerts', { objstore });
  return app.synthYaml();
}

describeOnCluster('objects that the operators turn into Secrets, against their real definitions', () => {
  const { caPem } = privateCa(S3_HOST);
  const files = readdirSync(path.join(TEST_DATA, 'crds')).filter((file) => CRDS.test(file));
  let made: string[] = [];

  beforeAll(async () => {
    await makeNamespace(NAMESPACE);
    const before = await kubectl(['get', 'customresourcedefinitions', '-o', 'name']);
    for (const file of files) await kubectl(['apply', '--server-side', '-f', path.join(TEST_DATA, 'crds', file)]);
    const after = await kubectl(['get', 'customresourcedefinitions', '-o', 'name']);
    made = after.split('\n').filter((name) => name !== '' && !before.includes(name));
    await established();
  });

  afterAll(async () => {
    for (const name of made) await kubectl(['delete', name]);
    await dropNamespaces();
  });

  test('the definitions are strict enough to refuse a field that is none', async () => {
    const bad = `{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: x, namespace: ${NAMESPACE}}, spec: {encryptedData: {}, scop: x}}`;
    await expect(applyManifests(bad, '--dry-run=server')).rejects.toThrow('scop');
  });

  const sealed = (scope: SealedScope) =>
    S3Credentials.fromDelivery(SecretDelivery.sealed({ encryptedData: KEYS, scope, namespace: NAMESPACE }));
  const external = SecretDelivery.externalSecret({
    store: 'vault',
    data: { 'ca.crt': { key: 'thanos/ca', property: 'pem', version: '3' } },
  });
  const cases: [string, string, Parameters<typeof compactor>[0]][] = [
    ...Object.values(SealedScope).map(
      (scope) =>
        [
          'sealedsecret',
          `a SealedSecret of scope ${scope}`,
          () => ({ credentials: sealed(scope) }),
        ] as (typeof cases)[0],
    ),
    ['externalsecret', 'an ExternalSecret', () => ({ ca: S3Ca.fromDelivery(external) })],
    [
      'bundle',
      'a trust-manager Bundle',
      (chart) => ({
        ca: new TrustBundle(chart, 'Bundle', {
          ca: S3Ca.fromPem(caPem),
          secrets: [{ name: 'root' }],
          publicRoots: true,
          revision: '1',
        }),
      }),
    ],
    [
      'objectbucketclaim',
      'an ObjectBucketClaim',
      (chart) =>
        new ObjectBucketClaim(chart, 'Claim', { storageClassName: 'rook', additionalConfig: { maxSize: '2T' } }).claim,
    ],
    ['prometheusrule', 'the alerts of a known CA', () => ({ ca: S3Ca.fromPem(caPem) })],
    ['statefulset', "the cluster's own root CA", () => ({ ca: S3Ca.fromClusterRootCa() })],
  ];

  test.each(cases)('accepts a %s: %s', async (kind, _, make) => {
    expect(await applyManifests(compactor(make), '--dry-run=server')).toMatch(new RegExp(`^${kind}[./]`, 'm'));
  });
});
