import { X509Certificate } from 'node:crypto';
import { covers } from '../manifest/mounted-path';
import type { Mount } from '../manifest/pod-specs';
import { withoutEndSlashes } from '../support/url';
import { type KeyRef, type Source, fileAt, sourcesOf, textOf } from './files';
import { keys } from './manifest-object';
import type { ObjstoreUse } from './objstore-uses';
import type { Container } from './pod';
import { isMap, list, text } from './shape';
import type { World } from './world';

/** A CA's file that a container mounts. */
interface CaMount {
  readonly mount: Mount;
  /** Path of the file; of the directory where the keys are not known. */
  readonly path: string;
  readonly ref: KeyRef;
}

const CA_NAME = /(^|[^a-z])(ca|cacerts?|ca-?bundle|root-?cas?|trust-?bundle)([^a-z]|$)/i;
/** Directories that Go's own trust store reads, and the service account's. */
const SYSTEM = ['/etc/ssl', '/etc/pki', '/usr/local/share/ca-certificates', '/var/run/secrets'];

/** Whether a key or an object is named like a CA's. */
function isCaName(name: string): boolean {
  return CA_NAME.test(name);
}

/** The CA files that a container mounts and that nothing but an objstore.yml could be reading. */
function caMounts(world: World, container: Container): CaMount[] {
  return container.mounts
    .filter((mount) => !isSystem(mount) && !isNamed(container, mount))
    .flatMap((mount) => sourcesOf(world, container, mount.volume).flatMap((source) => caFiles(mount, source)));
}

/** Whether programs look for roots there by themselves. */
export function isSystem(mount: Mount): boolean {
  return SYSTEM.some((directory) => covers(directory, mount.mountPath));
}

/** A mount path that an argument or env variable names has its use there: a gRPC CA, say, or SSL_CERT_FILE. */
export function isNamed(container: Container, mount: Mount): boolean {
  const directory = withoutEndSlashes(mount.mountPath);
  const values = list(container.json.env).map((e) => text(e.value));
  return [...container.words.map((w) => w.word), ...values].some(
    (value) => value.endsWith(directory) || value.includes(`${directory}/`),
  );
}

function caFiles(mount: Mount, source: Source): CaMount[] {
  const { kind, name, object } = source;
  const known = source.items ?? (object && keys(object).map((key) => ({ key, path: key })));
  const subPath = text(mount.subPath);
  if (known === undefined) {
    const path = mount.mountPath;
    return isCaName(name) || isCaName(subPath) ? [{ mount, path, ref: { kind, name, key: subPath } }] : [];
  }
  const shown = subPath === '' ? known : known.filter((item) => item.path === subPath);
  return shown
    .map((item) => ({ mount, path: pathOf(mount, item.path), ref: { kind, name, key: item.key, object } }))
    .filter(({ ref }) => looksLikeCa(ref));
}

function pathOf(mount: Mount, file: string): string {
  return text(mount.subPath) === '' ? `${withoutEndSlashes(mount.mountPath)}/${file}` : mount.mountPath;
}

function looksLikeCa(ref: KeyRef): boolean {
  const pem = textOf(ref);
  return pem === undefined || !pem.includes('-----BEGIN CERTIFICATE') ? isCaName(ref.key) : holdsCa(pem);
}

function holdsCa(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return true;
  }
}

/** What a container's configs say of the CA, against what is mounted. */
export interface Wiring {
  readonly container: Container;
  /** `ca_file` of a config, and the Secret or ConfigMap that it is read from. */
  readonly used: { readonly use: ObjstoreUse; readonly file: string; readonly ref?: KeyRef }[];
  /** `ca_file` of a config at which no file lies. */
  readonly broken: { readonly use: ObjstoreUse; readonly file: string; readonly missingKey?: KeyRef }[];
  /** CA files mounted that no config names, where no config's own works. */
  readonly idle: CaMount[];
  /** Whether every config could be read. */
  readonly complete: boolean;
}

/** The wiring of each container that opens the bucket. */
export function wirings(world: World): Wiring[] {
  let all = WIRINGS.get(world);
  if (!all) {
    all = world.containers.filter((c) => world.usesOf(c).length > 0).map((c) => wiring(world, c));
    WIRINGS.set(world, all);
  }
  return all;
}

/** Six rules ask for them. */
const WIRINGS = new WeakMap<World, Wiring[]>();

function wiring(world: World, container: Container): Wiring {
  const uses = world.usesOf(container);
  const used: Wiring['used'][number][] = [];
  const broken: Wiring['broken'][number][] = [];
  for (const use of uses) {
    const file = text(use.config?.tls.ca_file);
    if (file === '' || file.includes('$(')) continue;
    const found = fileAt(world, container, file);
    if (found.state === 'found') used.push({ use, file, ref: found.ref });
    else if (found.state === 'unknown') used.push({ use, file });
    else broken.push({ use, file, missingKey: found.state === 'key-missing' ? found.ref : undefined });
  }
  const complete = uses.every((use) => use.config !== undefined);
  const idle = used.length > 0 ? [] : caMounts(world, container).filter((m) => !client(uses).includes(m.path));
  return { container, used, broken, idle, complete };
}

function client(uses: ObjstoreUse[]): string[] {
  return uses.flatMap(({ config }) => {
    const sse = config?.config.sse_config;
    return [text(config?.tls.cert_file), text(config?.tls.key_file), text(isMap(sse) ? sse.encryption_key : '')];
  });
}

/** Every CA that an objstore.yml reads, or would be reading if it were wired, once each. */
export function caRefs(world: World): KeyRef[] {
  const refs = wirings(world).flatMap((w) => [
    ...w.used.flatMap(({ ref }) => ref ?? []),
    ...w.idle.map(({ ref }) => ref),
  ]);
  const all = refs.length > 0 || world.uses.length > 0 ? refs : looseCas(world);
  return [...new Map(all.map((r) => [`${r.kind}/${r.object?.namespace ?? ''}/${r.name}/${r.key}`, r])).values()];
}

/** Manifests without a pod that opens a bucket: a file of Secrets alone, say. */
function looseCas(world: World): KeyRef[] {
  return world.objects
    .filter((o) => o.kind === 'Secret' || o.kind === 'ConfigMap')
    .flatMap((object) =>
      keys(object)
        .filter(isCaName)
        .map((key) => ({ kind: object.kind as KeyRef['kind'], name: object.name, key, object })),
    )
    .filter((ref) => textOf(ref)?.includes('-----BEGIN '));
}
