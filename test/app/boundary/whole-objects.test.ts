import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import {
  Compactor,
  ObjstoreConfig,
  Preflight,
  Query,
  S3Ca,
  S3CaSecret,
  S3ClientCertificate,
  S3Credentials,
  SecretDelivery,
  StoreGateway,
  TrustBundle,
} from '../../../src';
import { bucket } from '../../fixtures/bucket';
import { ECDSA_CA, SECOND_CA } from '../../fixtures/certificates';
import { deployment, podSpec } from '../../fixtures/workloads';
import type { Json } from '../../render';
import { guardedChart, problems } from './boundary';

/** A store gateway that reads the guarded bucket. */
function granted(options: Record<string, unknown> = {}): ReturnType<typeof guardedChart> & { store: StoreGateway } {
  const made = guardedChart(options);
  return { ...made, store: new StoreGateway(made.scope, 'Store', { objstore: made.config }) };
}

const encoded = (text: string): string => Buffer.from(text).toString('base64');

describe('a patch on what the granted pods read', () => {
  const external = {
    credentials: S3Credentials.fromDelivery(
      SecretDelivery.externalSecret({
        store: 'vault',
        data: { 'access-key': { key: 'k' }, 'secret-key': { key: 'k' } },
      }),
      { accessKeyKey: 'access-key', secretKeyKey: 'secret-key' },
    ),
  };
  const of = (id: string) => (config: ObjstoreConfig) =>
    config.node.findAll().find((c): c is ApiObject => ApiObject.isApiObject(c) && c.node.path.endsWith(id))!;
  const ca = (config: ObjstoreConfig) => config.caSecret!.secret;

  test.each<[string, (config: ObjstoreConfig) => ApiObject, JsonPatch, string, object?]>([
    ['CA removed', ca, JsonPatch.remove('/data/ca.crt'), 'data["ca.crt"]: lost the CA by a patch'],
    ['other CA', ca, JsonPatch.replace('/data/ca.crt', encoded(SECOND_CA)), 'is no longer the CA that was checked'],
    ['CA hidden', ca, JsonPatch.add('/stringData', { 'ca.crt': 'x' }), 'is no longer the CA that was checked'],
    [
      'private key',
      ca,
      JsonPatch.add('/data/tls.key', encoded('-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----')),
      'data["tls.key"]: is a private key by a patch',
    ],
    [
      'CA renamed',
      ca,
      JsonPatch.replace('/metadata/name', 'x'),
      'metadata.name: is x by a patch, but the granted pods',
    ],
    ['CA moved', ca, JsonPatch.replace('/metadata/namespace', 'x'), 'metadata.namespace: is x by a patch'],
    ['CA as ConfigMap', ca, JsonPatch.replace('/kind', 'ConfigMap'), 'kind: is ConfigMap by a patch'],
    ['config renamed', (c) => c.configMap, JsonPatch.replace('/metadata/name', 'x'), 'metadata.name: is x by a patch'],
    ['config gone', (c) => c.configMap, JsonPatch.remove('/data/objstore.yml'), 'lost the objstore config by a patch'],
    ['delivery renamed', of('Delivery'), JsonPatch.replace('/metadata/name', 'x'), 'is x by a patch', external],
    ['target renamed', of('Delivery'), JsonPatch.replace('/spec/target/name', 'x'), 'spec.target.name: is x', external],
  ])('is refused: %s', (_, object, patch, text, options = {}) => {
    const { scope, config } = granted(options as Record<string, unknown>);
    expect(problems(scope)).toEqual([]);
    object(config).addJsonPatch(patch);
    expect(problems(scope)).toEqual([expect.stringContaining(text)]);
  });

  test("labels, annotations and immutability are the user's", () => {
    const { scope, config } = granted();
    for (const object of [config.configMap, config.caSecret!.secret])
      object.addJsonPatch(JsonPatch.add('/immutable', true), JsonPatch.add('/metadata/annotations', { a: 'b' }));
    expect(problems(scope)).toEqual([]);
  });
});

describe('removed constructs', () => {
  test('a removed CA under its pods is refused, and its pods gone too it is not', () => {
    const { scope, config } = granted();
    config.node.tryRemoveChild('Ca');
    expect(problems(scope)).toEqual([
      expect.stringContaining('test/Store/Resource: objstore: mounts the CA from Secret'),
    ]);
    scope.node.tryRemoveChild('Store');
    expect(problems(scope)).toEqual([]);
  });

  test('a removed bucket under its pods is refused', () => {
    const { scope } = granted();
    scope.node.tryRemoveChild('Bucket');
    expect(problems(scope)).toEqual([
      expect.stringContaining('test/Store/Resource: objstore: mounts the CA from Secret'),
      expect.stringContaining('test/Store/Resource: objstore: mounts the objstore config from ConfigMap'),
    ]);
  });

  test('a removed compactor is not the first of two', () => {
    const { scope, config } = guardedChart();
    new Compactor(scope, 'A', { objstore: config });
    expect(problems(scope)).toEqual([]);
    scope.node.tryRemoveChild('A');
    new Compactor(scope, 'B', { objstore: config });
    expect(problems(scope)).toEqual([]);
  });

  test('a removed bucket guards nothing', () => {
    const { scope } = guardedChart();
    const workload = deployment(
      scope,
      podSpec({ volumes: [{ name: 'x', secret: { secretName: 'thanos-s3-ca-cert' } }] }),
    );
    expect(problems(scope)).toHaveLength(1);
    scope.node.tryRemoveChild('Bucket');
    expect(problems(scope)).toEqual([]);
    expect(workload.name).toBe('app');
  });
});

describe('constructs of another App', () => {
  const elsewhere = (): Chart => new Chart(new App(), 'elsewhere');
  const theirs = (): ObjstoreConfig => new ObjstoreConfig(elsewhere(), 'Bucket', bucket());
  const text = 'belongs to another App';

  test.each<[string, (scope: Chart) => unknown]>([
    ['a bucket', (scope) => new StoreGateway(scope, 'Store', { objstore: theirs() })],
    ['a bucket of a preflight', (scope) => new Preflight(scope, 'Preflight', { objstore: theirs() })],
    [
      'a CA',
      (scope) => {
        const ca = new S3CaSecret(elsewhere(), 'Ca', { ca: S3Ca.fromPem(ECDSA_CA) });
        return new ObjstoreConfig(scope, 'Other', bucket({ ca }));
      },
    ],
    [
      'a bundle',
      (scope) => {
        const ca = new TrustBundle(elsewhere(), 'Ca', { ca: S3Ca.fromPem(ECDSA_CA) });
        return new ObjstoreConfig(scope, 'Other', bucket({ ca }));
      },
    ],
    ['a workload', (scope) => new ObjstoreConfig(scope, 'Other', bucket()).grantTo(deployment(elsewhere()))],
    ['a sharer', (scope) => new ObjstoreConfig(scope, 'Other', bucket()).share(deployment(elsewhere()), 'it may')],
  ])('%s is refused', (_, make) => {
    expect(() => make(new Chart(new App(), 'test'))).toThrow(text);
  });
});

describe('names as they are written', () => {
  const volume = (name: string): Json => podSpec({ volumes: [{ name: 'x', configMap: { name } }] });
  const copy = (scope: Chart, data: Json, name = 'copy'): ApiObject =>
    new ApiObject(scope, 'Copy', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'monitoring' },
      ...data,
    });

  test('a copy of the CA that a patch renames is a copy', () => {
    const { scope } = guardedChart();
    copy(scope, { data: { ca: ECDSA_CA } }, 'first').addJsonPatch(JsonPatch.replace('/metadata/name', 'copy'));
    deployment(scope, volume('copy'));
    expect(problems(scope)).toEqual([expect.stringContaining('uses ConfigMap copy, a copy of the CA')]);
  });

  test('so is one in a List', () => {
    const { scope } = guardedChart();
    const item = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'copy' }, data: { ca: ECDSA_CA } };
    new ApiObject(scope, 'List', { apiVersion: 'v1', kind: 'List', items: [item] });
    deployment(scope, volume('copy'));
    expect(problems(scope)).toEqual([expect.stringContaining('uses ConfigMap copy, a copy of the CA')]);
  });

  test.each<[string, (config: ObjstoreConfig) => Json]>([
    ['base64 as text', () => ({ data: { ca: encoded(ECDSA_CA) } })],
    ['binaryData', () => ({ binaryData: { ca: encoded(ECDSA_CA) } })],
    ['objstore.yml', ({ yaml }) => ({ data: { 'o.yml': `${yaml}\n` } })],
  ])('%s is a copy', (_, data) => {
    const { scope, config } = guardedChart();
    copy(scope, data(config));
    deployment(scope, volume('copy'));
    expect(problems(scope)).toEqual([expect.stringContaining('uses ConfigMap copy, a copy of the')]);
  });

  test('literal keys in another object are a copy', () => {
    const { scope } = guardedChart({
      credentials: S3Credentials.unsafePlainText({ accessKey: 'thanos-user', secretKey: 'not-so-secret-key' }),
    });
    copy(scope, { data: { password: 'not-so-secret-key' } });
    deployment(scope, volume('copy'));
    expect(problems(scope)).toEqual([expect.stringContaining('uses ConfigMap copy, a copy of the S3 keys')]);
  });

  test('a ConfigMap that a patch makes a Pod is one', () => {
    const { scope } = guardedChart();
    const spec = podSpec({ volumes: [{ name: 'x', secret: { secretName: 'thanos-s3-ca-cert' } }] });
    copy(scope, {}).addJsonPatch(JsonPatch.replace('/kind', 'Pod'), JsonPatch.add('/spec', spec));
    expect(problems(scope)).toEqual([expect.stringContaining('uses the CA')]);
  });
});

describe('what is written into a pod itself', () => {
  test.each<[string, Json]>([
    ['an env', { containers: [{ name: 'app', env: [{ name: 'CA', value: ECDSA_CA }] }] }],
    ['an argument', { containers: [{ name: 'app', args: [`--ca=${ECDSA_CA}`] }] }],
    ['base64', { containers: [{ name: 'app', env: [{ name: 'CA', value: encoded(ECDSA_CA) }] }] }],
    ['line ends written out', { containers: [{ name: 'app', args: [ECDSA_CA.replaceAll('\n', '\\n')] }] }],
  ])('the CA in %s is refused', (_, spec) => {
    const { scope, config } = guardedChart();
    const workload = deployment(scope, spec);
    expect(problems(scope)).toEqual([expect.stringMatching(/test\/App: spec\.template.*: holds the CA of Secret/)]);
    config.share(workload, 'its own client checks the server');
    expect(problems(scope)).toEqual([]);
  });

  test('the CA in an annotation of a Query is refused', () => {
    const { scope } = guardedChart();
    new Query(scope, 'Query', { endpoints: ['a:1'], podAnnotations: { ca: ECDSA_CA } });
    expect(problems(scope)).toEqual([
      expect.stringContaining('annotations.ca: holds the CA of Secret thanos-s3-ca-cert'),
    ]);
  });
});

describe('a granted pod', () => {
  test('that a patch moves to another namespace is refused', () => {
    const { scope, store } = granted();
    store.workload.addJsonPatch(JsonPatch.replace('/metadata/namespace', 'x'));
    expect(problems(scope)).toEqual(
      expect.arrayContaining([expect.stringContaining('metadata.namespace: is x by a patch, but config, CA and keys')]),
    );
  });

  test('with a second container of the granted name is refused', () => {
    const { scope, store } = granted();
    store.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/initContainers', [{ name: 'store', image: 'a:1' }]));
    expect(problems(scope)[0]).toContain('initContainers[0].name: store is the name of');
  });
});

test('a Service that others call by its name keeps it', () => {
  const { scope, store } = granted();
  store.service.addJsonPatch(JsonPatch.replace('/metadata/name', 'x'));
  expect(problems(scope)).toEqual([
    expect.stringContaining('test/Store/Service: metadata.name: is x by a patch, but others call it thanos-store in'),
  ]);
});

test('a Bundle is cluster-scoped: one name in two namespaces is one object', () => {
  const { scope } = guardedChart();
  for (const namespace of ['a', 'b']) new TrustBundle(scope, namespace, { ca: S3Ca.fromPem(ECDSA_CA), namespace });
  expect(problems(scope)).toEqual([
    expect.stringContaining(
      'test/b: name: Bundle thanos-s3-ca exists already at test/a. Give one of the two another name',
    ),
  ]);
});

describe('keys that hold something else', () => {
  test.each<[string, () => unknown, string]>([
    [
      'the CA at the key of the credentials',
      () =>
        bucket({
          credentials: S3Credentials.fromSecretName('s3', { secretKeyKey: 'pass' }),
          ca: S3Ca.fromSecretName('s3', { key: 'pass' }),
        }),
      'ca: key "pass" of Secret s3 holds the keys',
    ],
    [
      'swapped client certificate',
      () =>
        bucket({
          clientCertificate: S3ClientCertificate.fromSecretName('c', {
            certificateKey: 'tls.key',
            privateKeyKey: 'tls.crt',
          }),
        }),
      'certificateKey',
    ],
  ])('%s', (_, options, text) => {
    const scope = new Chart(new App(), 'test');
    expect(() => new ObjstoreConfig(scope, 'Bucket', options() as never)).toThrow(text);
  });

  test('a private key as the source of a bundle', () => {
    const scope = new Chart(new App(), 'test');
    expect(() => new TrustBundle(scope, 'Bundle', { secrets: [{ name: 'root', key: 'tls.key' }] })).toThrow(
      'secrets: [0]: key: key "tls.key" names a private key',
    );
  });
});
