import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { GrantRole, GuardedObject, Holding } from '../app/registry';
import type { ObjectStore } from './object-store';
import { caFileIn } from './objstore-yaml';
import { CONFIG_FILE } from './paths';

/** The bucket that guards, and where its objects lie. */
export interface Guarding {
  readonly owner: IConstruct;
  readonly namespace: string;
  /** Path of the CA in a granted container; undefined without one. */
  readonly caFile?: string;
}

/** The CA, the keys and whatever else of a bucket only granted pods may use, but for the config that this library makes. */
export function bucketGuards({ document, ca, keysSecrets, parts }: ObjectStore, by: Guarding): GuardedObject[] {
  const { owner, namespace } = by;
  const own = 'own' in document ? document.own : undefined;
  const caIn = { key: own?.key ?? CONFIG_FILE, caPath: by.caFile, caIn: caFileIn };
  const guards: Omit<GuardedObject, 'owner' | 'namespace'>[] = [
    ...(own ? [{ kind: own.kind, name: own.name, holds: 'config', own: caIn } as const] : []),
    // the CA of a Secret of ours is guarded there
    ...(ca && !ca.secret
      ? [{ kind: ca.kind, name: ca.name, holds: 'ca', shared: !ca.exclusive, made: ca.made } as const]
      : []),
    ...keysSecrets.map(({ name, made }) => ({ kind: 'Secret', name, holds: 'keys', made }) as const),
    ...parts.flatMap(({ role, volume }) =>
      isGuardedPart(role) ? [{ kind: 'Secret', name: volume.secret!.secretName!, holds: role } as const] : [],
    ),
  ];
  return guards.map((guard) => ({ ...guard, owner, namespace }));
}

/** A ConfigMap of this library with an objstore.yml. */
export function configGuard({ owner, namespace, caFile }: Guarding, object: ApiObject, text: string): GuardedObject {
  const ca = caFile === undefined ? undefined : { path: caFile, in: caFileIn };
  const made = { object, texts: { [CONFIG_FILE]: text }, ca };
  return { kind: 'ConfigMap', name: object.name, namespace, holds: 'config', owner, made };
}

/** What of a Grant's parts lies in a Secret of the user's that nothing else guards. */
const GUARDED_PARTS = {
  config: false,
  ca: false,
  keys: false,
  token: false,
  blocks: false,
  'client-certificate': true,
  'sse-key': true,
} as const satisfies Record<GrantRole, boolean>;

function isGuardedPart(role: GrantRole): role is Holding {
  return GUARDED_PARTS[role];
}
