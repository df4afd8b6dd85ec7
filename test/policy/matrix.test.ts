import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import {
  BucketJob,
  BucketTool,
  NetworkPeer,
  NetworkPolicies,
  Query,
  ReplicationProtocol,
  ThanosStack,
  type ThanosStackProps,
} from '../../src/index';
import { quietly } from '../component/made';
import { type Json, render } from '../render';
import { ALL_COMPONENTS, OBJSTORE, stack } from '../stack/stacks';
import { open, parties, type Party, passes } from './evaluator';

const PROMETHEUS = { namespace: 'watch', labels: { app: 'prometheus' } };
const WRITER = { namespace: 'apps', labels: { app: 'agent' } };
const ALERTMANAGER = { namespace: 'monitoring', labels: { app: 'alertmanager' } };
const CONTROLLER = { namespace: 'ingress', labels: { app: 'nginx' } };
const STRANGERS: Record<string, Party> = {
  'neighbour in the namespace': { namespace: 'monitoring', labels: { app: 'shop' } },
  'pod elsewhere': { namespace: 'apps', labels: { app: 'shop' } },
  'pod with the labels of Prometheus elsewhere': { namespace: 'apps', labels: PROMETHEUS.labels },
  'pod of another stack': {
    namespace: 'monitoring',
    labels: {
      'app.kubernetes.io/name': 'thanos',
      'app.kubernetes.io/instance': 'other',
      'app.kubernetes.io/component': 'query',
    },
  },
};
const S3: Party = { address: '10.20.3.4' };

const CLOSED: Partial<ThanosStackProps> = {
  preflight: {},
  ruler: { alertmanagers: ['http://alertmanager.monitoring.svc.cluster.local:9093'] },
  networkPolicies: {
    objstore: NetworkPeer.cidr('10.20.0.0/16'),
    prometheus: NetworkPeer.pods(PROMETHEUS),
    writers: NetworkPeer.pods(WRITER),
    alertmanagers: NetworkPeer.pods({ labels: ALERTMANAGER.labels }),
    viewers: NetworkPeer.pods(CONTROLLER),
  },
};

const WITHIN = [
  'receiver -> receiver 10901',
  'receive-router -> receiver 10901',
  'ruler -> query 10902',
  'query -> receiver 10901',
  'query -> store 10901',
  'query -> ruler 10901',
  'query-frontend -> query 10902',
  'grafana -> query-frontend 10902',
];
const GRANTED = ['preflight', 'receiver', 'compactor', 'store', 'ruler', 'bucket-web'];

function synth(props: Partial<ThanosStackProps>, more: (stack: ThanosStack) => void = () => {}): Json[] {
  const made = stack(props);
  more(made);
  return quietly(() => render(made));
}

describe('a stack of all parts', () => {
  const all = synth(CLOSED);
  const own = parties(all);

  it('has every part', () => expect(Object.keys(own)).toHaveLength(10));

  it('opens exactly the declared ways between its parts', () => {
    expect(open(all, own).sort()).toEqual([...WITHIN].sort());
  });

  it('lets only the pods with a Grant to the store, and only to its port', () => {
    const ways = Object.entries(own).flatMap(([name, from]) =>
      [9000, 443, 80, 10902].filter((port) => passes(all, from, S3, port)).map((port) => `${name} ${port}`),
    );
    expect(ways.sort()).toEqual(GRANTED.map((name) => `${name} 9000`).sort());
    for (const from of Object.values(own)) expect(passes(all, from, { address: '10.21.0.1' }, 9000)).toBe(false);
  });

  it('lets in whom the options name, at their door alone', () => {
    const from = { prometheus: PROMETHEUS, writer: WRITER, controller: CONTROLLER, alertmanager: ALERTMANAGER };
    const crossing = open(all, { ...own, ...from }).filter((way) => {
      const [a, , b] = way.split(' ');
      return a in own !== b in own;
    });
    expect(crossing.sort()).toEqual(
      [
        ...Object.keys(own)
          .filter((name) => !['grafana', 'preflight'].includes(name))
          .map((name) => `prometheus -> ${name} 10902`),
        'writer -> receive-router 19291',
        'controller -> grafana 3000',
        'controller -> bucket-web 10902',
        'ruler -> alertmanager 9093',
      ].sort(),
    );
  });

  it.each(Object.entries(STRANGERS))('lets a %s neither in nor be reached', (name, stranger) => {
    const ways = open(all, { ...own, [name]: stranger }).filter((way) => way.includes(name));
    expect(ways).toEqual(ways.filter((way) => way.startsWith(`${name} -> ${name} `)));
  });

  it('opens DNS to those who look names up, and only to them', () => {
    const dns = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
    for (const from of Object.values(own)) {
      expect(passes(all, from, dns, 53, 'UDP')).toBe(true);
      expect(passes(all, from, dns, 53, 'TCP')).toBe(true);
      expect(passes(all, from, dns, 443)).toBe(false);
      expect(passes(all, from, { ...dns, labels: { 'k8s-app': 'metrics-server' } }, 53, 'UDP')).toBe(false);
    }
  });

  it('opens nothing to the API server, which no part asks', () => {
    for (const from of Object.values(own)) expect(passes(all, from, { address: '10.96.0.1' }, 443)).toBe(false);
  });
});

it('without the prop there are no policies', () => {
  expect(synth({}).filter(({ kind }) => /NetworkPolicy/.test(kind))).toEqual([]);
});

it('writers reach the receivers where no router stands before them', () => {
  const all = synth({ ...CLOSED, receiveRouter: undefined });
  expect(passes(all, WRITER, parties(all).receiver, 19291)).toBe(true);
});

it('routers and receivers speak at the port of Cap’n Proto where they are told to, and at no other', () => {
  const forwarding = { protocol: ReplicationProtocol.CAPNPROTO };
  const all = synth({ ...CLOSED, receiveRouter: { forwarding }, receiver: { ingestOnly: true } });
  const ways = open(all, parties(all)).filter((way) => way.includes('> receiver '));
  expect(ways.sort()).toEqual(['query -> receiver 10901', 'receive-router -> receiver 19391']);
});

it('parts of rings, shards and jobs that are added later have their own', () => {
  const all = synth(
    {
      ...CLOSED,
      hashrings: [{ name: 'gold', tenants: ['a'] }],
      storeGateway: { shards: { hash: 2 } },
      networkPolicies: { ...CLOSED.networkPolicies },
    },
    (made) => new BucketJob(made, 'Verify', { objstore: made.objstore!, tool: BucketTool.verify() }),
  );
  const own = parties(all);
  const ways = open(all, own);
  expect(Object.keys(own)).toEqual(expect.arrayContaining(['bucket-verify', 'receiver-gold']));
  expect(passes(all, own['bucket-verify'], S3, 9000)).toBe(true);
  expect(ways.filter((way) => way.includes('bucket-verify'))).toEqual([]);
  expect(ways).toEqual(
    expect.arrayContaining(['receive-router -> receiver-gold 10901', 'query -> receiver-gold 10901']),
  );
  expect(ways).not.toContain('receiver -> receiver-gold 10901');
  expect(ways.filter((way) => /^query -> store/.test(way))).toHaveLength(2);
});

it('what a patch changes is followed, since the finished objects are read', () => {
  const all = synth(CLOSED, ({ query }) => {
    const args = ['query', '--endpoint=dnssrv+_grpc._tcp.thanos-store-headless.monitoring.svc'];
    query!.workload.addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/args', args));
  });
  const ways = open(all, parties(all)).filter((way) => way.startsWith('query ->'));
  expect(ways).toEqual(['query -> store 10901']);
});

it('a Query of another stack in the app is let in, from its namespace', () => {
  const app = new App();
  const closed = { objstore: NetworkPeer.cidr('10.20.0.0/16') };
  const edge = new ThanosStack(app, 'edge', {
    namespace: 'edge',
    objstore: OBJSTORE,
    storeGateway: {},
    networkPolicies: closed,
  });
  const view = new Chart(app, 'view', { namespace: 'view', disableResourceNameHashes: true });
  new Query(view, 'Query', { sources: [edge.storeGateway!] });
  new NetworkPolicies(view, 'Policies');
  const all = quietly(() => [...render(edge), ...render(view)]);
  expect(open(all, parties(all))).toEqual(['query -> store 10901']);
});

it('a store and caches of the app are found by their Services', () => {
  const app = new App();
  const chart = new Chart(app, 'minio', { namespace: 'minio', disableResourceNameHashes: true });
  new ApiObject(chart, 'Service', {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's3' } },
    spec: { selector: { app: 'minio' }, ports: [{ port: 443, targetPort: 9000 }] },
  });
  const made = new ThanosStack(app, 'thanos', {
    objstore: { ...OBJSTORE, endpoint: 's3.minio.svc:443', serverName: undefined },
    storeGateway: {},
    networkPolicies: {},
  });
  const all = quietly(() => render(made));
  const minio = { namespace: 'minio', labels: { app: 'minio' } };
  expect(open(all, { ...parties(all), minio })).toContain('store -> minio 9000');
  expect(open(all, { ...parties(all), minio })).not.toContain('store -> minio 443');
});

it('stacks of different clusters don’t know each other', () => {
  const app = new App();
  const names = ['a', 'b'];
  const [first] = names.map(
    (cluster) =>
      new ThanosStack(app, cluster, {
        ...ALL_COMPONENTS,
        externalLabels: { cluster },
        compactor: undefined,
        cluster,
        networkPolicies: CLOSED.networkPolicies,
      }),
  );
  const all = quietly(() => render(first));
  expect(open(all, parties(all)).sort()).toEqual([...WITHIN].sort());
});
