import { type Holding, heldObjects, holdings } from '../../lint/holdings';
import { label, type ManifestObject } from '../../lint/manifest-object';
import type { Pod } from '../../lint/pod';
import { isMap, list, text } from '../../lint/shape';
import type { World } from '../../lint/world';
import type { Json } from '../../support/json';

/** Somebody whom a Role lets read what opens a bucket, through the API. */
export interface ReaderLine {
  /** `ServiceAccount monitoring/check`. */
  readonly who: string;
  /** The workloads that have its token. */
  readonly workloads: readonly string[];
  /** `CA: Secret s3-ca`, each. */
  readonly what: readonly string[];
  /** `get, list by Role check, of RoleBinding check`. */
  readonly by: readonly string[];
}

/** What opens a bucket, and lies in an object. */
interface HeldObject {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly what: Holding;
}

const RBAC = /^rbac\.authorization\.k8s\.io\//;
const READING = ['get', 'list', 'watch', '*'];
/** Roles of every cluster that may read all Secrets of what they are bound in. */
const READ_ALL: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['*'],
  admin: ['get', 'list', 'watch'],
  edit: ['get', 'list', 'watch'],
};

/**
 * Everybody whom the bindings of the manifests let read the CA, the keys or the config
 * (https://kubernetes.io/docs/reference/access-authn-authz/rbac/). A rule that names no ConfigMap is left out: many a
 * controller reads all of them, and the config holds no keys.
 */
export function readerLines(world: World): ReaderLine[] {
  const held = heldIn(world);
  const lines = new Map<string, { workloads: readonly string[]; what: Set<string>; by: Set<string> }>();
  for (const binding of world.objects.filter((one) => isRbac(one, 'RoleBinding', 'ClusterRoleBinding'))) {
    const roleRef = isMap(binding.json.roleRef) ? binding.json.roleRef : {};
    const near = binding.kind === 'ClusterRoleBinding' ? held : held.filter((one) => mayBeIn(one, binding));
    const rules = rulesOf(world, binding, text(roleRef.kind), text(roleRef.name));
    for (const one of near) {
      const verbs = new Set(rules.filter((rule) => reaches(rule, one)).flatMap((rule) => readingOf(rule)));
      if (verbs.size === 0) continue;
      const by = `${[...verbs].join(', ')} by ${text(roleRef.kind)} ${text(roleRef.name)}, of ${label(binding)}`;
      for (const { who, pods } of list(binding.json.subjects).map((subject) => subjectOf(world, binding, subject))) {
        const line = lines.get(who) ?? { workloads: pods, what: new Set(), by: new Set() };
        line.what.add(`${one.what}: ${one.kind} ${one.name}`);
        line.by.add(by);
        lines.set(who, line);
      }
    }
  }
  return [...lines].map(([who, { workloads, what, by }]) => ({ who, workloads, what: [...what], by: [...by] }));
}

/** Objects that a config names, whether they are in the manifests or not, and copies of the CA. */
function heldIn(world: World): HeldObject[] {
  const bring = holdings(world);
  const copies = world.objects.flatMap((object): HeldObject[] => {
    const { kind, namespace, name } = object;
    if (kind !== 'Secret' && kind !== 'ConfigMap') return [];
    const what = bring({ object }, { kind, name, volume: '' });
    return what === undefined ? [] : [{ namespace, kind, name, what }];
  });
  const named = [...heldObjects(world)].map(([key, what]): HeldObject => {
    const [namespace, kind, ...name] = key.split('/');
    return { namespace, kind, name: name.join('/'), what };
  });
  const same = (a: HeldObject, b: HeldObject): boolean =>
    a.namespace === b.namespace && a.kind === b.kind && a.name === b.name;
  return [...named, ...copies.filter((copy) => !named.some((one) => same(one, copy)))];
}

function isRbac({ apiVersion, kind }: ManifestObject, ...kinds: string[]): boolean {
  return RBAC.test(apiVersion) && kinds.includes(kind);
}

/** A namespace that the manifests leave open may be any. */
function mayBeIn(one: Pick<HeldObject, 'namespace'>, { namespace }: { readonly namespace: string }): boolean {
  return one.namespace === '' || namespace === '' || one.namespace === namespace;
}

function rulesOf(world: World, binding: ManifestObject, kind: string, name: string): Json[] {
  const roles = world.objects.filter(
    (role) =>
      isRbac(role, 'Role', 'ClusterRole') &&
      role.kind === kind &&
      role.name === name &&
      (kind === 'ClusterRole' || mayBeIn(role, binding)),
  );
  if (roles.length === 0 && kind === 'ClusterRole' && Object.hasOwn(READ_ALL, name))
    return [{ apiGroups: [''], resources: ['secrets'], verbs: READ_ALL[name] }];
  return roles.flatMap(({ json }) => list(json.rules));
}

function reaches(rule: Json, { kind, name }: HeldObject): boolean {
  const has = (field: string, wanted: string): boolean =>
    list(rule?.[field]).some((item) => item === wanted || item === '*');
  const names = list(rule?.resourceNames);
  const named = names.includes(name);
  return (
    has('apiGroups', '') &&
    has('resources', kind === 'Secret' ? 'secrets' : 'configmaps') &&
    (named || (names.length === 0 && kind === 'Secret'))
  );
}

function readingOf(rule: Json): string[] {
  return list(rule?.verbs).filter((verb) => READING.includes(verb));
}

function subjectOf(world: World, binding: ManifestObject, subject: Json) {
  const [kind, name] = [text(subject?.kind), text(subject?.name)];
  if (kind !== 'ServiceAccount') return { who: `${kind} ${name}`, pods: [] };
  const namespace = text(subject.namespace) || binding.namespace;
  const pods = world.pods.filter((pod) => accountOf(pod) === name && mayBeIn(pod.object, { namespace }));
  return {
    who: label({ kind, name, namespace } as ManifestObject),
    pods: [...new Set(pods.filter((pod) => mountsToken(world, pod)).map(({ object }) => label(object)))],
  };
}

function accountOf({ found: { spec } }: Pod): string {
  return text(spec.serviceAccountName) || text(spec.serviceAccount) || 'default';
}

/** By the pod's word, else the account's; or as a volume of its own. */
function mountsToken(world: World, pod: Pod): boolean {
  const { spec } = pod.found;
  const sources = list(spec.volumes).flatMap((volume) => list(volume.projected?.sources));
  if (sources.some((source) => isMap(source) && source.serviceAccountToken !== undefined)) return true;
  if (typeof spec.automountServiceAccountToken === 'boolean') return spec.automountServiceAccountToken;
  const account = world.find('ServiceAccount', pod.object.namespace, accountOf(pod));
  return account?.json.automountServiceAccountToken !== false;
}
