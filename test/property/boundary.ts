import type { Json } from '../render';
import { hasPods, type Pods, podsOf } from '../stack/pods';
import { allowed, guardedNames, namesIn } from './allowed';
import { OUTSIDE } from './build-parts';
import { componentOf } from './names';
import { seen } from './oracle';
import { certifiesEach, servesGrpc, servesHttp } from './serving';
import { OPENERS, type Spec, zonesOf } from './spec';

/** Whether a container opens the bucket, whatever it has for it. */
function opens(container: Json): boolean {
  return flagsOf(container).length > 0;
}

function flagsOf(container: Json): string[] {
  return [...(container.command ?? []), ...(container.args ?? [])].filter((arg: string) =>
    arg.startsWith('--objstore'),
  );
}

/** The boundary in the objects of a stack: who opens the bucket has all of it, and nobody else names any of it. */
export function holdsBoundary(given: Spec, all: Json[]): void {
  const operated = all.filter(({ kind }) => OPERATED.includes(kind)).map(operatedPods);
  const own = podsOf(all);
  const pods = [...own, ...operated];
  const found = pods.filter((pod) => pod.containers.some(opens)).map(labelOf);
  expect(found.sort()).toEqual([...openers(given)].sort());
  for (const pod of pods) holdsExactly(given, pod);
  for (const pod of own)
    for (const container of pod.containers) {
      servesHttp(given, pod, container);
      servesGrpc(given, pod, container);
    }
  certifiesEach(given, all, pods);
  const elsewhere = all.filter((o) => !['Secret', 'ConfigMap', ...OPERATED].includes(o.kind) && !hasPods(o));
  for (const object of elsewhere) namesOnly(given, object, mayName(given, object));
  if (given.around.closed) reachesExactly(given, all, own);
}

function labelOf({ labels }: Pods): string {
  return labels['app.kubernetes.io/component'] ?? labels.app;
}

/** Labels of the pods that open the bucket. */
function openers(given: Spec): string[] {
  const { parts, rings, shards, stateless, beside } = given;
  const zones = zonesOf(given)?.length ?? 1;
  const times: Partial<Record<keyof typeof OPENERS, number>> = {
    receiver: zones,
    storeGateway: zones * (shards.hash ? 2 : 1) * (shards.time ? 2 : 1),
    compactor: shards.compactor === 'none' ? 1 : 2,
    ruler: stateless ? 0 : 1,
  };
  const ofParts = Object.entries(OPENERS).flatMap(([part, label]) => {
    const kind = part as keyof typeof OPENERS;
    return parts.includes(kind) ? Array<string>(times[kind] ?? 1).fill(label) : [];
  });
  return [
    ...ofParts,
    ...rings.flatMap((_, i) => Array<string>(zones).fill(`receiver-ring${i}`)),
    ...(beside.prometheus === 'none' ? [] : ['prometheus']),
    ...(beside.operatedRuler ? ['thanos-ruler'] : []),
    ...(beside.replicate ? ['bucket-replicate'] : []),
    ...(beside.tool === 'none' ? [] : [`bucket-${beside.tool === 'unmark' ? 'mark' : beside.tool}`]),
  ];
}

const OPERATED = ['Prometheus', 'ThanosRuler'];

/** A resource of the operator as the pods that it makes of it: its container of Thanos gets the fields for it. */
function operatedPods({ kind, metadata, spec }: Json): Pods {
  const [name, of] = kind === 'Prometheus' ? ['thanos-sidecar', spec.thanos] : ['thanos-ruler', spec];
  const { objectStorageConfigFile: file, volumeMounts = [] } = of;
  const containers = spec.containers.map((container: Json) =>
    container.name === name
      ? {
          ...container,
          args: [`--objstore.config-file=${file}`],
          volumeMounts: [...(container.volumeMounts ?? []), ...volumeMounts],
        }
      : container,
  );
  return {
    name: `${kind} ${metadata.name}`,
    labels: { app: kind === 'Prometheus' ? 'prometheus' : name },
    spec: { ...spec, containers },
    containers,
  };
}

/** Each container of a pod sees all that it needs of what is guarded, and nothing else of it. */
function holdsExactly(given: Spec, pod: Pods): void {
  const guarded = guardedNames(given);
  const ofPod = pod.containers.map((container) => {
    const has = seen(pod.spec, container);
    const must = allowed(given, pod, container);
    expect(Object.fromEntries(has.files)).toMatchObject(Object.fromEntries(must.files));
    expect(Object.fromEntries(has.env)).toMatchObject(Object.fromEntries(must.env));
    const names = namesIn(must);
    expect(
      namesIn(has)
        .filter((name) => guarded.includes(name))
        .sort(),
    ).toEqual([...names].sort());
    namesOnly(given, container, names);
    const files = flagsOf(container).map((flag) => flag.slice(flag.indexOf('=') + 1));
    expect(files).toEqual([...must.files.keys()].filter((path) => path.endsWith('/objstore.yml')));
    return names;
  });
  namesOnly(given, pod.spec, ofPod.flat());
}

function guardedPattern(given: Spec): RegExp {
  return new RegExp(`"(${guardedNames(given).join('|')})"`, 'g');
}

/** Of what is guarded, only these are named. */
function namesOnly(given: Spec, json: Json, names: readonly string[]): void {
  const named = [...JSON.stringify(json).matchAll(guardedPattern(given))].map(([, name]) => name);
  expect(named.filter((name) => !names.includes(name))).toEqual([]);
}

/** What looks at a stack may read its config and its CA, and never the keys. */
function mayName({ name, ca, store }: Spec, { kind, metadata }: Json): string[] {
  if (kind !== 'Role' || metadata.name !== `${name}-check`) return [];
  const config = store.startsWith('own') ? 'given-objstore' : `${name}-objstore-config`;
  return [config, ...(ca.kind === 'none' ? [] : [ca.kind === 'text' ? `${name}-s3-ca-cert` : 'given-ca'])];
}

/** Only the pods that open the bucket get to it, and only those with a cache elsewhere get to that. */
function reachesExactly(given: Spec, all: Json[], pods: readonly Pods[]): void {
  const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
  const { caches, store } = given;
  const remote = (names: readonly (keyof typeof caches)[]): boolean =>
    names.some((name) => ['redis', 'memcached'].includes(caches[name].kind));
  const cached: Record<string, boolean> = {
    store: remote(['index-cache', 'caching-bucket']),
    'query-frontend': remote(['response-cache', 'label-cache']),
  };
  for (const { labels, containers } of pods.filter((pod) => 'app.kubernetes.io/instance' in pod.labels)) {
    const out = policies
      .filter(({ spec }) => selects(spec.podSelector, labels))
      .flatMap(({ spec }) => spec.egress ?? [])
      .flatMap(({ to }: Json) => to ?? [])
      .flatMap(({ ipBlock }: Json) => ipBlock?.cidr ?? []);
    const flags = containers.flatMap(flagsOf);
    const goes = store === 'filesystem' ? flags.some((flag) => flag.startsWith('--objstore-to.')) : flags.length > 0;
    expect(out.includes(OUTSIDE.objstore)).toBe(goes);
    expect(out.includes(OUTSIDE.caches)).toBe(cached[componentOf(labels) ?? ''] ?? false);
  }
}

function selects({ matchLabels = {}, matchExpressions = [] }: Json, labels: Record<string, string>): boolean {
  if (matchExpressions.length > 0) throw new Error('the oracle reads matchLabels alone');
  return Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
}
