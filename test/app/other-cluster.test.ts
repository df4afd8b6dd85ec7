import { App } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  Grafana,
  ThanosHttpRoute,
  Preflight,
  Query,
  QueryFrontend,
  ReceiveRouter,
  Ruler,
  StoreGateway,
  ThanosStack,
} from '../../src';
import { OBJSTORE } from '../stack/stacks';

const PARTS = { objstore: OBJSTORE, receiver: { replicas: 1, ingestOnly: true }, receiveRouter: {}, query: {} };

function stackIn(app: App, id: string, cluster?: string): ThanosStack {
  return new ThanosStack(app, id, { ...PARTS, name: id, cluster });
}

type Make = (scope: Construct, edge: ThanosStack) => unknown;

const ASKED: [string, string, Make][] = [
  ['endpoints', 'sources: [0]: "edge/Query"', (s, { query }) => new Query(s, 'X', { sources: [query!] })],
  ['downstreamUrl', 'downstream: "edge/Query"', (s, { query }) => new QueryFrontend(s, 'X', { downstream: query })],
  ['queries', 'queryApis: [0]: "edge/Query"', (s, { query }) => new Ruler(s, 'X', { queryApis: [query!] })],
  ['datasourceUrl', 'datasource: "edge/Query"', (s, { query }) => new Grafana(s, 'X', { datasource: query })],
  [
    'endpoints, and those of its other pods',
    'rings: [0]: receivers: [0]: "edge/Receiver"',
    (s, { receiver }) => new ReceiveRouter(s, 'X', { rings: [{ receivers: [receiver!] }] }),
  ],
];

describe('an address in a cluster is somebody else’s in another one', () => {
  test.each(ASKED)('%s is where that of a construct of another cluster goes', (instead, where, make) => {
    const app = new App();
    const edge = stackIn(app, 'edge', 'edge');
    expect(() => make(stackIn(app, 'central', 'central'), edge)).toThrow(
      `cdk8s-thanos: central/X: ${where} is of cluster edge, and has that address there alone; give its address from outside in ${instead}`,
    );
    expect(() => make(stackIn(app, 'same', 'edge'), edge)).not.toThrow();
    expect(() => make(stackIn(app, 'anywhere'), edge)).not.toThrow();
  });

  test.each(ASKED)('%s is where that of a construct of another App goes', (instead, where, make) => {
    const edge = stackIn(new App(), 'edge');
    expect(() => make(stackIn(new App(), 'central'), edge)).toThrow(
      `cdk8s-thanos: central/X: ${where} belongs to another App; give its address in ${instead}`,
    );
  });

  test('a stack says which of its sources it is', () => {
    const app = new App();
    const [own, edge] = [stackIn(app, 'own', 'central'), stackIn(app, 'edge', 'edge')];
    const sources = [own.query!, edge.query!];
    expect(() => new ThanosStack(app, 'central', { cluster: 'central', query: { sources } })).toThrow(
      'cdk8s-thanos: central: query: sources: [1]: "edge/Query" is of cluster edge',
    );
  });

  test('what is no construct lies outside, wherever its address is', () => {
    const central = stackIn(new App(), 'central', 'central');
    const edge = { storeApiAddress: 'dnssrv+_grpc._tcp.edge.example.com' };
    expect(() => new Query(central, 'X', { sources: [edge] })).not.toThrow();
  });
});

describe('the objects of another cluster are not in this one', () => {
  test.each<[string, string, Make]>([
    ['bucket', 'objstore', (s, { objstore }) => new StoreGateway(s, 'X', { objstore: objstore! })],
    ['bucket of a Job', 'objstore', (s, { objstore }) => new Preflight(s, 'X', { objstore: objstore! })],
    [
      'backend',
      'to',
      (s, { query }) =>
        new ThanosHttpRoute(s, 'X', { to: query!, gateways: [{ name: 'g' }], hosts: ['q.example.com'] }),
    ],
  ])('a %s', (_, prop, make) => {
    const app = new App();
    const edge = stackIn(app, 'edge', 'edge');
    expect(() => make(stackIn(app, 'central', 'central'), edge)).toThrow(
      new RegExp(`central/X: ${prop}: "edge/\\w+" is of cluster edge, whose objects are not in this one`),
    );
    expect(() => make(stackIn(app, 'same', 'edge'), edge)).not.toThrow();
  });
});
