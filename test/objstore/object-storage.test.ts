import { ApiObject, App } from 'cdk8s';
import {
  GrantTable,
  ObjectStorage,
  ObjstoreConfig,
  OciProvider,
  Query,
  S3Ca,
  S3Credentials,
  ThanosStack,
} from '../../src';
import { ECDSA_CA } from '../fixtures/certificates';
import { chart, find, type Json, render } from '../render';
import { everyStore, value } from './stores';

const EVERYTHING = {
  receiver: {},
  compactor: {},
  storeGateway: {},
  ruler: {},
  query: {},
  preflight: {},
  preflightInit: true,
};

/** A stack on a store, and what stands beside it in the app. */
function stackOf(
  objectStorage: ObjectStorage,
  beside: Json[] = [],
): { app: App; objects: () => Json[]; stack: ThanosStack } {
  const app = new App();
  const stack = new ThanosStack(app, 'thanos', { objectStorage, ...EVERYTHING });
  beside.forEach((json, i) => new ApiObject(stack, `beside-${i}`, json as any));
  return { app, stack, objects: () => render(stack) };
}

test.each(Object.entries(everyStore(S3Ca.fromPem(ECDSA_CA))).filter(([name]) => !/^(oss|bos|oci)/.test(name)))(
  '%s: config, CA and keys reach exactly the pods that open the bucket',
  (_, storage) => {
    const { app, stack, objects } = stackOf(storage);
    objects();
    expect(stack.objstore!.yaml).toContain('ca_file: "/etc/thanos/certs/ca.crt"');
    expect(stack.objstore!.yaml).toContain('max_idle_conns: 7');
    const granted = GrantTable.of(app).rows.filter(({ caPath }) => caPath !== undefined);
    expect(granted.length).toBe(5);
    for (const { keys } of granted) expect(keys).toMatch(/^(env|file) from Secret\/store-keys$/);
  },
);

test('no store’s manifests hold a value of a Secret, and a Query has nothing of it', () => {
  for (const storage of Object.values(everyStore())) {
    const query = JSON.stringify(find(stackOf(storage).objects(), 'Deployment', 'thanos-query'));
    expect(query).not.toMatch(/store-keys|objstore/);
  }
});

test('an identity of the cloud’s is a ServiceAccount, and nothing is mounted for it', () => {
  const storage = ObjectStorage.gcs({ bucket: 'thanos', serviceAccountName: 'thanos-gcs' });
  const { spec } = find(stackOf(storage).objects(), 'StatefulSet', 'thanos-store').spec.template;
  expect(spec.serviceAccountName).toBe('thanos-gcs');
  expect(spec.volumes.map(({ name }: Json) => name)).toEqual(['preflight-config', 'objstore-config']);
});

test('S3 as an ObjectStorage is S3', () => {
  const options = { bucket: 'thanos', endpoint: 's3.example.com', credentials: S3Credentials.fromSecretName('keys') };
  const [a, b] = [chart(), chart()];
  const direct = new ObjstoreConfig(a, 'objstore', options);
  expect(ObjstoreConfig.fromStorage(b, 'objstore', ObjectStorage.s3(options)).yaml).toBe(direct.yaml);
  expect(render(b)).toEqual(render(a));
});

test('a volume is mounted for writing in the pods that open the bucket, and preflights list a folder of it', () => {
  const objects = stackOf(ObjectStorage.filesystem({ claimName: 'blocks' })).objects();
  const { spec } = find(objects, 'StatefulSet', 'thanos-store').spec.template;
  expect(spec.volumes).toContainEqual({ name: 'objstore-volume', persistentVolumeClaim: { claimName: 'blocks' } });
  expect(spec.containers[0].volumeMounts).toContainEqual({ name: 'objstore-volume', mountPath: '/var/thanos/bucket' });
  expect(JSON.stringify(find(objects, 'Deployment', 'thanos-query'))).not.toContain('blocks');
});

describe('an objstore.yml of the user’s', () => {
  const secret = (text: string, key = 'objstore.yml'): Json => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'own', namespace: 'monitoring' },
    stringData: { [key]: text },
  });
  const yaml = (ca?: string): string =>
    `type: S3\nconfig:\n  bucket: b\n  endpoint: s3.example.com\n${ca ? `  http_config: { tls_config: { ca_file: ${ca} } }\n` : ''}`;
  const PATH = '/etc/thanos/certs/ca.crt';
  const ca = S3Ca.fromPem(ECDSA_CA);

  test('is mounted where a made one would be, in granted pods and the preflight alone', () => {
    const { app, objects, stack } = stackOf(ObjectStorage.fromSecretName('own', { key: 'thanos.yaml', ca }));
    const all = objects();
    const config = {
      name: 'objstore-config',
      secret: { secretName: 'own', defaultMode: 0o440, items: [{ key: 'thanos.yaml', path: 'objstore.yml' }] },
    };
    for (const name of ['thanos-store', 'thanos-receiver', 'thanos-compactor', 'thanos-ruler'])
      expect(find(all, 'StatefulSet', name).spec.template.spec.volumes).toContainEqual(config);
    const preflight = find(all, 'Job').spec.template.spec;
    expect(preflight.volumes).toContainEqual(config);
    // it has no folder of its own to write in
    expect(JSON.stringify(preflight)).not.toContain('mark');
    expect(JSON.stringify(find(all, 'Deployment', 'thanos-query'))).not.toContain('own');
    expect(all.some(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'thanos-objstore-config')).toBe(
      false,
    );
    expect(GrantTable.of(app).rows.filter(({ keys }) => keys === 'in Secret/own')).toHaveLength(5);
    expect(() => stack.objstore!.yaml).toThrow("yaml: is not this library's: objstore.yml lies in own, which exists");
    expect(() => stack.objstore!.configMap).toThrow("configMap: is not this library's");
  });

  test('rolls the pods when its revision changes', () => {
    const checksum = (revision: string): string =>
      stackOf(ObjectStorage.fromSecretName('own', { revision })).stack.objstore!.checksum;
    expect(checksum('1')).toBe(checksum('1'));
    expect(checksum('1')).not.toBe(checksum('2'));
  });

  test('that another pod mounts is a leak', () => {
    const { objects, stack } = stackOf(ObjectStorage.fromSecretName('own'));
    new Query(stack, 'Other', {
      instance: 'other',
      endpoints: ['a:1'],
      volumes: [{ name: 'x', secret: { secretName: 'own' } }],
      volumeMounts: [{ name: 'x', mountPath: '/x' }],
    });
    expect(objects).toThrow(
      'thanos/Other/Resource: spec.template.spec.volumes[0].secret: uses the objstore config (Secret own)',
    );
  });

  test('in the app may name the CA that is mounted', () => {
    expect(stackOf(ObjectStorage.fromSecretName('own', { ca }), [secret(yaml(PATH))]).objects).not.toThrow();
    expect(stackOf(ObjectStorage.fromSecretName('own'), [secret(yaml())]).objects).not.toThrow();
  });

  test.each<[string, Json, object, string]>([
    [
      'no CA',
      secret(yaml()),
      { ca },
      `objectStorage: Secret own names no ca_file, but the CA lies at ${PATH}. Write that path`,
    ],
    ['another path', secret(yaml('/ca.pem')), { ca }, `Secret own names /ca.pem, but the CA lies at ${PATH}`],
    ['a CA where none is given', secret(yaml(PATH)), {}, `Secret own names the ca_file ${PATH}, but no ca is given`],
    [
      'nothing under the key',
      secret(yaml(), 'x'),
      {},
      'Secret own has no key objstore.yml. Give the key of objstore.yml',
    ],
  ])('in the app that names %s is refused', (_, object, options, message) => {
    expect(stackOf(ObjectStorage.fromSecretName('own', options), [object]).objects).toThrow(message);
  });
});

const gcs = { bucket: 'thanos' };
const azure = { storageAccount: 'a', container: 'c' };
const swift = { authUrl: 'https://k.example.com/v3', container: 'c' };
const cos = { bucket: 'b', secretId: value('id'), secretKey: value('key') };
const oci = { bucket: 'b', compartment: 'o', provider: OciProvider.INSTANCE_PRINCIPAL };

test.each<[string, () => ObjectStorage, string]>([
  [
    'a misspelt option',
    () => ObjectStorage.gcs({ ...gcs, bukket: 'x' } as any),
    'objectStorage: has no field "bukket"; did you mean "bucket"?',
  ],
  ['no bucket', () => ObjectStorage.gcs({} as any), 'Objstore: bucket: is missing'],
  [
    'a CA that gRPC does not use',
    () => ObjectStorage.gcs({ ...gcs, grpc: true, ca: S3Ca.fromPem(ECDSA_CA) }),
    'objectStorage: grpc: is true together with ca, which gRPC does not use',
  ],
  [
    'half a principal',
    () => ObjectStorage.azure({ ...azure, clientId: 'x' }),
    'objectStorage: clientId: is given without tenantId',
  ],
  [
    'two proofs',
    () => ObjectStorage.azure({ ...azure, accountKey: value('a'), userAssignedId: 'u' }),
    'userAssignedId: is given together with accountKey',
  ],
  [
    'a URL as host',
    () => ObjectStorage.azure({ ...azure, endpoint: 'https://user:pw@h/' }),
    'endpoint: is not a host. Write host or host:port',
  ],
  [
    'a user without a password',
    () => ObjectStorage.swift({ ...swift, username: 'u' }),
    'password: give username and password, or',
  ],
  ['nobody', () => ObjectStorage.swift(swift), 'password: give username and password, or'],
  [
    'a URL with keys',
    () => ObjectStorage.swift({ ...swift, authUrl: 'https://u:pw@k/' }),
    'authUrl: is not a plain URL',
  ],
  [
    'endpoint and region',
    () => ObjectStorage.cos({ ...cos, endpoint: 'https://e', region: 'r' }),
    'endpoint: give either endpoint, or region and appId',
  ],
  [
    'half a place',
    () => ObjectStorage.cos({ ...cos, region: 'r' }),
    'endpoint: give either endpoint, or region and appId',
  ],
  [
    'a key as a Secret’s name',
    () => ObjectStorage.cos({ ...cos, secretKey: 'wJalr' as any, region: 'r', appId: 'a' }),
    'secretKey: ',
  ],
  [
    'an API key in part',
    () => ObjectStorage.oci({ ...oci, provider: OciProvider.API_KEY, region: 'r' }),
    'tenancy: is missing, and provider default needs it',
  ],
  [
    'a key that nobody uses',
    () => ObjectStorage.oci({ ...oci, user: 'u' }),
    'user: has no effect with provider instance-principal',
  ],
  ['a name of a Secret', () => ObjectStorage.fromSecretName('No Name'), 'objectStorage: '],
  [
    'a variable',
    () => ObjectStorage.fromSecretName('own', { env: { 'A-B': value('x') } }),
    'env: "A-B" is not the name of a variable',
  ],
  [
    'a prefix',
    () =>
      ObjectStorage.oss({
        bucket: 'b',
        endpoint: 'e',
        accessKeyId: value('a'),
        accessKeySecret: value('b'),
        prefix: '/',
      }),
    'prefix: "/" names no folder',
  ],
])('%s is refused, and no secret is shown', (_, storage, message) => {
  const make = (): unknown => stackOf(storage());
  expect(make).toThrow(message);
  expect(make).not.toThrow(/wJalr|pw@/);
});

test('two forms of the bucket are refused', () => {
  const props = {
    objectStorage: ObjectStorage.gcs(gcs),
    objstore: { bucket: 'b', endpoint: 'e', credentials: S3Credentials.anonymous() },
    query: {},
  };
  expect(() => new ThanosStack(new App(), 'thanos', props)).toThrow(
    'objstore: is given together with objectStorage; give one of them',
  );
  expect(() => new ThanosStack(new App(), 'thanos', { objectStorage: {} as any })).toThrow(
    /objectStorage: is .* not an ObjectStorage/,
  );
});
