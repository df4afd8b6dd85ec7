import { type ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { requirePropsOfApp } from '../app/same-app';
import { HELD } from '../app/boundary/holdings';
import { place } from '../app/place';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { REQUIRED_OBJSTORE } from '../objstore/objstore-row';
import { sharedObject } from '../support/identity';
import { KubeRole, KubeRoleBinding, KubeServiceAccount, type PolicyRule, type Subject } from '../support/k8s';
import { objectName } from '../support/names';
import { checked, InputProblem } from '../support/problem';
import { listOf, text, yesOrNo } from '../support/rows';
import { readProps, type StructTable } from '../support/table';

/** Properties of a CheckRole. */
export interface CheckRoleProps {
  /** The bucket of the stack that is checked: its config and its CA may be read, and no other object's content. */
  readonly objstore: ObjstoreConfig;
  /**
   * Name of the Role, the RoleBinding and the ServiceAccount. Beside a StackCheck, which brings a CheckRole of its own, give
   * another.
   * @default - `<instance>-check`
   */
  readonly name?: string;
  /**
   * Makes a ServiceAccount of that name that has the Role, for a pipeline: `kubectl create token thanos-check`.
   * @default true
   */
  readonly serviceAccount?: boolean;
  /**
   * Users that have the Role, as the API server names them.
   * @default - none
   */
  readonly users?: string[];
  /**
   * Groups that have the Role.
   * @default - none
   */
  readonly groups?: string[];
  /**
   * Names of ConfigMaps that hold hashrings, `thanos-receiver-hashrings`: what receivers and routers run is compared with them.
   * @default - none: receivers are compared with each other
   */
  readonly hashrings?: string[];
  /**
   * Lets `check` read the files of CA and certificates in the pods, and the space that their volumes have left, by
   * `kubectl exec`. The right is one to run anything in any pod of the namespace, and so to read what the pod
   * knows, the keys too (docs/threat-model.md); without it these checks are skipped.
   * @default true
   */
  readonly exec?: boolean;
}

const PROPS: StructTable<CheckRoleProps> = {
  name: objectName,
  serviceAccount: yesOrNo,
  users: listOf(text),
  groups: listOf(text),
  hashrings: listOf(objectName),
  exec: yesOrNo,
  objstore: REQUIRED_OBJSTORE,
};

const TO_CONFIG_MAP = 'Copy the CA into a ConfigMap, and give S3Ca.fromConfigMapName';
const RBAC = 'rbac.authorization.k8s.io';

/**
 * What `cdk8s-thanos check` may do in the namespace of a stack, and no more: a Role, its RoleBinding, and a ServiceAccount
 * whose token is mounted nowhere. `check` never reads the keys; but who holds the right to `exec` could.
 */
export class CheckRole extends Construct {
  /** Name of the Role, the RoleBinding and the ServiceAccount. */
  public readonly roleName: string;
  /** The Role, for patches. */
  public readonly role: ApiObject;
  #laterRings: () => readonly string[] = () => [];

  constructor(scope: Construct, id: string, given: CheckRoleProps) {
    super(scope, id);
    appChecks(this).nameAfter(this, { prop: 'name', advice: 'Give one of the two another name' });
    const props = readProps(this, PROPS, given);
    requirePropsOfApp(this, { objstore: props.objstore });
    const { instance, namespace } = props.objstore;
    const shared = sharedObject(instance, 'check');
    const { name = shared.name } = props;
    const { labels } = shared;
    const metadata = { name, namespace, labels };
    judgeCa(this, props.objstore);
    const { serviceAccount = true, users = [], groups = [] } = props;
    const named = (kind: string) => (name: string) => ({ kind, apiGroup: RBAC, name });
    const subjects: Subject[] = [
      ...(serviceAccount ? [{ kind: 'ServiceAccount', name, namespace }] : []),
      ...users.map(named('User')),
      ...groups.map(named('Group')),
    ];
    checked(this, 'serviceAccount', () => {
      if (subjects.length === 0) throw new InputProblem('is false, and nobody is named in users and groups. Name some');
    });
    this.roleName = name;
    if (serviceAccount)
      place(this, 'Account', KubeServiceAccount.manifest({ metadata, automountServiceAccountToken: false }));
    this.role = place(
      this,
      'Resource',
      KubeRole.manifest({ metadata, rules: Lazy.any({ produce: () => this.#rules(props) }) }),
    );
    const roleRef = { apiGroup: RBAC, kind: 'Role', name };
    place(this, 'Binding', KubeRoleBinding.manifest({ metadata, roleRef, subjects }));
  }

  /**
   * Lets ConfigMaps of hashrings be read that are known at synth.
   * @internal
   */
  public _readRings(names: () => readonly string[]): void {
    this.#laterRings = names;
  }

  #rules({ hashrings = [], ...props }: CheckRoleProps): PolicyRule[] {
    return rules({ ...props, hashrings: [...new Set([...hashrings, ...this.#laterRings()])] });
  }
}

/** A right to read a Secret is one to read all that lies in it: RBAC knows no keys. */
function judgeCa(role: CheckRole, objstore: ObjstoreConfig): void {
  const registry = appChecks(role);
  const { caSource } = objstore._grant.facts;
  const here = registry.guarded.filter(
    ({ kind, name, namespace, owner }) =>
      `${kind}/${name}` === caSource &&
      kind === 'Secret' &&
      namespace === objstore.namespace &&
      registry.clusterOf(owner) === registry.clusterOf(objstore),
  );
  const secret = here.find(({ holds }) => holds !== 'ca');
  checked(role, 'objstore', () => {
    if (secret)
      throw new InputProblem(
        `has its CA in Secret ${secret.name}, which holds ${HELD[secret.holds]} too, and who may read a Secret may read all of it. ${TO_CONFIG_MAP}`,
      );
  });
  const referenced = here.find(({ owner, shared }) => owner === objstore && shared);
  if (!referenced) return;
  const text = `may read the whole of Secret ${referenced.name}, which has the CA: a private key too, if one lies there. ${TO_CONFIG_MAP}`;
  registry.warn(role, 'objstore', text);
}

function rules({ objstore, hashrings = [], exec = true }: CheckRoleProps): PolicyRule[] {
  const core = (resources: string[], verbs: string[], resourceNames?: string[]): PolicyRule => ({
    apiGroups: [''],
    resources,
    ...(resourceNames ? { resourceNames } : {}),
    verbs,
  });
  const { caSource, mounts } = objstore._grant.facts;
  const [caKind, caName] = caSource?.split('/') ?? [];
  // a config of the user's in a Secret may hold the keys
  const inConfigMap = mounts.some(({ role, volume }) => role === 'config' && volume.configMap !== undefined);
  const configs = [
    ...(inConfigMap ? [objstore.configMapName] : []),
    ...(caKind === 'ConfigMap' ? [caName] : []),
    ...hashrings,
  ];
  return [
    core(['pods'], ['get', 'list']),
    core(['services'], ['list']),
    { apiGroups: ['networking.k8s.io'], resources: ['networkpolicies'], verbs: ['list'] },
    { apiGroups: ['cilium.io'], resources: ['ciliumnetworkpolicies'], verbs: ['list'] },
    core(['events'], ['list']),
    core(['pods/log'], ['get']),
    core(['pods/proxy'], ['get']),
    // kubectl asks with get or create, by its version
    ...(exec ? [core(['pods/exec'], ['get', 'create'])] : []),
    ...(configs.length > 0 ? [core(['configmaps'], ['get'], configs)] : []),
    ...(caKind === 'Secret' ? [core(['secrets'], ['get'], [caName])] : []),
  ];
}
