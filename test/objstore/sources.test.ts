import { App } from 'cdk8s';
import { Compactor, ObjectBucketClaim, S3BucketClaim, S3Ca, S3Credentials, ThanosStack, TrustBundle } from '../../src';
import { CA_BUNDLE, ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import { chart, container, find, type Json, render } from '../render';
import { bucket } from '../fixtures/objstore';

describe('a trust-manager bundle', () => {
  function bundled(props: ConstructorParameters<typeof TrustBundle>[2]): { objects: Json[]; checksum: string } {
    const scope = chart();
    const { objstore } = bucket({ ca: new TrustBundle(scope, 'Bundle', props) }, scope);
    return { objects: render(scope), checksum: objstore.checksum };
  }

  test('is cluster-scoped and writes its ConfigMap into the namespace of the pods', () => {
    const bundle = find(bundled({ ca: S3Ca.fromPem(ECDSA_CA), secrets: [{ name: 'root' }] }).objects, 'Bundle');
    expect(bundle.metadata.namespace).toBeUndefined();
    expect(bundle.spec).toEqual({
      sources: [{ inLine: ECDSA_CA }, { secret: { name: 'root', key: 'ca.crt' } }],
      target: {
        configMap: { key: 'ca.crt' },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
      },
    });
  });

  test('is mounted as a ConfigMap, and a changed text or revision rolls the pods', () => {
    const { chart: scope } = bucket();
    const ca = new TrustBundle(scope, 'Bundle', { ca: S3Ca.fromPem(ECDSA_CA) });
    expect(ca.caSource).toMatchObject({ configMapName: 'thanos-s3-ca', key: 'ca.crt' });
    const first = bundled({ ca: S3Ca.fromPem(ECDSA_CA) }).checksum;
    expect(bundled({ ca: S3Ca.fromPem(ECDSA_CA) }).checksum).toBe(first);
    expect(bundled({ ca: S3Ca.fromPem(CA_BUNDLE) }).checksum).not.toBe(first);
    expect(bundled({ secrets: [{ name: 'root' }], revision: '1' }).checksum).not.toBe(
      bundled({ secrets: [{ name: 'root' }], revision: '2' }).checksum,
    );
  });

  test('without a source is refused', () => {
    expect(() => bundled({})).toThrow(/test\/Bundle: ca: is missing/);
  });

  test.each<[object, string]>([
    [{ secret: [{ name: 'root' }] }, 'props: has no field "secret"; did you mean "secrets"?'],
    [{ secrets: 'root' }, 'secrets: is "root", not a list'],
    [{ secrets: [{ key: 'ca.crt' }] }, 'secrets: [0]: name: is missing. Give the name of the Secret'],
    [{ publicRoots: 'false' }, 'publicRoots: is "false"; it must be true or false'],
    [{ ca: S3Ca.fromPem(ECDSA_CA, { allowLeaf: 'false' as never }) }, 'ca: allowLeaf: is "false"; it must be true or'],
    [{ ca: S3Ca.fromSecretName('a') }, 'ca: is a reference; give text or a file, or name the Secret in secrets'],
    [{ ca: 'pem' }, 'ca: is a text, not a CA'],
    [{ publicRoots: true, instance: 'A' }, 'instance: "A" is not a DNS label'],
  ])('%p is refused', (props, message) => {
    expect(() => bundled(props)).toThrow(`cdk8s-thanos: test/Bundle: ${message}`);
  });

  test('adds the public roots when asked', () => {
    const bundle = find(bundled({ ca: S3Ca.fromPem(SECOND_CA), publicRoots: true }).objects, 'Bundle');
    expect(bundle.spec.sources[1]).toEqual({ useDefaultCAs: true });
  });
});

test("the cluster's own root CA is the ConfigMap that every namespace has", () => {
  expect(S3Ca.fromClusterRootCa().caSource).toMatchObject({ configMapName: 'kube-root-ca.crt', key: 'ca.crt' });
});

test("cert-manager's Secret is accepted with the warning that it deserves", () => {
  const app = new App();
  const ca = S3Ca.fromCertManagerSecretName('minio-tls');
  const objstore = { bucket: 'thanos', endpoint: 's3.example.com', ca, credentials: S3Credentials.anonymous() };
  new ThanosStack(app, 'thanos', { objstore, compactor: {} });
  const written: string[] = [];
  const spy = jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(written.push(String(text))));
  try {
    app.synthYaml();
  } finally {
    spy.mockRestore();
  }
  expect(written.join('')).toMatch(/thanos\/Objstore: ca: cert-manager replaces ca\.crt at once/);
});

describe('an object bucket claim', () => {
  const claim = S3BucketClaim.fromName('thanos-bucket');

  test('gives bucket and endpoint as variables that Thanos fills, and the keys', () => {
    const { bucket: name, endpoint, credentials } = claim;
    const { chart: scope, objstore } = bucket({ bucket: name, endpoint, credentials });
    new Compactor(scope, 'Compactor', { objstore });
    expect(objstore.yaml).toContain('bucket: "$(BUCKET_NAME)"');
    expect(objstore.yaml).toContain('endpoint: "$(BUCKET_HOST):$(BUCKET_PORT)"');
    const env = container(find(render(scope), 'StatefulSet')).env;
    expect(env).toContainEqual({
      name: 'BUCKET_HOST',
      valueFrom: { configMapKeyRef: { name: 'thanos-bucket', key: 'BUCKET_HOST' } },
    });
    expect(env).toContainEqual({
      name: 'AWS_ACCESS_KEY_ID',
      valueFrom: { secretKeyRef: { name: 'thanos-bucket', key: 'AWS_ACCESS_KEY_ID' } },
    });
  });

  test('must be given whole', () => {
    expect(() => bucket({ endpoint: claim.endpoint })).toThrow(
      /test\/Objstore: bucket: is an S3BucketClaim's, but not all/,
    );
    expect(() => bucket({ bucket: claim.bucket, endpoint: claim.endpoint })).toThrow(/Give all three of the claim/);
  });

  test('can be made here', () => {
    const scope = chart();
    const made = new ObjectBucketClaim(scope, 'Claim', { storageClassName: 'rook-ceph-bucket' });
    expect(find(render(scope), 'ObjectBucketClaim').spec).toEqual({
      storageClassName: 'rook-ceph-bucket',
      generateBucketName: 'thanos-bucket',
    });
    expect(made.claim.credentials._source()).toMatchObject({ secretName: 'thanos-bucket' });
  });

  test.each<[object | undefined, string]>([
    [{ storageClass: 'a' }, 'props: has no field "storageClass"'],
    [{}, 'storageClassName: is missing. Give the storage class of the object store'],
    [{ storageClassName: 'a', additionalConfig: { maxSize: 3 } }, 'additionalConfig: "maxSize": is a number'],
    [undefined, 'props: is missing, not an object with fields'],
  ])('%p is refused', (props, message) => {
    expect(() => new ObjectBucketClaim(chart(), 'Claim', props as never)).toThrow(
      `cdk8s-thanos: test/Claim: ${message}`,
    );
  });

  test("a user's own $(BUCKET_NAME) stays text", () => {
    expect(bucket({ prefix: '$(BUCKET_NAME)' }).objstore.yaml).toContain('prefix: "\\x24(BUCKET_NAME)"');
  });
});
