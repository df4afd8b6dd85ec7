import { mermaid } from '../../src/graph/mermaid';
import type { Json } from '../render';
import { drawn } from './drawn';
import { arrows, component, pods, policy, STACK } from './two-parts';

const CALLS = ['call; query -> store; gRPC 10901; ', 'call; store -> S3 bucket b; HTTPS 9000; '];
const REFUSED = ['call; query -> store; gRPC 10901; only-store', CALLS[1]];

test.each<[string, Json, string[]]>([
  ['the pods, by number', { ingress: [{ from: [pods('query')], ports: [{ port: 10901 }] }] }, CALLS],
  ['the pods, by name', { ingress: [{ from: [pods('query')], ports: [{ port: 'grpc' }] }] }, CALLS],
  ['the pods, by a range', { ingress: [{ from: [pods('query')], ports: [{ port: 1, endPort: 20000 }] }] }, CALLS],
  ['nobody', { ingress: [] }, REFUSED],
  ['nobody, by the types', { policyTypes: ['Ingress'] }, REFUSED],
  [
    'another port',
    { ingress: [{ from: [pods('query')], ports: [{ port: 10902 }] }] },
    [...REFUSED, 'allowed; query -> store; TCP 10902; '],
  ],
  [
    'another protocol',
    { ingress: [{ from: [pods('query')], ports: [{ protocol: 'UDP', port: 10901 }] }] },
    [...REFUSED, 'allowed; query -> store; UDP 10901; '],
  ],
  [
    'somebody else',
    { ingress: [{ from: [pods('grafana')] }] },
    [...REFUSED, 'allowed; pods app=grafana -> store; any port; '],
  ],
  ['anyone', { ingress: [{}] }, [...CALLS, 'allowed; anyone -> store; any port; ']],
  [
    'the namespace by its own name',
    { ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'm' } } }] }] },
    [...CALLS, 'allowed; store -> store; any port; '],
  ],
  [
    'a namespace by labels that it may have',
    { ingress: [{ from: [{ namespaceSelector: { matchLabels: { a: 'b' } }, ...pods('query') }] }] },
    [...CALLS, 'allowed; pods app=query in namespaces a=b -> store; any port; '],
  ],
  [
    'another namespace, by its name',
    { ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'n', a: 'b' } } }] }] },
    [...REFUSED, 'allowed; all pods in namespaces kubernetes.io/metadata.name=n, a=b -> store; any port; '],
  ],
  [
    'other pods of a namespace by labels that it may have',
    { ingress: [{ from: [{ namespaceSelector: { matchLabels: { a: 'b' } }, ...pods('grafana') }] }] },
    [...REFUSED, 'allowed; pods app=grafana in namespaces a=b -> store; any port; '],
  ],
  [
    'nobody: Kubernetes knows no such operator',
    { ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'Like', values: ['x'] }] } }] }] },
    [...REFUSED, 'allowed; pods app Like x -> store; any port; '],
  ],
  [
    'expressions',
    {
      ingress: [
        {
          from: [
            {
              podSelector: {
                matchExpressions: [
                  { key: 'app', operator: 'In', values: ['query'] },
                  { key: 'app', operator: 'NotIn', values: ['store'] },
                  { key: 'app', operator: 'Exists' },
                  { key: 'x', operator: 'DoesNotExist' },
                ],
              },
            },
          ],
        },
      ],
    },
    CALLS,
  ],
])('a policy that lets in %s', (_, spec, wanted) => {
  expect(arrows(policy('store', spec))).toEqual(wanted);
});

test.each<[string, Json, string[]]>([
  ['nobody', { policyTypes: ['Egress'] }, [CALLS[0], 'call; store -> S3 bucket b; HTTPS 9000; only-store']],
  [
    'a block of addresses at the port',
    {
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 9000 }] }],
    },
    [...CALLS, 'allowed; store -> 10.0.0.0/8 but 10.1.0.0/16; TCP 9000; '],
  ],
  [
    'DNS alone',
    {
      policyTypes: ['Egress'],
      egress: [{ to: [{ namespaceSelector: {}, ...pods('dns') }], ports: [{ protocol: 'UDP', port: 53 }] }],
    },
    [
      CALLS[0],
      'call; store -> S3 bucket b; HTTPS 9000; only-store',
      'allowed; store -> pods app=dns in any namespace; UDP 53; ',
    ],
  ],
])('a policy that lets out to %s', (_, spec, wanted) => {
  expect(arrows(policy('store', spec))).toEqual(wanted);
});

test.each<[Json, boolean]>([
  [{ a: 'b' }, true],
  [{ a: 'c' }, false],
  [undefined, false],
])('where the namespace is known its labels count: %j', (labels, passes) => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'm', labels } };
  const rule = { ingress: [{ from: [{ namespaceSelector: { matchLabels: { a: 'b' } }, ...pods('query') }] }] };
  expect(arrows(namespace, policy('store', rule)).slice(0, 2)).toEqual(passes ? CALLS : REFUSED);
});

test('a call must be let out and in', () => {
  const out = policy('query', { policyTypes: ['Egress'], egress: [{ to: [pods('store')], ports: [{ port: 10901 }] }] });
  expect(arrows(out)).toEqual(CALLS);
  expect(arrows(out, policy('store', { ingress: [] }))).toEqual(REFUSED);
});

test('what is let out to pods that no policy closes is drawn, though nobody calls it', () => {
  const egress = [{ to: [pods('store')], ports: [{ port: 10902 }] }];
  const out = policy('query', { policyTypes: ['Egress'], egress });
  const refused = 'call; query -> store; gRPC 10901; only-query';
  expect(arrows(out)).toEqual([refused, CALLS[1], 'allowed; query -> store; TCP 10902; ']);
  // where one does, it has the last word
  expect(arrows(out, policy('store', { ingress: [] }))).toEqual([
    'call; query -> store; gRPC 10901; only-query, only-store',
    CALLS[1],
  ]);
});

test('more workloads than an arrow each could show are drawn as one', () => {
  const many = Array.from({ length: 40 }, (_, i) => component(`query-${i}`, ['query'])).flat();
  const open = { ...policy('store', { ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 10901 }] }] }) };
  const { nodes, edges } = drawn([...many, ...STACK, open]);
  const allowed = edges.filter(({ kind }) => kind === 'allowed');
  expect(allowed.map(({ from }) => nodes.find(({ id }) => id === from))).toEqual([
    expect.objectContaining({ title: 'all pods', lines: ['41 of the workloads here'] }),
  ]);
});

test('in the picture a refused call has a cross, and what is only allowed dots', () => {
  const spec = { ingress: [{ from: [pods('query')], ports: [{ port: 10902 }] }] };
  const text = mermaid(drawn([...STACK, policy('store', spec)]));
  expect(text).toContain('pods_query --x|"StoreAPI<br/>gRPC 10901<br/>refused by only-store"| pods_store');
  expect(text).toContain('pods_query -.->|"allowed<br/>TCP 10902"| pods_store');
});
