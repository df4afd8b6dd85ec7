import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Compactor, FleetApp, S3Ca, S3Credentials, SealedScope, SecretDelivery, ThanosStack } from '../../src';
import { App, Chart } from 'cdk8s';
import { container, find, type Json, render } from '../render';
import { bucket } from '../fixtures/objstore';

/** As long as the shortest that kubeseal makes. */
const CIPHERTEXT = Buffer.alloc(300, 7).toString('base64');
const KEYS = { AWS_ACCESS_KEY_ID: CIPHERTEXT, AWS_SECRET_ACCESS_KEY: CIPHERTEXT };

function sealedKeys(over: Partial<Parameters<typeof SecretDelivery.sealed>[0]> = {}): S3Credentials {
  return S3Credentials.fromDelivery(SecretDelivery.sealed({ encryptedData: KEYS, namespace: 'monitoring', ...over }));
}

function rendered(props: Parameters<typeof bucket>[0]): Json[] {
  const { chart, objstore } = bucket(props);
  new Compactor(chart, 'Compactor', { objstore });
  return render(chart);
}

describe('a sealed Secret', () => {
  test('gets the name that the pods read, and its scope as kubeseal writes it', () => {
    const objects = rendered({ credentials: sealedKeys({ scope: SealedScope.NAMESPACE_WIDE }) });
    const sealed = find(objects, 'SealedSecret');
    expect(sealed.metadata).toMatchObject({
      name: 'thanos-s3-credentials',
      namespace: 'monitoring',
      annotations: { 'sealedsecrets.bitnami.com/namespace-wide': 'true' },
    });
    expect(sealed.spec).toMatchObject({ encryptedData: KEYS, template: { type: 'Opaque', metadata: sealed.metadata } });
    const env = container(find(objects, 'StatefulSet')).env;
    expect(env[0].valueFrom.secretKeyRef).toEqual({ name: 'thanos-s3-credentials', key: 'AWS_ACCESS_KEY_ID' });
  });

  test('that was sealed for another name is rendered under that name, and the pods read that one', () => {
    const objects = rendered({ credentials: sealedKeys({ name: 'keys-of-ours' }) });
    expect(find(objects, 'SealedSecret').metadata.name).toBe('keys-of-ours');
    expect(container(find(objects, 'StatefulSet')).env[0].valueFrom.secretKeyRef.name).toBe('keys-of-ours');
  });

  test('that was sealed for another namespace is refused', () => {
    expect(() => rendered({ credentials: sealedKeys({ namespace: 'team-a' }) })).toThrow(
      /test\/Objstore: credentials: was sealed for namespace team-a, but is rendered into monitoring/,
    );
  });

  test('may come from another namespace when its scope is the cluster', () => {
    const credentials = sealedKeys({ namespace: 'team-a', scope: SealedScope.CLUSTER_WIDE });
    expect(find(rendered({ credentials }), 'SealedSecret').metadata.namespace).toBe('monitoring');
  });

  test('without the namespace that it was sealed for is refused', () => {
    expect(() => rendered({ credentials: sealedKeys({ namespace: undefined }) })).toThrow(/namespace is missing/);
  });

  test('with a plain value in place of ciphertext is refused, and the value is not repeated', () => {
    const plain = sealedKeys({ encryptedData: { ...KEYS, AWS_SECRET_ACCESS_KEY: 'minio123minio123' } });
    expect(() => rendered({ credentials: plain })).toThrow(/"AWS_SECRET_ACCESS_KEY" is not sealed/);
    expect(() => rendered({ credentials: plain })).not.toThrow(/minio123/);
  });

  test('that lacks a key which the pods read is refused', () => {
    const half = sealedKeys({ encryptedData: { AWS_ACCESS_KEY_ID: CIPHERTEXT } });
    expect(() => rendered({ credentials: half })).toThrow(/read "AWS_SECRET_ACCESS_KEY" too/);
  });

  test('rolls the granted pods when its ciphertext changes, and only then', () => {
    const sum = (data: Record<string, string>) =>
      bucket({ credentials: sealedKeys({ encryptedData: data }) }).objstore.checksum;
    expect(sum(KEYS)).toBe(sum({ ...KEYS }));
    expect(sum(KEYS)).not.toBe(sum({ ...KEYS, AWS_ACCESS_KEY_ID: Buffer.alloc(300, 8).toString('base64') }));
  });

  test('is read from the manifest that kubeseal writes', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'sealed-')), 'ca.yaml');
    const metadata = { name: 'ca-of-ours', namespace: 'monitoring' };
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'bitnami.com/v1alpha1',
        kind: 'SealedSecret',
        metadata,
        spec: { encryptedData: { 'ca.crt': CIPHERTEXT } },
      }),
    );
    const objects = rendered({ ca: S3Ca.fromDelivery(SecretDelivery.sealedManifest(file)) });
    expect(find(objects, 'SealedSecret').metadata.name).toBe('ca-of-ours');
    const volumes = find(objects, 'StatefulSet').spec.template.spec.volumes;
    expect(volumes.find((v: Json) => v.name === 's3-ca-cert').secret.secretName).toBe('ca-of-ours');
  });

  test.each<[string, new () => App]>([
    ['App', App],
    ['FleetApp', FleetApp],
  ])('keeps a value whose key is called __proto__ (%s)', (_, Make) => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'sealed-')), 'ca.yaml');
    const sealed = `{ ca.crt: ${CIPHERTEXT}, __proto__: ${CIPHERTEXT} }`;
    const metadata = '{ name: ca-of-ours, namespace: monitoring }';
    writeFileSync(
      file,
      `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: ${metadata}\nspec: { encryptedData: ${sealed} }\n`,
    );
    const app = new Make();
    const chart = new Chart(app, 'test');
    bucket({ ca: S3Ca.fromDelivery(SecretDelivery.sealedManifest(file)) }, chart);
    const written = parseAllDocuments(app.synthYaml()).map((document) => document.toJS());
    const { encryptedData } = find(written, 'SealedSecret').spec;
    expect(Object.entries(encryptedData)).toEqual([
      ['ca.crt', CIPHERTEXT],
      ['__proto__', CIPHERTEXT],
    ]);
  });

  test('from a file of another kind is refused', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'sealed-')), 'ca.yaml');
    writeFileSync(file, 'kind: Secret\n');
    expect(() => rendered({ ca: S3Ca.fromDelivery(SecretDelivery.sealedManifest(file)) })).toThrow(
      /test\/Objstore: ca: the file .* holds no SealedSecret but "Secret"/,
    );
  });
});

describe('an external Secret', () => {
  const data = { 'ca.crt': { key: 'thanos/ca', property: 'pem' } };

  test('names its store, the Secret and each key', () => {
    const ca = S3Ca.fromDelivery(SecretDelivery.externalSecret({ store: 'vault', data }));
    const external = find(rendered({ ca }), 'ExternalSecret');
    expect(external.metadata.name).toBe('thanos-s3-ca-cert');
    expect(external.spec).toMatchObject({
      secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' },
      target: { name: 'thanos-s3-ca-cert' },
      data: [{ secretKey: 'ca.crt', remoteRef: { key: 'thanos/ca', property: 'pem' } }],
    });
  });

  test('of a store in the namespace says so', () => {
    const ca = S3Ca.fromDelivery(SecretDelivery.externalSecret({ store: 'vault', namespacedStore: true, data }));
    expect(find(rendered({ ca }), 'ExternalSecret').spec.secretStoreRef.kind).toBe('SecretStore');
  });

  test('whose Secret something else uses breaks the CA boundary', () => {
    const app = new App();
    const ca = S3Ca.fromDelivery(SecretDelivery.externalSecret({ store: 'vault', data }));
    new ThanosStack(app, 'thanos', {
      objstore: { bucket: 'thanos', endpoint: 's3.example.com', ca, credentials: S3Credentials.anonymous() },
      compactor: {},
      query: { volumes: [{ name: 'x', secret: { secretName: 'thanos-s3-ca-cert' } }] },
    });
    expect(() => app.synthYaml()).toThrow(/thanos\/Query\/Resource: .*uses the CA \(Secret thanos-s3-ca-cert\)/);
  });
});
