import type { IConstruct } from 'constructs';
import type { FoundPodSpec, Json } from '../../manifest/pod-specs';
import { type Finished, mayBeSame } from '../finished';
import type { Standing, GrantRecord, GuardedObject, ShareRecord } from '../registry';
import { HELD } from './holdings';
import { letsIn } from './let-in';
import { groupKind } from './pod-kinds';
import { NOTHING, problemAt, type Verdict, warningAt } from './verdict';

const RBAC = 'rbac.authorization.k8s.io';
const READING = ['get', 'list', 'watch', '*'];

/** A guarded object that a ServiceAccount may read through the API. */
interface Right {
  readonly guard: GuardedObject;
  /** `Role x`. */
  readonly by: string;
  /** The rule names the object, so it is meant. */
  readonly named: boolean;
}

/** Pods whose ServiceAccount may read what a Grant carries through the API (https://kubernetes.io/docs/reference/access-authn-authz/rbac/). */
export class SecretReaders {
  readonly #rights = new Map<string, Right[]>();
  /** ServiceAccounts whose tokens are not mounted unless the pod says so. */
  readonly #silent = new Set<string>();

  constructor(
    private readonly app: Standing,
    objects: readonly Finished[],
  ) {
    const all = objects.filter(({ kind }) => /^(ServiceAccount|(Cluster)?Role(Binding)?)$/.test(kind));
    const roles = all.filter(({ json }) => /^rbac\..*\/(Cluster)?Role$/.test(groupKind(json)));
    for (const { json, namespace, object } of all) {
      if (groupKind(json) === '/ServiceAccount' && json.automountServiceAccountToken === false)
        this.#silent.add(this.#key(object, namespace, json.metadata?.name));
      if (groupKind(json) === `${RBAC}/RoleBinding` || groupKind(json) === `${RBAC}/ClusterRoleBinding`)
        this.#bind(json, namespace, object, roles);
    }
  }

  /** What a pod's container could read with the pod's token. */
  public ofPod(
    one: Finished,
    { path, spec }: FoundPodSpec,
    granted: readonly GrantRecord[],
    shared: readonly ShareRecord[],
  ): Verdict {
    if (this.#rights.size === 0 || !Array.isArray(spec.containers)) return NOTHING;
    const account = spec.serviceAccountName ?? spec.serviceAccount ?? 'default';
    const key = this.#key(one.object, one.namespace, account);
    const mounted = spec.automountServiceAccountToken ?? !this.#silent.has(key);
    if (mounted === false) return NOTHING;
    const letIn = [...granted, ...shared];
    const rights = (this.#rights.get(key) ?? []).filter(({ guard }) => !letIn.some((one) => letsIn(one, guard)));
    const at = `${path}.serviceAccountName`;
    const text = ({ guard, by }: Right): string =>
      `${account} may read ${HELD[guard.holds]} (${guard.kind} ${guard.name}) by ${by}, and its token is mounted`;
    return {
      problems: rights
        .filter(({ named }) => named)
        .map((right) =>
          problemAt(one, at, `${text(right)}. Take the right away, or let the workload in with grantTo or share`),
        ),
      warnings: rights
        .filter(({ named }) => !named)
        .map((right) => warningAt(one, at, `${text(right)}. If it must, say so with share`)),
    };
  }

  #bind(binding: Json, namespace: string | undefined, object: IConstruct, roles: readonly Finished[]): void {
    const role = roles.find(
      ({ json, namespace: own }) =>
        json.kind === binding.roleRef?.kind &&
        json.metadata?.name === binding.roleRef?.name &&
        (json.kind === 'ClusterRole' || own === namespace),
    );
    if (role === undefined) return;
    const everywhere = binding.kind === 'ClusterRoleBinding';
    const cluster = this.app.clusterOf(object);
    const guards = this.app.guarded.filter(
      (guard) =>
        !guard.shared &&
        (everywhere || guard.namespace === namespace) &&
        mayBeSame(this.app.clusterOf(guard.owner), cluster),
    );
    const rules: Json[] = Array.isArray(role.json.rules) ? role.json.rules : [];
    const by = `${role.json.kind} ${role.json.metadata.name}`;
    const rights = guards.flatMap((guard) => {
      const reading = rules.filter((rule) => reads(rule, guard));
      const named = reading.some(({ resourceNames }) => resourceNames?.length);
      // many a controller reads all ConfigMaps, and the config holds no keys
      return reading.length === 0 || (guard.kind === 'ConfigMap' && !named) ? [] : [{ guard, by, named }];
    });
    for (const subject of Array.isArray(binding.subjects) ? binding.subjects : []) {
      if (subject?.kind !== 'ServiceAccount') continue;
      const key = this.#key(object, subject.namespace ?? namespace, subject.name);
      this.#rights.set(key, [...(this.#rights.get(key) ?? []), ...rights]);
    }
  }

  #key(object: IConstruct, namespace: string | undefined, name: string): string {
    return [this.app.clusterOf(object) ?? '', namespace ?? '', name].join('/');
  }
}

function reads(rule: Json, guard: GuardedObject): boolean {
  const has = (list: unknown, ...wanted: string[]): boolean =>
    Array.isArray(list) && list.some((item) => wanted.includes(item));
  const resource = guard.kind === 'Secret' ? 'secrets' : 'configmaps';
  const names = rule?.resourceNames;
  return (
    has(rule?.apiGroups, '', '*') &&
    has(rule?.resources, resource, '*') &&
    has(rule?.verbs, ...READING) &&
    (!Array.isArray(names) || names.length === 0 || names.includes(guard.name))
  );
}
