import type { IConstruct } from 'constructs';
import { operatedFlag } from '../manifest/operated';
import { containers, type FoundPodSpec, list, mounts, podSpecs, references } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { groupBy } from '../support/group-by';
import { GuardIndex } from './boundary/guard-index';
import { hasNoPods } from './boundary/pod-kinds';
import { finished, type Finished, rendered } from './finished';
import type { GrantRow } from './grant-row';
import type { AppRegistry, GrantRecord, Holding, ShareRecord, Standing } from './registry';

/**
 * A row for each workload of the library, each that was let in, and each that holds the CA or the keys anyway, in the order
 * of the construct tree. Read from the finished objects: what a patch or a hatch brought in is there, what it took is not.
 */
export function grantRows(registry: AppRegistry): GrantRow[] {
  const app = registry.standing();
  const known = {
    guards: new GuardIndex(app),
    grants: groupBy(app.grants, ({ workload }): IConstruct => workload),
    shares: groupBy(app.shares, ({ object }): IConstruct => object),
  };
  const expected = new Set<IConstruct>([...known.grants.keys(), ...app.ungranted, ...known.shares.keys()]);
  return finished(rendered(app.root))
    .filter(({ object, json }) => expected.has(object) || !hasNoPods(json))
    .flatMap((one) => rowsOf(one, app, known).map((row) => ({ one, row })))
    .filter(({ one, row }) => expected.has(one.object) || row.caSource !== undefined || row.keys !== undefined)
    .map(({ row }) => row);
}

/** What the registry knows, found by what it is about. */
interface Known {
  readonly guards: GuardIndex;
  readonly grants: ReadonlyMap<IConstruct, readonly GrantRecord[]>;
  readonly shares: ReadonlyMap<IConstruct, readonly ShareRecord[]>;
}

/** One for each bucket that the workload opens. */
function rowsOf(one: Finished, app: Standing, known: Known): GrantRow[] {
  const [first, ...more] = known.grants.get(one.object) ?? [];
  const isOfMore = (held: Held): boolean => more.some((grant) => isOf(grant, held)) && !(first && isOf(first, held));
  const ofFirst = rowOf(one, app, known, first, (held) => !isOfMore(held));
  return [ofFirst, ...more.map((grant) => rowOf(one, app, known, grant, (held) => isOf(grant, held)))];
}

/** Whether it is held because of a Grant. */
function isOf({ facts }: GrantRecord, { at, named }: Held): boolean {
  if (at !== undefined) return facts.mounts.some(({ path }) => path === at);
  return facts.env.some(({ valueFrom }) => `Secret/${valueFrom?.secretKeyRef?.name}` === named);
}

function rowOf(
  { object, json, kind, name, namespace }: Finished,
  app: Standing,
  { guards, shares }: Known,
  grant: GrantRecord | undefined,
  isHere: (held: Held) => boolean,
): GrantRow {
  const cluster = app.clusterOf(object);
  const share = shares.get(object)?.[0];
  const pods = podSpecs(json).map((pod) => ({ pod }));
  const held = pods.flatMap(({ pod }) => heldBy(pod, (named) => guards.find(named, namespace, cluster))).filter(isHere);
  const ca = held.find(({ holds }) => holds === 'ca');
  const keys = held.find(({ holds }) => holds === 'keys');
  return {
    kind,
    name,
    namespace,
    cluster,
    shared: share?.reason,
    objstoreFlag: grant && (operatedFlag(json) ?? objstoreFlag(pods, grant)),
    caSource: ca?.named,
    caPath: ca && (grant?.facts.caPath?.startsWith(`${ca.at}/`) ? grant.facts.caPath : ca.at),
    keys: keys ? keysInWords(keys, grant) : identity(pods, grant),
  };
}

interface Held {
  readonly holds: Holding;
  /** `Secret/name`. */
  readonly named: string;
  /** Path of the mount; undefined for an environment variable. */
  readonly at?: string;
}

/** What a pod's containers really have: a volume that nobody mounts is not held. */
function heldBy(pod: FoundPodSpec, guardsOf: (named: string) => { readonly holds: Holding }[]): Held[] {
  const mounted = mounts(pod);
  return references(pod).flatMap((reference) => {
    const named = `${reference.kind}/${reference.name}`;
    const holds = guardsOf(named)[0]?.holds;
    if (holds === undefined) return [];
    if (reference.container !== undefined) return [{ holds, named }];
    const used = mounted.filter(({ volume }) => volume === reference.volume);
    return used.map(({ mountPath }) => ({ holds, named, at: mountPath }));
  });
}

function keysInWords({ named, at }: Held, grant: GrantRecord | undefined): string {
  // the grant's own words know more: that the keys are plain text
  if (grant?.facts.keys.includes(named)) return grant.facts.keys;
  return `${at === undefined ? 'env' : 'file'} from ${named}`;
}

/** Keys that lie in no Secret: an identity that the pod has, or none on purpose. */
function identity(pods: readonly { pod: FoundPodSpec }[], grant: GrantRecord | undefined): string | undefined {
  if (grant === undefined || / from (Secret|ConfigMap)\//.test(grant.facts.keys)) return undefined;
  const account = /ServiceAccount\/(.+)$/.exec(grant.facts.keys)?.[1];
  if (account === undefined) return grant.facts.keys;
  return pods.some(({ pod }) => pod.spec.serviceAccountName === account) ? grant.facts.keys : undefined;
}

function objstoreFlag(pods: readonly { pod: FoundPodSpec }[], grant: GrantRecord): string | undefined {
  const { containers: granted } = grant;
  const words = pods
    .flatMap(({ pod }) => containers(pod.path, pod.spec))
    .filter(({ container }) => granted.includes(container.name))
    .flatMap(({ container }: { container: Json }) => [...list(container.command), ...list(container.args)].map(String));
  const flags = words.filter((word) => word.startsWith('--objstore'));
  return flags.find((flag) => flag.endsWith(`=${grant.facts.configPath}`)) ?? flags[0];
}
