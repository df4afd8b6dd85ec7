import { App, Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { parse } from 'yaml';
import { appChecks } from '../../src/app/app-checks';
import { ReplicationProtocol, ThanosStack, type ThanosStackProps } from '../../src/index';
import { find, type Json } from '../render';
import { endpoints, flag } from './arguments';
import { podsOf } from './pods';
import { objects, OBJSTORE, stack, synth } from './stacks';

const SRV = (name: string) => `dnssrv+_grpc._tcp.${name}.monitoring.svc.cluster.local`;

describe('wiring', () => {
  it('query asks the receivers, stores and rulers of the stack by their headless names', () => {
    expect(endpoints(objects())).toEqual(
      ['thanos-receiver-headless', 'thanos-store-headless', 'thanos-ruler-headless'].map(SRV),
    );
  });

  it('query asks what is there, and derives the replica labels from it', () => {
    const all = objects({ receiver: undefined, receiveRouter: undefined, query: { endpoints: ['sidecar:10901'] } });
    expect(endpoints(all)).toEqual([...['thanos-store-headless', 'thanos-ruler-headless'].map(SRV), 'sidecar:10901']);
    expect(flag(all, 'thanos-query', '--query.replica-label')).toEqual(['rule_replica']);
    expect(flag(objects(), 'thanos-query', '--query.replica-label')).toEqual(['receive_replica', 'rule_replica']);
  });

  it("receivers take Cap'n Proto where the routers ask for it", () => {
    const ports = (props: Partial<ThanosStackProps>, name = 'thanos-receiver'): string[] =>
      find(objects(props), 'StatefulSet', name).spec.template.spec.containers[0].ports.map(({ name }: Json) => name);
    const receiveRouter = { forwarding: { protocol: ReplicationProtocol.CAPNPROTO } };
    expect(ports({})).not.toContain('capnproto');
    expect(ports({ receiveRouter })).toContain('capnproto');
    const hashrings = [{ name: 'gold', tenants: ['a'] }];
    expect(ports({ receiveRouter, hashrings }, 'thanos-receiver-gold')).toContain('capnproto');
    expect(() => ports({ receiveRouter, receiver: { capnproto: false } })).toThrow('Give it capnproto: true');
  });

  it('query merges by chain where it has receivers, and by penalty where pairs of Prometheus servers are asked alone', () => {
    const func = (props: Partial<ThanosStackProps>) => flag(objects(props), 'thanos-query', '--deduplication.func');
    const query = { endpoints: ['a:1'], replicaLabels: ['prometheus_replica'] };
    const none = { receiver: undefined, receiveRouter: undefined };
    expect(func({})).toEqual(['chain']);
    expect(func({ query })).toEqual(['chain']);
    expect(func({ query, ...none })).toEqual(['penalty']);
  });

  it('the ruler asks the query of the stack, or those that it is given', () => {
    expect(flag(objects(), 'thanos-ruler', '--query')).toEqual([
      'dnssrv+_http._tcp.thanos-query.monitoring.svc.cluster.local',
    ]);
    expect(flag(objects({ ruler: { queries: ['other:10902'] } }), 'thanos-ruler', '--query')).toEqual(['other:10902']);
  });

  it('a stateless ruler gets no bucket, and one with a file of Queries no other', () => {
    const remoteWrite = [{ url: 'http://receive:19291/api/v1/receive' }];
    const made = stack({ ruler: { remoteWrite, queryConfig: { secretName: 'queries' } } });
    const all = synth(made);
    expect(flag(all, 'thanos-ruler', '--objstore.config-file')).toEqual([]);
    expect(flag(all, 'thanos-ruler', '--query')).toEqual([]);
    expect(JSON.stringify(find(all, 'StatefulSet', 'thanos-ruler'))).not.toMatch(/s3-ca|objstore|credentials/);
    // it serves its rules to Query as before
    expect(endpoints(all)).toContain(SRV('thanos-ruler-headless'));
    const calls = appChecks(made).links.filter(({ from }) => from === made.ruler);
    expect(calls).toEqual([]);
  });

  it('the frontend asks the query of the stack', () => {
    expect(flag(objects(), 'thanos-query-frontend', '--query-frontend.downstream-url')).toEqual([
      'http://thanos-query.monitoring.svc.cluster.local:10902',
    ]);
  });

  it('Grafana asks the frontend, or the query where there is none', () => {
    const url = (all: Json[]) =>
      parse(find(all, 'ConfigMap', 'grafana-datasources').data['thanos.yaml']).datasources[0].url;
    expect(url(objects())).toBe('http://thanos-query-frontend.monitoring.svc.cluster.local:10902');
    expect(url(objects({ queryFrontend: undefined }))).toBe('http://thanos-query.monitoring.svc.cluster.local:10902');
  });

  it('who calls whom, and on which port, is known of what refers to each other, and of nothing else', () => {
    const links = (props: Partial<ThanosStackProps>): string[] => {
      const made = stack(props);
      const name = (construct: IConstruct): string => construct.node.id;
      return appChecks(made).links.map(({ from, to, port }) => `${name(from)} -> ${name(to)} ${port}`);
    };
    expect(links({})).toEqual([
      'Receiver -> Receiver grpc',
      'ReceiveRouter -> Receiver grpc',
      'Query -> Receiver grpc',
      'Query -> StoreGateway grpc',
      'Query -> Ruler grpc',
      'Ruler -> Query http',
      'QueryFrontend -> Query http',
      'Grafana -> QueryFrontend http',
    ]);
    const outside = { ruler: { queries: ['other:10902'] }, query: { endpoints: ['sidecar:10901'] } };
    expect(links(outside)).not.toContain('Ruler -> Query http');
    expect(links(outside)).toHaveLength(7);
  });

  it('the store gateway stops serving a deleted block before the compactor removes it', () => {
    const delay = (props: Partial<ThanosStackProps>) =>
      flag(objects(props), 'thanos-store', '--ignore-deletion-marks-delay');
    expect(delay({})).toEqual([]);
    expect(delay({ compactor: { deleteDelay: Duration.hours(12) } })).toEqual(['6h']);
    expect(
      delay({
        compactor: { deleteDelay: Duration.hours(12) },
        storeGateway: { ignoreDeletionMarksDelay: Duration.hours(1) },
      }),
    ).toEqual(['1h']);
  });

  it('names and addresses follow the stack name, namespace and cluster domain', () => {
    const all = objects({ name: 'eu', namespace: 'obs', clusterDomain: 'k8s.example.com' });
    expect(endpoints(all, 'eu-query')[0]).toBe('dnssrv+_grpc._tcp.eu-receiver-headless.obs.svc.k8s.example.com');
    expect(flag(all, 'eu-ruler', '--query')).toEqual(['dnssrv+_http._tcp.eu-query.obs.svc.k8s.example.com']);
    expect(JSON.stringify(all)).not.toMatch(/monitoring|cluster\.local|"thanos-(?!s3-credentials)/);
  });
});

describe('components', () => {
  const PARTS = [
    'receiver',
    'receiveRouter',
    'compactor',
    'storeGateway',
    'ruler',
    'query',
    'queryFrontend',
    'bucketWeb',
    'grafana',
  ] as const;

  it.each(PARTS)('%s may be left out', (part) => {
    // what needs a query, or receivers, goes with it
    const asking = { ruler: undefined, queryFrontend: undefined, grafana: undefined };
    const dependent = part === 'query' ? asking : part === 'receiver' ? { receiveRouter: undefined } : {};
    const less = stack({ [part]: undefined, ...dependent });
    expect(less[part]).toBeUndefined();
    expect(podsOf(synth(less)).length).toBe(9 - 1 - Object.keys(dependent).length);
  });

  it.each(['receiver', 'compactor', 'storeGateway', 'bucketWeb', 'query'] as const)('%s may stand alone', (part) => {
    const alone = new ThanosStack(new App(), 'thanos', {
      objstore: OBJSTORE,
      [part]: part === 'query' ? { endpoints: ['a:1'] } : {},
    });
    expect(podsOf(synth(alone))).toHaveLength(1);
    expect(alone[part]).toBeDefined();
  });

  it('a stack that opens no bucket needs none, and makes none', () => {
    const all = synth(new ThanosStack(new App(), 'thanos', { query: { endpoints: ['a:1'] }, queryFrontend: {} }));
    expect(all.map((o) => o.kind).sort()).toEqual([
      'Deployment',
      'Deployment',
      'PodDisruptionBudget',
      'PodDisruptionBudget',
      'Service',
      'Service',
    ]);
  });
});
