import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { NetworkPeer, ThanosStack, type ThanosStackProps } from '../../src/index';
import { quietly } from '../component/made';
import { drawn } from '../graph/drawn';
import { runs } from '../property/runs';
import { type Json, render } from '../render';
import { OBJSTORE } from '../stack/stacks';
import { open, parties, passes } from './evaluator';

const PARTS = [
  ...['receiver', 'receiveRouter', 'hashrings', 'compactor', 'storeGateway', 'ruler', 'query', 'queryFrontend'],
  ...['bucketWeb', 'grafana', 'preflight'],
] as const;
const SHARDS = { none: {}, two: { shards: { hash: 2 } } };

interface Spec {
  readonly parts: readonly (typeof PARTS)[number][];
  readonly shards: keyof typeof SHARDS;
  readonly ringOfReceivers: boolean;
  readonly bucket: boolean;
}

const spec: fc.Arbitrary<Spec> = fc.record({
  parts: fc.subarray([...PARTS], { minLength: 1 }),
  shards: fc.constantFrom('none' as const, 'two' as const),
  ringOfReceivers: fc.boolean(),
  bucket: fc.boolean(),
});

function props({ parts, shards, ringOfReceivers, bucket }: Spec): ThanosStackProps {
  const has = (part: Spec['parts'][number]): boolean => parts.includes(part);
  const pods = parts.some((part) => part !== 'receiveRouter' && part !== 'grafana');
  // without pods there is nothing to close
  const query = !pods || has('query') || has('queryFrontend') || has('grafana') || has('ruler');
  const needsBucket = ['compactor', 'storeGateway', 'bucketWeb', 'preflight'].some((part) => has(part as 'compactor'));
  const router = has('receiveRouter') || has('hashrings');
  const rings = has('receiver') || has('hashrings');
  return {
    objstore: bucket || needsBucket ? OBJSTORE : undefined,
    receiver: has('receiver') ? { replicas: ringOfReceivers ? 3 : 1, ingestOnly: router } : undefined,
    receiveRouter: router && rings ? {} : undefined,
    hashrings: has('hashrings') ? [{ name: 'gold', tenants: ['a'] }] : undefined,
    compactor: has('compactor') ? {} : undefined,
    storeGateway: has('storeGateway') ? SHARDS[shards] : undefined,
    ruler: has('ruler') ? {} : undefined,
    query: query ? {} : undefined,
    queryFrontend: has('queryFrontend') ? {} : undefined,
    bucketWeb: has('bucketWeb') ? {} : undefined,
    grafana: has('grafana') ? {} : undefined,
    preflight: has('preflight') ? {} : undefined,
    networkPolicies: { objstore: NetworkPeer.cidr('10.20.0.0/16') },
  };
}

/** What such a stack is meant to do, written down by hand. */
function declared(names: readonly string[], given: ThanosStackProps): string[] {
  const receivers = names.filter((name) => /^receiver/.test(name));
  const sources = names.filter((name) => /^(receiver|store|ruler)/.test(name));
  const ways = (from: string, to: readonly string[], port: number): string[] =>
    names.includes(from) ? to.filter((one) => names.includes(one)).map((one) => `${from} -> ${one} ${port}`) : [];
  const routed = given.receiveRouter !== undefined;
  return [
    ...ways('query', sources, 10901),
    ...ways('receive-router', receivers, 10901),
    ...(routed ? [] : ways('receiver', ['receiver'], 10901)),
    ...ways('ruler', ['query'], 10902),
    ...ways('query-frontend', ['query'], 10902),
    ...ways('grafana', [names.includes('query-frontend') ? 'query-frontend' : 'query'], 10902),
  ];
}

function synth(given: ThanosStackProps): Json[] {
  return quietly(() => render(new ThanosStack(new App(), 'thanos', given)));
}

const opens = (container: Json): boolean => (container.args ?? []).some((arg: string) => arg.startsWith('--objstore'));

describe('in every stack', () => {
  it('exactly the declared ways are open, and those with --objstore alone get to the store', () => {
    fc.assert(
      fc.property(spec, (one) => {
        const given = props(one);
        const all = synth(given);
        const own = parties(all);
        expect(open(all, own).sort()).toEqual(declared(Object.keys(own), given).sort());
        const openers = all
          .filter(({ spec: of }) => of?.template?.spec.containers.some(opens))
          .map((object) => JSON.stringify(object.spec.template.metadata.labels));
        for (const party of Object.values(own))
          expect(passes(all, party, { address: '10.20.1.1' }, 9000)).toBe(
            openers.includes(JSON.stringify(party.labels)),
          );
      }),
      runs(60),
    );
  });

  it('graph, which reads policies by itself, finds no call refused and nothing open that nobody calls', () => {
    fc.assert(
      fc.property(spec, (one) => {
        const { nodes, edges } = drawn(synth(props(one)));
        const pods = new Set(nodes.filter(({ shape }) => shape === 'pods').map(({ id }) => id));
        expect(edges.filter(({ refusedBy }) => refusedBy !== undefined)).toEqual([]);
        expect(edges.filter(({ kind, from, to }) => kind === 'allowed' && pods.has(from) && pods.has(to))).toEqual([]);
      }),
      runs(30),
    );
  });
});
