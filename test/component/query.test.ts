import { Duration } from 'cdk8s';
import { parse } from 'yaml';
import {
  type ComponentOptions,
  DeduplicationFunc,
  type IStoreApi,
  Query,
  type QueryOptions,
  type QueryProps,
  Receiver,
  Ruler,
  StoreGateway,
} from '../../src/index';
import { chart } from '../render';
import { bucket, make, type Made } from './made';
import { everyPropReachesTheManifest } from './prop-cases';

const RECEIVER: IStoreApi = { storeApiAddress: 'dnssrv+_grpc._tcp.r', replicaLabel: 'receive_replica' };

function query(props: QueryProps = {}): Made<Query> {
  return make((scope) => new Query(scope, 'Query', props));
}

/** Addresses of `--endpoint.sd-config`, as Thanos reads them. */
function endpoints(made: Made<Query>): string[] {
  return parse(made.flag('--endpoint.sd-config')[0]).endpoints.map((e: { address: string }) => e.address);
}

it('has the arguments of the guide: every StoreAPI of the stack by its headless name, and their replica labels', () => {
  const made = make((scope) => {
    const objstore = bucket(scope);
    const sources = [
      new Receiver(scope, 'Receiver', { objstore }),
      new StoreGateway(scope, 'Store', { objstore }),
      new Ruler(scope, 'Ruler', { objstore, queries: ['q'] }),
    ];
    return new Query(scope, 'Query', { sources, replicas: 2 });
  });
  expect(made.args).toEqual([
    'query',
    '--query.replica-label=receive_replica',
    '--query.replica-label=rule_replica',
    '--deduplication.func=chain',
    `--endpoint.sd-config=endpoints:
  - address: "dnssrv+_grpc._tcp.thanos-receiver-headless.monitoring.svc.cluster.local"
  - address: "dnssrv+_grpc._tcp.thanos-store-headless.monitoring.svc.cluster.local"
  - address: "dnssrv+_grpc._tcp.thanos-ruler-headless.monitoring.svc.cluster.local"
`,
  ]);
});

it('holds neither config nor CA nor keys, and has no way to be given them', () => {
  const { args, pod, container } = query({ sources: [RECEIVER] });
  expect(args.join()).not.toContain('objstore');
  expect(pod).not.toHaveProperty('volumes');
  expect(container).not.toHaveProperty('env');
  expect(() => new Query(chart(), 'Query', { objstore: {} } as QueryProps)).toThrow('props: has no field "objstore"');
});

it('is a Deployment behind its Service, with the URL that frontends and rulers ask', () => {
  const { workload, construct } = query({ endpoints: ['a:1'] });
  expect(workload.kind).toBe('Deployment');
  expect(workload.spec.replicas).toBe(2);
  expect(construct.url).toBe('http://thanos-query.monitoring.svc.cluster.local:10902');
  expect(construct.headlessService).toBeUndefined();
});

it('an address that is a source and an endpoint is asked once', () => {
  expect(endpoints(query({ sources: [RECEIVER], endpoints: ['dnssrv+_grpc._tcp.r', 'b:1'] }))).toEqual([
    'dnssrv+_grpc._tcp.r',
    'b:1',
  ]);
});

it('merges receivers by every timestamp, and pairs of Prometheus servers by one replica at a time', () => {
  const func = (props: QueryProps) => query({ sources: [RECEIVER], ...props }).flag('--deduplication.func');
  expect(func({})).toEqual(['chain']);
  expect(func({ endpoints: ['sidecar:10901'] })).toEqual(['chain']);
  expect(func({ endpoints: ['sidecar:10901'], replicaLabels: ['prometheus_replica'] })).toEqual(['penalty']);
  expect(func({ replicaLabels: ['a'], deduplication: DeduplicationFunc.CHAIN })).toEqual(['chain']);
});

it('warns when it has nothing to ask', () => {
  const warning = 'test/Query: sources: none given, and no endpoints, so every answer is empty';
  expect(query().warnings).toContain(warning);
  expect(query({ endpoints: ['a:1'] }).warnings).toEqual([]);
});

describe('props', () => {
  everyPropReachesTheManifest<Omit<QueryOptions, keyof ComponentOptions>, Query>(
    {
      replicas: { value: 5, reaches: ({ workload }) => expect(workload.spec.replicas).toBe(5) },
      endpoints: {
        value: ['sidecar:10901', 'dns+other.example.com:443', '[2001:db8::1]:10901', '$(x)'],
        reaches: (made) =>
          expect(endpoints(made)).toEqual([
            'dnssrv+_grpc._tcp.r',
            'sidecar:10901',
            'dns+other.example.com:443',
            '[2001:db8::1]:10901',
            '$(x)',
          ]),
      },
      replicaLabels: {
        value: ['prometheus_replica', 'receive_replica'],
        reaches: (made) =>
          expect(made.flag('--query.replica-label')).toEqual(['receive_replica', 'prometheus_replica']),
      },
      deduplication: {
        value: DeduplicationFunc.PENALTY,
        reaches: (made) => expect(made.flag('--deduplication.func')).toEqual(['penalty']),
      },
      timeout: { value: Duration.minutes(5), reaches: (made) => expect(made.flag('--query.timeout')).toEqual(['5m']) },
      autoDownsampling: {
        value: true,
        reaches: ({ args }) => expect(args).toContain('--query.auto-downsampling'),
      },
    },
    (props) => query({ sources: [RECEIVER], ...props }),
  );
});

describe('errors', () => {
  const wanted =
    'is not a StoreAPI address; write "host:port", or a name with dns+ or dnssrv+ before it, without scheme';
  it.each<[string, object, string]>([
    [
      'an endpoint with a scheme',
      { endpoints: ['http://sidecar:10901'] },
      `endpoints: [0]: "http://sidecar:10901" ${wanted}`,
    ],
    ['an endpoint with blanks', { endpoints: ['a b'] }, `endpoints: [0]: "a b" ${wanted}`],
    ['an endpoint of nothing', { endpoints: [''] }, `endpoints: [0]: "" ${wanted}`],
    ['an unknown lookup', { endpoints: ['srv+a'] }, `endpoints: [0]: "srv+a" ${wanted}`],
    ['a merge function', { deduplication: 'sum' }, 'deduplication: "sum" is not one of chain, penalty'],
    ['no time for an answer', { timeout: Duration.seconds(0) }, 'timeout: is 0 ms; it must be greater than 0'],
  ])('%s', (_, props, message) => {
    expect(() => query(props)).toThrow(`cdk8s-thanos: test/Query: ${message}`);
  });
});
