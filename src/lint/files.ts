import { mountAt } from '../manifest/mounted-path';
import type { Mount } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import type { ManifestObject, ObjectIndex } from './manifest-object';
import { content, keys } from './manifest-object';
import type { Container } from './pod';
import { isMap, list, text } from './shape';

/** A key of a Secret or ConfigMap. */
export interface KeyRef {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  readonly key: string;
  /** The object, where it is in the manifests. */
  readonly object?: ManifestObject;
}

/** What lies at a path of a container. */
export type FileAt =
  /** No mount covers the path. */
  | { readonly state: 'none' }
  /** A mount whose files can't be known here: a claim, a CSI driver, an absent object. */
  | { readonly state: 'unknown'; readonly mount: Mount }
  /** The mounted object has no such key. */
  | { readonly state: 'key-missing'; readonly mount: Mount; readonly ref: KeyRef }
  | { readonly state: 'found'; readonly mount: Mount; readonly ref: KeyRef };

/** A part of a volume: one Secret or ConfigMap, with the keys that it shows as files. */
export interface Source {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  readonly items?: { readonly key: string; readonly path: string }[];
  readonly object?: ManifestObject;
}

/** Where a path of a container comes from. */
export function fileAt(objects: ObjectIndex, container: Container, path: string): FileAt {
  const found = mountAt(container.mounts, path);
  if (!found) return { state: 'none' };
  const { mount, file: relative } = found;
  const sources = sourcesOf(objects, container, mount.volume);
  for (const source of sources) {
    const ref = keyRef(source, relative);
    if (ref) return { state: 'found', mount, ref };
  }
  if (sources.length === 0 || sources.some((s) => !s.items && !s.object)) return { state: 'unknown', mount };
  const { kind, name, object } = sources[0];
  return { state: 'key-missing', mount, ref: { kind, name, object, key: relative } };
}

/** The text of a file, where the manifests hold it. */
export function textOf(ref: KeyRef): string | undefined {
  return ref.object && content(ref.object, ref.key);
}

/** The Secrets and ConfigMaps behind a volume; empty for any other kind of volume. */
export function sourcesOf(objects: ObjectIndex, container: Container, volume: string): Source[] {
  const found: Json = list(container.pod.found.spec.volumes).find((v) => v.name === volume);
  if (!isMap(found)) return [];
  const own = source(objects, container, found, 'secretName');
  const projected = list(found.projected?.sources).flatMap((s) => source(objects, container, s, 'name'));
  return [...own, ...projected];
}

function source(objects: ObjectIndex, container: Container, json: Json, secretField: string): Source[] {
  const of = (kind: 'Secret' | 'ConfigMap', part: Json, name: string): Source[] => {
    if (name === '') return [];
    const items = Array.isArray(part.items)
      ? list(part.items).map((i) => ({ key: text(i.key), path: text(i.path) }))
      : undefined;
    return [{ kind, name, items, object: objects.find(kind, container.pod.object.namespace, name) }];
  };
  return [
    ...of('Secret', json?.secret, text(json?.secret?.[secretField])),
    ...of('ConfigMap', json?.configMap, text(json?.configMap?.name)),
  ];
}

function keyRef({ kind, name, items, object }: Source, relative: string): KeyRef | undefined {
  const key = items ? items.find((i) => i.path === relative)?.key : relative;
  if (key === undefined || (object && !keys(object).includes(key))) return undefined;
  return items || object ? { kind, name, key, object } : unknownKey(kind, name, relative);
}

/** A whole object that is not in the manifests: its keys are taken to be its files. */
function unknownKey(kind: 'Secret' | 'ConfigMap', name: string, key: string): KeyRef | undefined {
  return key === '' ? undefined : { kind, name, key };
}
