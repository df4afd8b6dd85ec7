import { App, Chart } from 'cdk8s';
import { ObjstoreConfig, S3Ca, S3CaSecret } from '../../src';
import { bucket, message } from '../fixtures/bucket';
import { CA_BUNDLE, ECDSA_CA, SECOND_CA, certificatePath } from '../fixtures/certificates';
import { chart, find, render } from '../render';

const ca = S3Ca.fromPem(ECDSA_CA);

test('the Secret is Opaque, labelled, and holds the certificates alone', () => {
  const scope = chart();
  new S3CaSecret(scope, 'Ca', { ca: S3Ca.fromPem(`junk\n${CA_BUNDLE}${ECDSA_CA}`) });
  expect(render(scope)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'thanos-s3-ca-cert',
        namespace: 'monitoring',
        labels: { 'app.kubernetes.io/name': 'thanos', 'app.kubernetes.io/instance': 'thanos' },
      },
      type: 'Opaque',
      data: { 'ca.crt': Buffer.from(CA_BUNDLE).toString('base64') },
    },
  ]);
});

test('name, namespace and key can be set', () => {
  const scope = chart();
  const secret = new S3CaSecret(scope, 'Ca', { ca, instance: 'eu', namespace: 'metrics', key: 'root.pem' });
  expect(find(render(scope), 'Secret', 'eu-s3-ca-cert')).toMatchObject({
    metadata: { namespace: 'metrics', labels: { 'app.kubernetes.io/instance': 'eu' } },
    data: { 'root.pem': Buffer.from(ECDSA_CA).toString('base64') },
  });
  expect(secret.caSource).toMatchObject({
    secretName: 'eu-s3-ca-cert',
    key: 'root.pem',
    pem: ECDSA_CA,
    exclusive: true,
  });
});

test("the namespace is the chart's where it has one", () => {
  const scope = new Chart(new App(), 'test', { namespace: 'team' });
  expect(new S3CaSecret(scope, 'Ca', { ca }).namespace).toBe('team');
});

test('text and file make the same Secret', () => {
  const data = (source: S3Ca) => new S3CaSecret(chart(), 'Ca', { ca: source }).secret.toJson().data;
  expect(data(S3Ca.fromFile(certificatePath('ecdsa-ca')))).toEqual(data(S3Ca.fromPem(ECDSA_CA)));
});

test('the key reaches the mount, which always shows ca.crt', () => {
  const scope = chart();
  const config = new ObjstoreConfig(
    scope,
    'Bucket',
    bucket({ ca: new S3CaSecret(scope, 'Ca', { ca, key: 'root.pem' }) }),
  );
  expect(config._grant.volumes[1]).toEqual({
    name: 's3-ca-cert',
    secret: { secretName: 'thanos-s3-ca-cert', defaultMode: 0o440, items: [{ key: 'root.pem', path: 'ca.crt' }] },
  });
});

test.each([
  [{ ca: S3Ca.fromSecretName('corp-ca') }, 'ca: is not text: there is nothing to make a Secret of'],
  [{ ca: S3Ca.fromConfigMapName('corp-ca') }, 'ca: is not text'],
  [{}, 'ca: is missing. Give S3Ca.fromFile("ca.crt")'],
  [{ ca: ECDSA_CA }, 'ca: is a text, not a CA'],
  [{ ca, key: 'a/b' }, 'key: "a/b" is not a key'],
  [{ ca, instance: 'A' }, 'instance: "A" is not a DNS label'],
  [{ ca, instance: 'x'.repeat(64) }, 'instance: "xxx'],
  [{ ca, namespace: 'a b' }, 'namespace: "a b" is not a DNS label'],
  [{ ca, name: 'x' }, 'props: has no field "name"'],
  [undefined, 'props: is missing'],
])('%p is refused', (props, text) => {
  expect(message(() => new S3CaSecret(chart(), 'Ca', props as never))).toContain(`cdk8s-thanos: test/Ca: ${text}`);
});

test('one Secret serves two buckets of its namespace', () => {
  const scope = chart();
  const shared = new S3CaSecret(scope, 'Ca', { ca });
  new ObjstoreConfig(scope, 'A', bucket({ ca: shared, instance: 'a' }));
  new ObjstoreConfig(scope, 'B', bucket({ ca: shared, instance: 'b' }));
  expect(render(scope).map((o) => `${o.kind}/${o.metadata.name}`)).toEqual([
    'Secret/thanos-s3-ca-cert',
    'ConfigMap/a-objstore-config',
    'ConfigMap/b-objstore-config',
  ]);
});

test('a Secret of another namespace is refused: no pod could mount it', () => {
  const scope = chart();
  const elsewhere = new S3CaSecret(scope, 'Ca', { ca, namespace: 'other' });
  expect(message(() => new ObjstoreConfig(scope, 'Bucket', bucket({ ca: elsewhere })))).toContain(
    'cdk8s-thanos: test/Bucket: ca: lies in namespace other, but the pods are in monitoring',
  );
});

test('each root of a bundle counts: order is kept, so a swap is a change', () => {
  const sum = (pem: string) => new ObjstoreConfig(chart(), 'Bucket', bucket({ ca: S3Ca.fromPem(pem) })).checksum;
  expect(sum(ECDSA_CA + SECOND_CA)).not.toBe(sum(SECOND_CA + ECDSA_CA));
  expect(sum(ECDSA_CA + SECOND_CA)).not.toBe(sum(ECDSA_CA));
  expect(sum(`text\r\n${CA_BUNDLE.replaceAll('\n', '\r\n')}${SECOND_CA}`)).toBe(sum(CA_BUNDLE));
});
