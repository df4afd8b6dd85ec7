import { type Reference, references } from '../manifest/pod-specs';
import { certificatesIn } from '../pki/pem';
import { caRefs, wirings } from './ca-mounts';
import { fileAt, textOf } from './files';
import { content, keys, type ManifestObject } from './manifest-object';
import { envRef } from './objstore-uses';
import type { Container, Pod } from './pod';
import { isMap, list, text } from './shape';
import type { World } from './world';

/** What only a container that opens the bucket may have. */
export type Holding = 'CA' | 'keys' | 'config';

/** Env variables with keys of S3. */
export const KEY_ENV = /^AWS_(ACCESS_KEY(_ID)?|SECRET_(ACCESS_)?KEY|SESSION_TOKEN)$/;

/** What a reference of a pod brings of what opens the bucket. */
export function holdings(world: World): Brings {
  const held = heldObjects(world);
  const copied = copies(world);
  return (pod, reference) => held.get(id(pod, reference.kind, reference.name)) ?? copied(pod, reference);
}

type Brings = (pod: Pick<Pod, 'object'>, reference: Pick<Reference, 'kind' | 'name' | 'volume'>) => Holding | undefined;

/** Whether an object that no config names holds the CA too: its certificates are the same. */
function copies(world: World): Brings {
  const known = new Set(caRefs(world).flatMap((ref) => fingerprints(textOf(ref))));
  const judged = new Map<ManifestObject, boolean>();
  return (pod, { kind, name, volume }) => {
    const object = world.find(kind, pod.object.namespace, name);
    if (known.size === 0 || object === undefined || volume === undefined) return undefined;
    const shown = judged.get(object) ?? showsOneOf(known, object);
    judged.set(object, shown);
    return shown ? 'CA' : undefined;
  };
}

function showsOneOf(known: ReadonlySet<string>, object: ManifestObject): boolean {
  return keys(object).some((key) => fingerprints(content(object, key)).some((one) => known.has(one)));
}

function fingerprints(pem: string | undefined): string[] {
  return certificatesIn(pem ?? '').map(({ fingerprint256 }) => fingerprint256);
}

/** References of one container: its env, and the volumes that it mounts. */
export function referencesOf(pod: Pod, container: Container): Reference[] {
  const volumes = new Set(container.mounts.map((m) => m.volume));
  return references(pod.found).filter((r) =>
    r.volume === undefined ? r.container === container.name : volumes.has(r.volume),
  );
}

/** The Secrets and ConfigMaps that the containers which open the bucket read for that, by `namespace/kind/name`. */
export function heldObjects(world: World): Map<string, Holding> {
  const held = new Map<string, Holding>();
  const add = (pod: Pod, kind: string, name: string, what: Holding): void => {
    const key = id(pod, kind, name);
    if (name !== 'kube-root-ca.crt' && held.get(key) !== 'keys') held.set(key, what);
  };
  for (const { container, used, idle } of wirings(world)) {
    for (const { ref } of [...used, ...idle]) if (ref) add(container.pod, ref.kind, ref.name, 'CA');
  }
  for (const { container, ref, config } of world.uses) {
    const what = config?.keys === 'none' || ref?.kind === 'ConfigMap' ? 'config' : 'keys';
    if (ref) add(container.pod, ref.kind, ref.name, what);
  }
  for (const container of world.containers.filter((c) => world.usesOf(c).length > 0))
    for (const [kind, name] of keySources(world, container)) add(container.pod, kind, name, 'keys');
  return held;
}

/** Secrets of AWS_* env, of the shared credentials file, the client certificate and the SSE-C key. */
function keySources(world: World, container: Container): [kind: string, name: string][] {
  const env = list(container.json.env).filter((e) => KEY_ENV.test(text(e.name)));
  const files = [
    ...list(container.json.env)
      .filter((e) => e.name === 'AWS_SHARED_CREDENTIALS_FILE')
      .map((e) => text(e.value)),
    ...world.usesOf(container).flatMap(({ config }) => {
      const sse = config?.config.sse_config;
      return [text(config?.tls.key_file), text(isMap(sse) ? sse.encryption_key : '')];
    }),
  ].filter((path) => path !== '');
  const refs = [
    ...env.map((e) => envRef(world, container, e.valueFrom)),
    ...files.map((path) => {
      const found = fileAt(world, container, path);
      return found.state === 'found' ? found.ref : undefined;
    }),
  ];
  return refs.flatMap((ref) => (ref ? [[ref.kind, ref.name] as [string, string]] : []));
}

function id(pod: Pick<Pod, 'object'>, kind: string, name: string): string {
  return `${pod.object.namespace}/${kind}/${name}`;
}
