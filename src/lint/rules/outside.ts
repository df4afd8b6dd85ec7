import { type Reference, references } from '../../manifest/pod-specs';
import { holdsPrivateKey } from '../../pki/certificate';
import { certificatesIn } from '../../pki/pem';
import { caRefs, isNamed, isSystem, wirings } from '../ca-mounts';
import { fileAt, textOf } from '../files';
import { content, keys } from '../manifest-object';
import type { Hit, Rule } from '../finding';
import { envRef } from '../objstore-uses';
import type { Container, Pod } from '../pod';
import { isMap, list, text } from '../shape';
import type { World } from '../world';
import { CHECKSUM_ANNOTATION } from '../../support/labels';

/** What only a container that opens the bucket may have. */
type Holding = 'CA' | 'keys' | 'config';

const KEY_ENV = /^AWS_(ACCESS_KEY(_ID)?|SECRET_(ACCESS_)?KEY|SESSION_TOKEN)$/;

export const caOutside: Rule = {
  id: 'ca-outside',
  severity: 'error',
  about: 'the CA is in a container without an objstore flag: an error in one of Thanos, else a warning',
  check: (world) => outside(world, ['CA']),
};

export const keysOutside: Rule = {
  id: 'keys-outside',
  severity: 'error',
  about:
    'keys or objstore config are in a container without an objstore flag: an error in one of Thanos, else a warning',
  check: (world) => outside(world, ['keys', 'config']),
};

function outside(world: World, wanted: Holding[]): Hit[] {
  const held = holdings(world);
  const copied = copies(world);
  return world.pods.flatMap((pod) =>
    pod.containers
      .filter((container) => world.usesOf(container).length === 0)
      .flatMap((container) => {
        const found = referencesOf(pod, container)
          .map((reference) => ({
            reference,
            what: held.get(id(pod, reference.kind, reference.name)) ?? copied(pod, reference),
          }))
          .filter(({ what }) => what !== undefined);
        if (letIn(container, found)) return [];
        return found
          .filter(({ reference, what }) => wanted.includes(what!) && !usedOtherwise(container, reference, what!))
          .filter(({ reference, what }) => container.thanos || what !== 'CA' || !isTheirs(world, pod, reference))
          .map(({ reference, what }) => hit(container, reference, what!));
      }),
  );
}

/** Another program that reads objstore.yml, or a pod that ObjstoreConfig.grantTo() let in. */
function letIn(container: Container, found: { reference: Reference; what?: Holding }[]): boolean {
  if (container.thanos) return false;
  return (
    CHECKSUM_ANNOTATION in container.pod.annotations ||
    found.some(({ what, reference }) => what === 'config' && reference.volume)
  );
}

function hit(container: Container, { kind, name, path }: Reference, what: Holding): Hit {
  const named = { CA: "the S3 store's CA", keys: 'the S3 keys', config: 'the objstore config' }[what];
  return {
    object: container.pod.object,
    path,
    text: `gives container ${container.name} ${named} (${kind} ${name}), and it has no objstore flag`,
    fix: 'Remove it here; only receive, compact, store, rule, sidecar and bucket tools open the bucket',
    severity: container.thanos && what !== 'config' ? undefined : 'warning',
  };
}

/** The same CA may serve another purpose, which an argument or env variable, or the place where it lies, then names. */
function usedOtherwise(container: Container, reference: Reference, what: Holding): boolean {
  if (what !== 'CA' || reference.volume === undefined) return false;
  const own = container.mounts.filter(({ volume }) => volume === reference.volume);
  return own.length > 0 && own.every((mount) => isSystem(mount) || isNamed(container, mount));
}

/** A server that mounts its own certificate, key and all; and of other programs' roots nobody need know. */
function isTheirs(world: World, pod: Pod, { kind, name }: Reference): boolean {
  const object = world.find(kind, pod.object.namespace, name);
  const isNamedByConfig = caRefs(world).some((ref) => ref.kind === kind && ref.name === name);
  return (
    !isNamedByConfig ||
    (object !== undefined && keys(object).some((key) => holdsPrivateKey(content(object, key) ?? '')))
  );
}

/** Whether an object that no config names holds the CA too: its certificates are the same. */
function copies(world: World): (pod: Pod, reference: Reference) => Holding | undefined {
  const known = new Set(caRefs(world).flatMap((ref) => fingerprints(textOf(ref))));
  return (pod, { kind, name, volume }) => {
    const object = world.find(kind, pod.object.namespace, name);
    if (known.size === 0 || object === undefined || volume === undefined) return undefined;
    const shown = keys(object).flatMap((key) => fingerprints(content(object, key)));
    return shown.some((certificate) => known.has(certificate)) ? 'CA' : undefined;
  };
}

function fingerprints(pem: string | undefined): string[] {
  return certificatesIn(pem ?? '').map(({ fingerprint256 }) => fingerprint256);
}

/** References of one container: its env, and the volumes that it mounts. */
function referencesOf(pod: Pod, container: Container): Reference[] {
  const volumes = new Set(container.mounts.map((m) => m.volume));
  return references(pod.found).filter((r) =>
    r.volume === undefined ? r.container === container.name : volumes.has(r.volume),
  );
}

function holdings(world: World): Map<string, Holding> {
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

function id(pod: Pod, kind: string, name: string): string {
  return `${pod.object.namespace}/${kind}/${name}`;
}
