import { type FoundPodSpec, list } from '../../manifest/pod-specs';
import type { Json } from '../../support/json';
import { type Finished, mayBeSame } from '../finished';
import type { Standing, GrantRecord, GuardedObject, ShareRecord } from '../registry';
import { isOurs } from '../place';
import { HELD } from './holdings';
import { letsIn } from './let-in';
import { groupKind } from '../../manifest/group-kind';
import { NOTHING, problemAt, type Verdict, warningAt } from './verdict';

const RBAC = 'rbac.authorization.k8s.io';
const READING = ['get', 'list', 'watch', '*'];

/** Roles of every cluster that may read all Secrets of what they are bound in. */
const READ_ALL = ['cluster-admin', 'admin', 'edit'];
const ACCOUNTS = 'system:serviceaccounts';
/** A ServiceAccount is a user too (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects). */
const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** A guarded object that ServiceAccounts may read through the API. */
interface Right {
  readonly cluster?: string;
  /** Namespace of the accounts; undefined: any. */
  readonly namespace?: string;
  /** Name of the account; undefined: all of the namespace. */
  readonly account?: string;
  readonly guard: GuardedObject;
  /** `Role x`. */
  readonly by: string;
  /** The rule names the object, so it is meant. */
  readonly named: boolean;
}

/** Pods whose ServiceAccount may read what a Grant carries through the API (https://kubernetes.io/docs/reference/access-authn-authz/rbac/). */
export class SecretReaders {
  readonly #rights: readonly Right[];
  readonly #roles: readonly Finished[];
  /** ServiceAccounts whose tokens are not mounted unless the pod says so. */
  readonly #silent: readonly Finished[];

  constructor(
    private readonly app: Standing,
    objects: readonly Finished[],
  ) {
    const all = objects.filter(({ kind }) => /^(ServiceAccount|(Cluster)?Role(Binding)?)$/.test(kind));
    const of = (...kinds: string[]): Finished[] => all.filter(({ json }) => kinds.includes(groupKind(json)));
    this.#roles = of(`${RBAC}/Role`, `${RBAC}/ClusterRole`);
    this.#silent = of('/ServiceAccount').filter(({ json }) => json.automountServiceAccountToken === false);
    this.#rights = of(`${RBAC}/RoleBinding`, `${RBAC}/ClusterRoleBinding`).flatMap((binding) => this.#bound(binding));
  }

  /** What a pod's container could read with the pod's token. */
  public ofPod(
    one: Finished,
    { path, spec }: FoundPodSpec,
    granted: readonly GrantRecord[],
    shared: readonly ShareRecord[],
  ): Verdict {
    if (this.#rights.length === 0 || !Array.isArray(spec.containers)) return NOTHING;
    const account = spec.serviceAccountName ?? spec.serviceAccount ?? 'default';
    const cluster = this.app.clusterOf(one.object);
    if (!this.#mountsToken(one, spec, account)) return NOTHING;
    const letIn = [...granted, ...shared];
    const rights = this.#rights.filter(
      (right) =>
        mayBeSame(right.cluster, cluster) &&
        mayBeSame(right.namespace, one.namespace) &&
        mayBeSame(right.account, account) &&
        !letIn.some((record) => letsIn(this.app, record, right.guard)),
    );
    const at = `${path}.serviceAccountName`;
    const text = ({ guard, by }: Right): string =>
      `${account} may read ${HELD[guard.holds]} (${guard.kind} ${guard.name}) by ${by}, and its token is mounted`;
    return {
      problems: rights
        .filter(({ named }) => named)
        .map((right) =>
          problemAt(
            one,
            at,
            `${text(right)}. Take the right away${isOurs(one.object) ? '' : ', or let the workload in with grantTo or share'}`,
          ),
        ),
      warnings: rights
        .filter(({ named }) => !named)
        .map((right) => warningAt(one, at, `${text(right)}. If it must, say so with share`)),
    };
  }

  /** By the pod's word, else the account's; or as a volume of its own. */
  #mountsToken(one: Finished, spec: Json, account: string): boolean {
    const projected = list(spec.volumes).some((volume) =>
      list(volume.projected?.sources).some((source) => source.serviceAccountToken !== undefined),
    );
    if (projected || spec.automountServiceAccountToken === true) return true;
    if (spec.automountServiceAccountToken === false) return false;
    const cluster = this.app.clusterOf(one.object);
    return !this.#silent.some(
      ({ object, name, namespace }) =>
        name === account && namespace === one.namespace && this.app.clusterOf(object) === cluster,
    );
  }

  #bound(binding: Finished): Right[] {
    const { json, namespace, object } = binding;
    const cluster = this.app.clusterOf(object);
    const everywhere = json.kind === 'ClusterRoleBinding';
    const guards = this.app.guarded.filter(
      (guard) =>
        !guard.shared &&
        (everywhere || mayBeSame(guard.namespace, namespace)) &&
        mayBeSame(this.app.clusterOf(guard.owner), cluster),
    );
    const by = `${json.roleRef?.kind} ${json.roleRef?.name}`;
    const readable = guards.flatMap((guard) => {
      const named = this.#reads(binding, guard);
      return named === undefined ? [] : [{ guard, by, named }];
    });
    const subjects = list(json.subjects).flatMap((subject) => accountsOf(subject, namespace));
    return subjects.flatMap((subject) => readable.map((right) => ({ ...right, ...subject, cluster })));
  }

  /** Whether a binding's role may read an object, and whether it names it; undefined where it may not. */
  #reads({ json, namespace, object }: Finished, guard: GuardedObject): boolean | undefined {
    const { kind, name } = json.roleRef ?? {};
    const roles = this.#roles.filter(
      (role) =>
        role.kind === kind &&
        role.name === name &&
        (kind === 'ClusterRole' || mayBeSame(role.namespace, namespace)) &&
        mayBeSame(this.app.clusterOf(role.object), this.app.clusterOf(object)),
    );
    const rules = roles.flatMap((role) => list(role.json.rules));
    const reading = rules.filter((rule) => reads(rule, guard));
    const named = reading.some(({ resourceNames }) => resourceNames?.length);
    // many a controller reads all ConfigMaps, and the config holds no keys
    if (named || (reading.length > 0 && guard.kind === 'Secret')) return named;
    const builtIn = roles.length === 0 && kind === 'ClusterRole' && READ_ALL.includes(name) && guard.kind === 'Secret';
    return builtIn ? false : undefined;
  }
}

/** The ServiceAccounts that a subject of a binding stands for. */
function accountsOf(subject: Json, namespace: string | undefined): Pick<Right, 'namespace' | 'account'>[] {
  if (subject?.kind === 'ServiceAccount')
    return [{ namespace: subject.namespace ?? namespace, account: String(subject.name) }];
  const [, of, account] = (subject?.kind === 'User' && ACCOUNT.exec(String(subject.name))) || [];
  if (account !== undefined) return [{ namespace: of, account }];
  const group = subject?.kind === 'Group' ? String(subject.name) : '';
  if (group === ACCOUNTS || group === 'system:authenticated') return [{}];
  return group.startsWith(`${ACCOUNTS}:`) ? [{ namespace: group.slice(ACCOUNTS.length + 1) }] : [];
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
