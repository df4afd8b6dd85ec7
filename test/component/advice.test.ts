import { App } from 'cdk8s';
import { NetworkPeer, S3Credentials, ThanosIngress, ThanosStack } from '../../src';

const objstore = { bucket: 'thanos', endpoint: 's3.example.com', credentials: S3Credentials.fromSecretName('keys') };
const stack = (props: object): ThanosStack => new ThanosStack(new App(), 'thanos', { name: 't', ...props } as never);

it.each<[string, object, string]>([
  [
    'an index cache',
    { objstore, storeGateway: { indexCache: { maxSize: 1 } } },
    'indexCache: is an object, not an IndexCache; write IndexCache.inMemory({ … })',
  ],
  [
    'a response cache',
    { query: {}, queryFrontend: { responseCache: {} } },
    'responseCache: is an object, not a ResponseCache; write ResponseCache.inMemory({ … })',
  ],
  // which may hold keys
  [
    'an objstore.yml',
    { objstoreConfig: 'config: { secret_key: hunter2 }', query: {} },
    'objstoreConfig: is a text, not an ObjstoreConfig. Give new ObjstoreConfig(this, …) or stack.objstore',
  ],
  ['variables', { query: { env: { A: 'b' } } }, "env: is an object, not a list; write [{ name: 'A', value: 'b' }]"],
  [
    'an Alertmanager',
    { objstore, query: {}, ruler: { alertmanagers: 'http://am:9093' } },
    'alertmanagers: is "http://am:9093", not a list; write ["http://am:9093"]',
  ],
  ['tolerations', { query: { tolerations: 'x' } }, 'tolerations: is "x", not a list; write […]'],
  [
    'an address as a source',
    { query: { sources: ['host:10901'] } },
    'sources: [0]: is "host:10901", not a component with a StoreAPI; an address goes into endpoints',
  ],
  [
    'two compactors',
    { objstore, compactor: { replicas: 2 } },
    'has no field "replicas": it runs alone, since two would corrupt the bucket. Divide the blocks by shards',
  ],
  ['a flag as of a chart', { query: { extraFlags: [] } }, 'has no field "extraFlags"; did you mean "extraArgs"?'],
])('%s in the place of something else is answered with what to write', (_, props, text) => {
  expect(() => stack(props)).toThrow(text);
});

it('a stack is no part that an Ingress leads to, and a name none that a policy is for', () => {
  const made = stack({ query: {}, networkPolicies: {} });
  const to = made as never;
  expect(() => new ThanosIngress(made, 'Way', { to, hosts: ['a.example.com'] } as never)).toThrow(
    'to: is an object, not a component of Thanos or a Grafana; of a stack give one part, such as stack.query!',
  );
  expect(() => made.networkPolicies!.letIn('query' as never, NetworkPeer.anywhere(), [10901])).toThrow(
    'letIn: is for "query", not a component of the stack; write stack.query!',
  );
});
