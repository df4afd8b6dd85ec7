import { type FoundPodSpec, list } from '../../manifest/pod-specs';
import type { Json } from '../../support/json';
import { type Finished, mayBeSame } from '../finished';
import type { Standing, GrantRecord, GuardedObject, ShareRecord } from '../registry';
import { isOurs } from '../place';
import { HELD } from './holdings';
import { letsIn } from './let-in';
import { groupKind } from '../../manifest/group-kind';
import { selects } from '../../manifest/selector';
import { NOTHING, problemAt, type Verdict, warningAt } from './verdict';

const RBAC = 'rbac.authorization.k8s.io';
const READING = ['get', 'list', 'watch', '*'];

/** Roles of every cluster that may read all Secrets of what they are bound in. */
const READ_ALL = ['cluster-admin', 'admin', 'edit'];
const ACCOUNTS = 'system:serviceaccounts';
/** A ServiceAccount is a user too (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects). */
const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** ServiceAccounts, and what they have a right by. */
interface Holder {
  readonly cluster?: string;
  /** Namespace of the accounts; undefined: any. */
  readonly namespace?: string;
  /** Name of the account; undefined: all of the namespace. */
  readonly account?: string;
  /** `Role x`. */
  readonly by: string;
}

/** A guarded object that ServiceAccounts may read through the API. */
interface Right extends Holder {
  readonly guard: GuardedObject;
  /** The rule names the object, so it is meant. */
  readonly named: boolean;
}

/** Granted pods in which ServiceAccounts may run commands, and so read what these pods hold. */
interface ExecRight extends Holder {
  readonly grants: readonly GrantRecord[];
}

/** Pods whose ServiceAccount may read what a Grant carries through the API (https://kubernetes.io/docs/reference/access-authn-authz/rbac/). */
export class SecretReaders {
  readonly #rights: readonly Right[];
  readonly #execs: readonly ExecRight[];
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
    const bindings = of(`${RBAC}/RoleBinding`, `${RBAC}/ClusterRoleBinding`);
    this.#rights = bindings.flatMap((binding) => this.#bound(binding));
    this.#execs = bindings.flatMap((binding) => this.#running(binding));
  }

  /** What a pod's container could read with the pod's token. */
  public ofPod(
    one: Finished,
    { path, spec }: FoundPodSpec,
    granted: readonly GrantRecord[],
    shared: readonly ShareRecord[],
  ): Verdict {
    if (this.#rights.length + this.#execs.length === 0 || !Array.isArray(spec.containers)) return NOTHING;
    const account = spec.serviceAccountName ?? spec.serviceAccount ?? 'default';
    const cluster = this.app.clusterOf(one.object);
    if (!this.#mountsToken(one, spec, account)) return NOTHING;
    const letIn = [...granted, ...shared];
    const isIts = (right: Holder): boolean =>
      mayBeSame(right.cluster, cluster) &&
      mayBeSame(right.namespace, one.namespace) &&
      mayBeSame(right.account, account);
    const rights = this.#rights.filter(
      (right) => isIts(right) && !letIn.some((record) => letsIn(this.app, record, right.guard)),
    );
    const execs = this.#execs.filter((exec) => isIts(exec) && !rights.some(({ by }) => by === exec.by));
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
      warnings: [
        ...rights
          .filter(({ named }) => !named)
          .map((right) => warningAt(one, at, `${text(right)}. If it must, say so with share`)),
        ...running(one, execs, letIn).map((found) => warningAt(one, at, `${account} ${found}`)),
      ],
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
    const readable = guards.flatMap((guard) => {
      const named = this.#reads(binding, guard);
      return named === undefined ? [] : [{ guard, named }];
    });
    return this.#holders(binding).flatMap((holder) => readable.map((right) => ({ ...right, ...holder })));
  }

  /** A right to run commands in pods of a namespace. */
  #running(binding: Finished): ExecRight[] {
    const { json, namespace, object } = binding;
    const { rules, builtIn } = this.#rulesOf(binding);
    const running = rules.filter(runs);
    if (running.length === 0 && !builtIn) return [];
    const everywhere = json.kind === 'ClusterRoleBinding';
    const cluster = this.app.clusterOf(object);
    const grants = this.app.grants.filter(
      ({ workload, facts }) =>
        (everywhere || mayBeSame(facts.namespace, namespace)) &&
        mayBeSame(this.app.clusterOf(workload), cluster) &&
        (builtIn || running.some((rule) => isIn(rule, workload.name))),
    );
    return grants.length === 0 ? [] : this.#holders(binding).map((holder) => ({ ...holder, grants }));
  }

  #holders({ json, namespace, object }: Finished): Holder[] {
    const by = `${json.roleRef?.kind} ${json.roleRef?.name}`;
    const cluster = this.app.clusterOf(object);
    const accounts = list(json.subjects).flatMap((subject) => accountsOf(subject, namespace));
    return accounts.map((account) => ({ ...account, by, cluster }));
  }

  /** Whether a binding's role may read an object, and whether it names it; undefined where it may not. */
  #reads(binding: Finished, guard: GuardedObject): boolean | undefined {
    const { rules, builtIn } = this.#rulesOf(binding);
    const reading = rules.filter((rule) => reads(rule, guard));
    const named = reading.some(({ resourceNames }) => resourceNames?.length);
    // many a controller reads all ConfigMaps, and the config holds no keys
    if (named || (reading.length > 0 && guard.kind === 'Secret')) return named;
    return builtIn && guard.kind === 'Secret' ? false : undefined;
  }

  /** The rules of a binding's role, or whether it is one of every cluster. */
  #rulesOf({ json, namespace, object }: Finished): { readonly rules: Json[]; readonly builtIn: boolean } {
    const { kind, name } = json.roleRef ?? {};
    const roles = this.#roles.filter(
      (role) =>
        role.kind === kind &&
        role.name === name &&
        (kind === 'ClusterRole' || mayBeSame(role.namespace, namespace)) &&
        mayBeSame(this.app.clusterOf(role.object), this.app.clusterOf(object)),
    );
    const builtIn = roles.length === 0 && kind === 'ClusterRole' && READ_ALL.includes(name);
    return { rules: roles.flatMap((role) => this.#rulesIn(role)), builtIn };
  }

  /** What a role says, or what the API server writes there from those that it gathers: it drops what stood there. */
  #rulesIn(role: Finished): Json[] {
    const gathers = role.json.aggregationRule?.clusterRoleSelectors;
    if (!Array.isArray(gathers)) return list(role.json.rules);
    const cluster = this.app.clusterOf(role.object);
    return this.#roles
      .filter((one) => one !== role && one.kind === 'ClusterRole' && mayBeSame(this.app.clusterOf(one.object), cluster))
      .filter(({ json }) => list(gathers).some((selector) => selects(selector, json.metadata?.labels ?? {})))
      .flatMap(({ json }) => list(json.rules));
  }
}

/** What a pod's account may run in others that hold what was not given to it: each role once. */
function running(one: Finished, execs: readonly ExecRight[], letIn: readonly (GrantRecord | ShareRecord)[]): string[] {
  const knows = ({ workload, owner }: GrantRecord): boolean =>
    workload === one.object || letIn.some((record) => record.owner === owner && !('onlyReads' in record));
  const found = execs.flatMap(({ by, grants }) => {
    const [first] = grants.filter((grant) => !knows(grant));
    if (first === undefined) return [];
    const { workload, facts } = first;
    const advice = isOurs(one.object) ? 'Take the right away, unless it must' : 'If it must, say so with share';
    return [
      `may run commands in the pods of namespace ${facts.namespace} by ${by}, and its token is mounted: it can read what those that open the bucket hold (${workload.kind} ${workload.name}), the keys too. ${advice}`,
    ];
  });
  return [...new Set(found)];
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

function has(list: unknown, ...wanted: string[]): boolean {
  return Array.isArray(list) && list.some((item) => wanted.includes(item));
}

function reads(rule: Json, guard: GuardedObject): boolean {
  const resource = guard.kind === 'Secret' ? 'secrets' : 'configmaps';
  const names = rule?.resourceNames;
  return (
    has(rule?.apiGroups, '', '*') &&
    has(rule?.resources, resource, '*') &&
    has(rule?.verbs, ...READING) &&
    (!Array.isArray(names) || names.length === 0 || names.includes(guard.name))
  );
}

/** Ways to run something in a pod; kubectl asks for exec with get or create, by its version. */
const RUNNING: readonly (readonly [resource: string, verbs: readonly string[]])[] = [
  ['exec', ['create', 'get', '*']],
  // a container that is added may mount what the pod has
  ['ephemeralcontainers', ['patch', 'update', '*']],
];

function runs(rule: Json): boolean {
  return (
    has(rule?.apiGroups, '', '*') &&
    RUNNING.some(([way, verbs]) => has(rule?.resources, `pods/${way}`, `*/${way}`, '*') && has(rule?.verbs, ...verbs))
  );
}

/** A pod is its workload, or named after it. */
function isIn({ resourceNames: names }: Json, workload: string): boolean {
  if (!Array.isArray(names) || names.length === 0) return true;
  return names.some((name) => name === workload || String(name).startsWith(`${workload}-`));
}
