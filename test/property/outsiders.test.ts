import { ApiObject, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { quietly } from '../component/made';
import type { Json } from '../render';
import { build } from './build';
import { wanted, wantedOfSecond } from './allowed';
import { runs } from './runs';
import { spec, type Spec } from './spec';
import type { CaSpec } from './spec-parts';

/** Workloads with the place of their pod spec. */
const CARRIERS: Record<string, { apiVersion: string; spec: (pod: Json) => Json }> = {
  Deployment: { apiVersion: 'apps/v1', spec: (pod) => ({ template: { spec: pod } }) },
  DaemonSet: { apiVersion: 'apps/v1', spec: (pod) => ({ template: { spec: pod } }) },
  Job: { apiVersion: 'batch/v1', spec: (pod) => ({ template: { spec: pod } }) },
  CronJob: { apiVersion: 'batch/v1', spec: (pod) => ({ jobTemplate: { spec: { template: { spec: pod } } } }) },
  Pod: { apiVersion: 'v1', spec: (pod) => pod },
  Rollout: { apiVersion: 'argoproj.io/v1alpha1', spec: (pod) => ({ template: { spec: pod } }) },
};

type Kind = 'Secret' | 'ConfigMap';

/** Every way in which Kubernetes lets a pod read a Secret or ConfigMap. */
const WAYS: Record<string, (kind: Kind, name: string) => Json> = {
  volume: (kind, name) => volume(kind === 'Secret' ? { secret: { secretName: name } } : { configMap: { name } }),
  projection: (kind, name) =>
    volume({ projected: { sources: [{ [kind === 'Secret' ? 'secret' : 'configMap']: { name } }] } }),
  env: (kind, name) => container({ env: [{ name: 'A', valueFrom: { [ref(kind, 'KeyRef')]: { name, key: 'k' } } }] }),
  envFrom: (kind, name) => container({ envFrom: [{ [ref(kind, 'Ref')]: { name } }] }),
  'env of an init container': (kind, name) => ({
    ...container({}),
    initContainers: [{ name: 'i', env: [{ name: 'A', valueFrom: { [ref(kind, 'KeyRef')]: { name, key: 'k' } } }] }],
  }),
};

function ref(kind: Kind, end: string): string {
  return `${kind === 'Secret' ? 'secret' : 'configMap'}${end}`;
}

function container(over: Json): Json {
  return { containers: [{ name: 'c', image: 'c:1', ...over }] };
}

function volume(source: Json): Json {
  return { ...container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }), volumes: [{ name: 'v', ...source }] };
}

/** Every Secret and ConfigMap that only granted pods may read; a shared CA is guarded only when the user says so. */
function guarded(given: Spec): { kind: Kind; name: string }[] {
  const { second, replicate, tool } = given.beside;
  const copies = replicate || tool === 'replicate';
  const named = [wanted(given, { name: 'receiver' }), ...(copies ? [wantedOfSecond(given)] : [])]
    .flatMap(({ files, env }) => [...files.values(), ...env.values()])
    .map((source) => /^(Secret|ConfigMap)\/([^/]+)\//.exec(source));
  const shared = [...(isShared(given.ca) ? ['given-ca'] : []), ...(isShared(second.ca) ? ['other-ca'] : [])];
  return named
    .filter((match) => match !== null)
    .map(([, kind, name]) => ({ kind: kind as Kind, name }))
    .filter(({ name }) => !shared.includes(name));
}

function isShared(ca: CaSpec): boolean {
  return (ca.kind === 'secret' || ca.kind === 'configMap') && !ca.exclusive;
}

const visit = fc.record({
  given: spec,
  carrier: fc.constantFrom(...Object.keys(CARRIERS)),
  way: fc.constantFrom(...Object.keys(WAYS)),
  which: fc.nat(),
});

/** An app with the stack and a foreign workload in another chart, which reads one object. */
function withOutsider(given: Spec, carrier: string, pod: Json, namespace: string): () => string {
  const app = build(given);
  const { apiVersion, spec: place } = CARRIERS[carrier];
  const object = { apiVersion, kind: carrier, metadata: { name: 'outsider', namespace }, spec: place(pod) };
  new ApiObject(new Chart(app, 'foreign'), 'Outsider', object);
  return () => quietly(() => app.synthYaml());
}

it('whoever else reads what only granted pods may is an error, in whatever way and workload', () => {
  fc.assert(
    fc.property(visit, ({ given, carrier, way, which }) => {
      const targets = guarded(given);
      const { kind, name } = targets[which % targets.length];
      const run = withOutsider(given, carrier, WAYS[way](kind, name), given.namespace);
      expect(run).toThrow(`${kind} ${name}`);
      expect(run).toThrow('foreign/Outsider');
    }),
    runs(120),
  );
});

it('the same names in another namespace, and other names in the same one, are nobody else concern', () => {
  fc.assert(
    fc.property(visit, fc.boolean(), ({ given, carrier, way, which }, elsewhere) => {
      const targets = guarded(given);
      const { kind, name } = targets[which % targets.length];
      const pod = WAYS[way](kind, elsewhere ? name : `${name}-of-mine`);
      expect(withOutsider(given, carrier, pod, elsewhere ? `${given.namespace}x` : given.namespace)).not.toThrow();
    }),
    runs(60),
  );
});
