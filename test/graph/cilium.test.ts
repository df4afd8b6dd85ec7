import { App } from 'cdk8s';
import { stringify } from 'yaml';
import { NetworkPeer, ThanosStack } from '../../src/index';
import { trafficOf } from '../../src/graph/review/traffic';
import { parseManifests } from '../../src/lint/parse-manifests';
import { World } from '../../src/lint/world';
import { hostMatches } from '../../src/manifest/host-pattern';
import { NOW } from '../lint/manifests';
import { type Json, render } from '../render';
import { OBJSTORE } from '../stack/stacks';
import { calls, drawn } from './drawn';
import { arrows, policy, STACK } from './two-parts';

const CALLS = ['call; query -> store; gRPC 10901; ', 'call; store -> S3 bucket b; HTTPS 9000; '];
const IN_REFUSED = ['call; query -> store; gRPC 10901; only-store (Cilium)', CALLS[1]];
const OUT_REFUSED = [CALLS[0], 'call; store -> S3 bucket b; HTTPS 9000; only-store (Cilium)'];
const QUERY = { matchLabels: { app: 'query' } };

function cilium(app: string, rule: Json): Json {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: `only-${app}`, namespace: 'm' },
    spec: { endpointSelector: { matchLabels: { 'k8s:app': app } }, ...rule },
  };
}

const ports = (port: string, more: Json = {}): Json => [{ ports: [{ port, ...more }] }];

test.each<[string, Json, string[]]>([
  ['the endpoints', { ingress: [{ fromEndpoints: [QUERY], toPorts: ports('10901', { protocol: 'TCP' }) }] }, CALLS],
  ['the endpoints, of any protocol', { ingress: [{ fromEndpoints: [QUERY], toPorts: ports('10901') }] }, CALLS],
  ['the endpoints, by the name of a port', { ingress: [{ fromEndpoints: [QUERY], toPorts: ports('grpc') }] }, CALLS],
  ['a range', { ingress: [{ fromEndpoints: [QUERY], toPorts: ports('10000', { endPort: 11000 }) }] }, CALLS],
  ['any port, as number 0', { ingress: [{ fromEndpoints: [QUERY], toPorts: ports('0') }] }, CALLS],
  [
    'the prefix any, and the namespace by its name',
    { ingress: [{ fromEndpoints: [{ matchLabels: { 'any:app': 'query', 'k8s:io.kubernetes.pod.namespace': 'm' } }] }] },
    CALLS,
  ],
  [
    'expressions',
    {
      ingress: [
        {
          fromEndpoints: [
            {
              matchExpressions: [
                { key: 'k8s:app', operator: 'In', values: ['query'] },
                { key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' },
              ],
            },
          ],
        },
      ],
    },
    CALLS,
  ],
  ['nobody: an empty rule', { ingress: [{}] }, IN_REFUSED],
  ['nobody: no peers', { ingress: [{ fromEndpoints: [] }] }, IN_REFUSED],
  ['everybody: no rule', { ingress: [] }, CALLS],
  [
    'everybody: it denies nothing by default',
    { enableDefaultDeny: { ingress: false }, ingress: [{ fromEndpoints: [QUERY], toPorts: ports('1') }] },
    [...CALLS, 'allowed; query -> store; ANY 1; '],
  ],
  [
    'another port',
    { ingress: [{ fromEndpoints: [QUERY], toPorts: ports('10902') }] },
    [...IN_REFUSED, 'allowed; query -> store; ANY 10902; '],
  ],
  [
    'pings',
    { ingress: [{ fromEndpoints: [QUERY], icmps: [{ fields: [] }] }] },
    [...IN_REFUSED, 'allowed; query -> store; ICMP; '],
  ],
  [
    'a namespace by labels that it may have',
    { ingress: [{ fromEndpoints: [{ matchLabels: { 'io.cilium.k8s.namespace.labels.team': 'x', app: 'query' } }] }] },
    [...CALLS, 'allowed; pods app=query in namespaces team=x -> store; any port; '],
  ],
  [
    'labels that begin as a source does, and end at no colon',
    {
      ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s.io/role': 'x' } }, { matchLabels: { 'any.io/role': 'x' } }] }],
    },
    [
      ...IN_REFUSED,
      'allowed; pods k8s.io/role=x -> store; any port; ',
      'allowed; pods any.io/role=x -> store; any port; ',
    ],
  ],
  [
    'a label of pods that begins as the reserved ones do',
    { ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:reserved.io/role': 'x' } }] }] },
    [...IN_REFUSED, 'allowed; pods reserved.io/role=x -> store; any port; '],
  ],
  [
    'everybody but whom it denies, who may be in that namespace or not',
    {
      ingress: [{ fromEntities: ['all'] }],
      ingressDeny: [{ fromEndpoints: [{ matchLabels: { 'io.cilium.k8s.namespace.labels.team': 'x' } }] }],
    },
    [...CALLS, 'allowed; anyone -> store; any port; '],
  ],
  [
    'the API server',
    { ingress: [{ fromEntities: ['kube-apiserver'], toPorts: ports('10902', { protocol: 'TCP' }) }] },
    [...IN_REFUSED, "allowed; Cilium's entity kube-apiserver -> store; TCP 10902; "],
  ],
  [
    'the reserved label of an entity',
    { ingress: [{ fromEndpoints: [{ matchLabels: { 'reserved:world': '' } }] }] },
    [...IN_REFUSED, 'allowed; anyone outside of the cluster -> store; any port; '],
  ],
  [
    'everybody in the cluster',
    { ingress: [{ fromEntities: ['cluster'] }] },
    [...CALLS, "allowed; Cilium's entity cluster -> store; any port; "],
  ],
  ['everybody', { ingress: [{ fromEntities: ['all'] }] }, [...CALLS, 'allowed; anyone -> store; any port; ']],
  [
    'a port, to anyone',
    { ingress: [{ toPorts: ports('10901') }] },
    [...CALLS, 'allowed; anyone -> store; ANY 10901; '],
  ],
  [
    'a block, which to Cilium has no pods',
    { ingress: [{ fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }], toPorts: ports('10901') }] },
    [...IN_REFUSED, 'allowed; 10.0.0.0/8 but 10.1.0.0/16 -> store; ANY 10901; '],
  ],
  [
    'everybody but whom it denies',
    { ingress: [{ fromEntities: ['all'] }], ingressDeny: [{ fromEndpoints: [QUERY] }] },
    [...IN_REFUSED, 'allowed; anyone -> store; any port; '],
  ],
  ['nodes, which is about no pods', { endpointSelector: undefined, nodeSelector: {}, ingress: [{}] }, CALLS],
])('a policy of Cilium that lets in %s', (_, rule, wanted) => {
  expect(arrows(cilium('store', rule))).toEqual(wanted);
});

test.each<[string, Json, string[]]>([
  ['nobody', { egress: [{}] }, OUT_REFUSED],
  [
    'the name of the store',
    { egress: [{ toFQDNs: [{ matchName: 'e' }], toPorts: ports('9000') }] },
    [...CALLS, 'allowed; store -> e; ANY 9000; '],
  ],
  [
    'its buckets',
    { egress: [{ toFQDNs: [{ matchPattern: '*.e' }] }] },
    [...CALLS, 'allowed; store -> *.e; any port; '],
  ],
  [
    'another name',
    { egress: [{ toFQDNs: [{ matchName: 'other' }] }] },
    [...OUT_REFUSED, 'allowed; store -> other; any port; '],
  ],
  [
    'the API server',
    { egress: [{ toEntities: ['kube-apiserver'] }] },
    [...OUT_REFUSED, "allowed; store -> Cilium's entity kube-apiserver; any port; "],
  ],
  [
    'the world',
    { egress: [{ toEntities: ['world'], toPorts: ports('9000') }] },
    [...CALLS, 'allowed; store -> anyone outside of the cluster; ANY 9000; '],
  ],
  ['a block', { egress: [{ toCIDR: ['10.0.0.0/8'] }] }, [...CALLS, 'allowed; store -> 10.0.0.0/8; any port; ']],
  [
    'a Service',
    { egress: [{ toServices: [{ k8sService: { serviceName: 's', namespace: 'n' } }] }] },
    [...CALLS, 'allowed; store -> Service n/s; any port; '],
  ],
])('a policy of Cilium that lets out to %s', (_, rule, wanted) => {
  expect(arrows(cilium('store', rule))).toEqual(wanted);
});

test('several rules of one policy, for all namespaces', () => {
  const { spec, ...rest } = cilium('store', { ingress: [{}] });
  const all = { ...rest, kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'all' } };
  expect(arrows({ ...all, specs: [spec] })).toEqual(['call; query -> store; gRPC 10901; all (Cilium)', CALLS[1]]);
  const let_in = { ...spec, ingress: [{ fromEndpoints: [QUERY], toPorts: ports('10901') }] };
  expect(arrows({ ...all, specs: [spec, let_in] })).toEqual(CALLS);
});

test('whether a policy for namespaces with a label is about the pods nobody knows where the namespace is not there', () => {
  const place = { 'io.cilium.k8s.namespace.labels.team': 'x' };
  const { spec, ...rest } = cilium('store', { ingress: [{}] });
  const all = { ...rest, kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'all' } };
  const about = { ...spec, endpointSelector: { matchLabels: { app: 'store', ...place } } };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'm', labels: { team: 'x' } } };
  const refused = ['call; query -> store; gRPC 10901; all (Cilium)', CALLS[1]];
  expect(arrows({ ...all, spec: about })).toEqual(CALLS);
  expect(arrows(namespace, { ...all, spec: about })).toEqual(refused);
  const opening = { ...about, ingress: [{ fromEndpoints: [QUERY] }] };
  expect(arrows({ ...all, specs: [spec, opening] })).toEqual(CALLS);
});

test('what either kind of policy lets through gets through', () => {
  const closed = policy('store', { ingress: [] });
  expect(arrows(closed, cilium('store', { ingress: [{ fromEndpoints: [QUERY], toPorts: ports('10901') }] }))).toEqual(
    CALLS,
  );
});

test('the page of a review has what is allowed and what never gets through', () => {
  const rule = {
    ingress: [{ fromEntities: ['all'] }],
    ingressDeny: [{ fromEndpoints: [QUERY], toPorts: ports('10902') }],
    egress: [{ toFQDNs: [{ matchName: 'e' }], toPorts: ports('9000', { protocol: 'TCP' }) }],
  };
  const { objects } = parseManifests(
    'm.yaml',
    [...STACK, cilium('store', rule)].map((o) => stringify(o)).join('---\n'),
  );
  const [, store] = trafficOf(new World(objects, NOW));
  expect(store).toMatchObject({
    policies: ['only-store (Cilium)'],
    allowed: { Ingress: ['anyone: any port', 'never pods app=query: ANY 10902'], Egress: ['e: TCP 9000'] },
  });
});

test.each<[string, Json]>([
  ['no spec', { spec: undefined }],
  ['a text for a spec', { spec: 'x' }],
  ['texts for rules', { spec: { endpointSelector: {}, ingress: 'x', egress: { a: 1 } } }],
  ['texts for peers', { spec: { endpointSelector: {}, ingress: [{ fromEndpoints: ['x'], toPorts: ['y'] }] } }],
  ['numbers', { spec: { endpointSelector: 7, ingress: [{ fromEntities: [7], toPorts: [{ ports: [7] }] }] } }],
  ['empty things', { specs: [null, {}, { endpointSelector: {}, egress: [null], ingress: [{ fromCIDRSet: [{}] }] }] }],
])('a broken one, with %s, breaks nothing', (_, rest) => {
  expect(() => drawn([...STACK, { ...cilium('store', {}), ...rest }])).not.toThrow();
});

test('the names of a stack of the library, and nothing else, are drawn and get through', () => {
  const stack = new ThanosStack(new App(), 'thanos', {
    objstore: OBJSTORE,
    storeGateway: {},
    query: {},
    stackCheck: { image: { repository: 'r', tag: '1' } },
    networkPolicies: {
      objstore: NetworkPeer.names(['s3.minio.example.com']),
      apiServer: NetworkPeer.kubeApiServer({ ports: [6443] }),
    },
  });
  const graph = drawn(render(stack));
  expect(graph.edges.filter(({ refusedBy }) => refusedBy !== undefined)).toEqual([]);
  expect(calls(graph)).toEqual(
    expect.arrayContaining([
      'thanos-store -> s3.minio.example.com: allowed, TCP 9000',
      "Cilium's entity kube-apiserver -> thanos-store: allowed, TCP 10902",
    ]),
  );
});

// of Cilium's documentation and of pkg/fqdn/matchpattern
test.each([
  ['s3.example.com', 's3.example.com', true],
  ['s3.example.com', 'S3.Example.com.', true],
  ['s3.example.com', 's3xexample.com', false],
  ['*.example.com', 's3.example.com', true],
  ['*.example.com', 'b.s3.example.com', false],
  ['*.example.com', 'example.com', false],
  ['*example.com', 'myexample.com', true],
  ['s3-*.example.com', 's3-eu_1.example.com', true],
  ['**.example.com', 'b.s3.example.com', true],
  ['**.example.com', 'example.com', false],
  ['*', 'a.b.c', true],
  ['', 'a', false],
  ['(a+)+$', 'aaaa', false],
])('%j is the name of %j: %s', (pattern, host, is) => {
  expect(hostMatches(pattern, host)).toBe(is);
});
