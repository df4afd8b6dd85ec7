import { App, Chart } from 'cdk8s';
import {
  Grafana,
  ObjstoreConfig,
  Query,
  QueryFrontend,
  Ruler,
  S3Ca,
  S3Credentials,
  SecretDelivery,
  StoreGateway,
} from '../../src';
import { bucket } from '../fixtures/bucket';

/** Values that plain JavaScript hands over, and what is said of them instead of a TypeError. */
const any = (value: unknown) => value as never;
const scope = () => new Chart(new App(), 'test');
const external = (options: unknown) => S3Ca.fromDelivery(SecretDelivery.externalSecret(any(options)));
const sealed = (options: unknown) => S3Ca.fromDelivery(SecretDelivery.sealed(any(options)));
const own = (source: object) => ({ caSource: { key: 'ca.crt', exclusive: false, ...source } });

test.each<[string, object, string]>([
  ['no delivery of the CA', { ca: S3Ca.fromDelivery(any(null)) }, 'ca: is null, not a SecretDelivery'],
  [
    'no delivery of the keys',
    { credentials: S3Credentials.fromDelivery(any(null)) },
    'credentials: is null, not a Secret',
  ],
  ['nothing sealed', { ca: sealed(null) }, 'ca: is null, not an object with fields'],
  ['nothing external', { ca: external(null) }, 'ca: is null, not an object with fields'],
  ['a misspelt field', { ca: sealed({ encryptedDatas: {} }) }, 'has no field "encryptedDatas"; did you mean'],
  ['a list of ciphertext', { ca: sealed({ encryptedData: ['a'] }) }, 'ca: encryptedData: is a list, not an object'],
  [
    'a remote key that is a function',
    { ca: external({ store: 's', data: { a: () => 1 } }) },
    'data: "a": is a function',
  ],
  [
    'a remote key that is a symbol',
    { ca: external({ store: 's', data: { a: { key: Symbol('x') } } }) },
    'is Symbol(x)',
  ],
  ['a switch as text', { ca: external({ store: 's', namespacedStore: 'no', data: {} }) }, 'namespacedStore: is "no"'],
  ['no store', { ca: external({ data: { a: { key: 'b' } } }) }, 'ca: store: is missing'],
  ['an own CA without text', { ca: any(own({ pem: null })) }, 'ca: is null, not PEM text'],
  ['an own CA without delivery', { ca: any(own({ delivery: null })) }, 'ca: is null, not a SecretDelivery'],
])('%s', (_, options, text) => {
  expect(() => new ObjstoreConfig(scope(), 'Bucket', bucket(options))).toThrow(/^cdk8s-thanos: test\/Bucket: /);
  expect(() => new ObjstoreConfig(scope(), 'Bucket', bucket(options))).toThrow(text);
});

test.each<[string, () => unknown, string]>([
  [
    'a bucket',
    () => new StoreGateway(scope(), 'X', any({ objstore: { bucketId: 'x' } })),
    'objstore: is an object, not an',
  ],
  [
    'a cache',
    () => new StoreGateway(scope(), 'X', any({ objstore: made(), indexCache: { _yaml: 'x' } })),
    'indexCache: is an',
  ],
  [
    'a query API',
    () => new QueryFrontend(scope(), 'X', any({ downstream: { queryApiAddress: 'x' } })),
    'downstream: is an',
  ],
  [
    'a datasource',
    () => new Grafana(scope(), 'X', any({ datasource: { queryApiAddress: 3, url: 'x' } })),
    'datasource: is an',
  ],
  [
    "a ruler's",
    () => new Ruler(scope(), 'X', any({ queryApis: [{ queryApiAddress: 'x' }] })),
    'queryApis: [0]: is an object',
  ],
  [
    'a store',
    () => new Query(scope(), 'X', any({ sources: [{ storeApiAddress: 3 }] })),
    'sources: [0]: is an object, not a',
  ],
  [
    'an address',
    () => new Query(scope(), 'X', any({ sources: [{ storeApiAddress: 'a b' }] })),
    'storeApiAddress: "a b" is not',
  ],
  [
    'a label',
    () => new Query(scope(), 'X', any({ sources: [{ storeApiAddress: 'a:1', replicaLabel: 3 }] })),
    'sources: [0]: replicaLabel: is 3',
  ],
])('a look-alike of %s is refused', (_, make, text) => {
  expect(make).toThrow(text);
});

function made(): ObjstoreConfig {
  return new ObjstoreConfig(scope(), 'Bucket', bucket());
}
