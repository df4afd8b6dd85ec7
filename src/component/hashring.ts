import { place } from '../app/place';
import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { KubeConfigMap } from '../support/k8s';
import type { Context } from './context';
import type { Flags } from './flags';
import type { Extras } from './kind';
import type { Identity } from '../support/identity';
import { InputProblem, found } from '../support/problem';

/** A ring's receivers: the pods of a StatefulSet. */
export interface Ring {
  readonly identity: Identity;
  readonly replicas: number;
}

/** An entry of the hashring file, as Thanos reads it (https://thanos.io/tip/components/receive.md/). */
export interface RingEntry {
  readonly hashring: string;
  readonly tenants?: readonly string[];
  readonly tenant_matcher_type?: string;
  readonly endpoints: readonly (string | { readonly address: string; readonly az: string })[];
  readonly shuffle_sharding_config?: object;
}

/** Name of the ring where there is one. */
export const DEFAULT_RING = 'default';

const DIRECTORY = '/etc/thanos/hashrings';
const VOLUME = 'hashrings';
/** Key of the rings in their ConfigMap. */
const HASHRINGS_FILE = 'hashrings.json';
/** The flag that says how often a sample is stored. */
export const FACTOR_FLAG = '--receive.replication-factor';
/** The flag of the algorithm; the one of the file does not decide how a change is taken. */
export const ALGORITHM_FLAG = '--receive.hashrings-algorithm';

/** What a container is told of the hashring file. */
export const RING_ARGS = [
  ['--receive.hashrings-file', `${DIRECTORY}/${HASHRINGS_FILE}`],
  // the kubelet's update is seen at once the first time only, later by this poll (measured)
  ['--receive.hashrings-file-refresh-interval', '1m'],
  [ALGORITHM_FLAG, 'ketama'],
] as const;

/** Makes the ConfigMap of the rings, and says its name. */
export function placeRings({ construct, identity }: Context<unknown>, rings: readonly RingEntry[]): string {
  const name = identity.object('hashrings');
  const metadata = { name, namespace: identity.namespace, labels: { ...identity.selector } };
  place(construct, 'Hashrings', KubeConfigMap.manifest({ metadata, data: { [HASHRINGS_FILE]: hashringJson(rings) } }));
  return name;
}

/** Volumes, and where they appear. */
export type Files = Required<Pick<Extras, 'volumes' | 'mounts'>>;

/** Several of them. */
export function together(files: readonly Files[]): Files {
  return { volumes: files.flatMap(({ volumes }) => volumes), mounts: files.flatMap(({ mounts }) => mounts) };
}

/** Where the rings of a ConfigMap lie in a pod. A directory: a subPath never sees an update. */
export function ringFiles(configMap: string): Files {
  return {
    volumes: [{ name: VOLUME, configMap: { name: configMap } }],
    mounts: [{ name: VOLUME, mountPath: DIRECTORY, readOnly: true }],
  };
}

/** Names of the ConfigMaps whose rings a finished pod reads. */
export function ringConfigMaps({ spec }: Json): string[] {
  return list(spec?.volumes).flatMap(({ name, configMap }) => (name === VOLUME ? [configMap?.name] : []));
}

/** Value of `--receive.local-endpoint`: the pod's own address, spelled as in the ring. */
export function localEndpoint(ring: Ring): string {
  return ring.identity.podHost('$(POD_NAME)', 'grpc');
}

/** Addresses of the pods. */
export function ringEndpoints({ identity, replicas }: Ring): string[] {
  return Array.from({ length: replicas }, (_, i) => identity.podHost(identity.pod(i), 'grpc'));
}

/** The hashring file. */
function hashringJson(rings: readonly RingEntry[]): string {
  return `${JSON.stringify(rings, null, 2)}\n`;
}

/** Copies of each sample, where nothing else is asked for. */
export function defaultReplicationFactor(replicas: number): number {
  return replicas >= 3 ? 3 : 1;
}

/** The copies of each sample, as Thanos gets them. */
export function factorOf(text: string | undefined): number {
  const factor = Number(text);
  if (Number.isSafeInteger(factor) && factor >= 1) return factor;
  throw new InputProblem(`is ${found(text)}; it must be a whole number of at least 1`);
}

/** The copies of each sample. Refuses more copies than receivers, as Thanos does at start (ketama). */
export function replicationFactor(text: string | undefined, replicas: number): number {
  const factor = factorOf(text);
  if (factor > replicas)
    throw new InputProblem(
      `is ${factor}, but there are ${replicas} replicas; a ring needs as many receivers as copies`,
    );
  return factor;
}

/** What is known to lose writes or samples with so many copies. */
export function warnOfFactor(factor: number, members: number, warn: (prop: string, text: string) => void): void {
  if (factor === 1 && members > 1) warn('replicationFactor', 'is 1: while one receiver is away, no write gets through');
  if (factor === 2)
    warn('replicationFactor', 'is 2: one copy counts as written, so a lost volume can lose samples; use 3');
}

/** hashmod takes a ring that changes otherwise, and starts with one that is too small. */
export function warnOfHashmod(flags: Flags, warn: (prop: string, text: string) => void): void {
  if (flags.value(ALGORITHM_FLAG) === 'hashmod')
    warn(
      'extraArgs',
      `"${ALGORITHM_FLAG}=hashmod": each change of the ring moves most series, and each receiver that routes ends its blocks and is not ready meanwhile. Leave it at ketama`,
    );
}
