import { FILE_MODE } from '../../objstore/paths';
import { checksum } from '../../support/checksum';
import { groupBy } from '../../support/group-by';
import type { OwnObject } from '../../support/identity';
import type { Context } from '../context';
import type { Extras } from '../kind';
import { placeConfigMap } from '../own-config-map';
import type { TlsCa } from './tls-ca';

/** A key of an object, as a file. */
export interface KeyFile {
  readonly kind: 'Secret' | 'ConfigMap';
  /** Undefined: made here, of the text. */
  readonly name?: string;
  readonly key: string;
  readonly pem?: string;
  readonly revision?: string;
}

/** A folder of such files, which lie in many objects: one volume. */
export interface KeyFolder {
  /** The volume, and the end of the path. */
  readonly name: string;
  /** The ConfigMap of the CAs that are given as text. */
  readonly texts: OwnObject;
}

/** The path is that of the key and never of a place in a list: running pods re-read configs that name it. */
function subPath({ kind, name, key }: KeyFile): string {
  return name === undefined ? key : `${kind.toLowerCase()}-${name}/${key}`;
}

/** Where a file lies in the container. */
export function pathIn({ name }: KeyFolder, file: KeyFile): string {
  return `/etc/thanos/${name}/${subPath(file)}`;
}

const DIGITS = 12;

/** The file of a CA. */
export function caFile(ca: TlsCa): KeyFile {
  const { kind, name, key, pem, revision } = ca._source();
  if (pem === undefined) return { kind, name, key, revision };
  return { kind, key: `ca-${checksum({ pem }).slice(0, DIGITS)}.crt`, pem };
}

/**
 * The files in the pods. They roll where synth sees that a CA changed: a connection keeps the one with which it was made.
 * @internal
 */
export function keyFileExtras(
  place: Pick<Context<unknown>, 'construct' | 'identity'>,
  folder: KeyFolder,
  all: readonly KeyFile[],
): Required<Pick<Extras, 'volumes' | 'mounts' | 'annotations'>> {
  if (all.length === 0) return { volumes: [], mounts: [], annotations: {} };
  const files = [...new Map(all.map((file) => [subPath(file), file])).values()];
  const made = placeTexts(place, folder, files);
  const named = files.map((file) => ({ ...file, name: file.name ?? made, path: subPath(file) }));
  const sources = [...groupBy(named, ({ kind, name }) => `${kind}/${name}`).values()].map((keys) => {
    const [{ kind, name }] = keys;
    const items = keys.map(({ key, path }) => ({ key, path }));
    return kind === 'Secret' ? { secret: { name, items } } : { configMap: { name, items } };
  });
  const seen = files.flatMap(({ pem, revision, ...file }) => pem ?? (revision && `${subPath(file)} ${revision}`) ?? []);
  return {
    volumes: [{ name: folder.name, projected: { defaultMode: FILE_MODE, sources } }],
    mounts: [{ name: folder.name, mountPath: `/etc/thanos/${folder.name}`, readOnly: true }],
    annotations: seen.length === 0 ? {} : { [`checksum/${folder.texts}`]: checksum({ seen: seen.join('\0') }) },
  };
}

/** The CAs that are given as text, in one ConfigMap. */
function placeTexts(
  place: Pick<Context<unknown>, 'construct' | 'identity'>,
  { texts: object }: KeyFolder,
  files: readonly KeyFile[],
): string | undefined {
  const texts = files.flatMap(({ key, pem }) => (pem === undefined ? [] : [[key, pem] as const]));
  return texts.length === 0 ? undefined : placeConfigMap(place, object, Object.fromEntries(texts));
}
