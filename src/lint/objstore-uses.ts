import type { Json } from '../support/json';
import { type KeyRef, fileAt, textOf } from './files';
import { type ObjstoreDocument, parseObjstore } from './objstore-document';
import type { ObjectIndex } from './manifest-object';
import type { Container, Word } from './pod';
import { list, text } from './shape';

/** How a config reaches the process. */
export type Via = 'file' | 'argument' | 'env' | 'operator';

/** One objstore config of one container. */
export interface ObjstoreUse {
  readonly container: Container;
  /** Field that says so: the argument, or the operator's own. */
  readonly path: string;
  readonly flag: string;
  readonly via: Via;
  /** Path of the file, for `--objstore.config-file`. */
  readonly file?: string;
  /** Whether a mount covers the file. */
  readonly mounted?: boolean;
  /** The Secret or ConfigMap that holds the text. */
  readonly ref?: KeyRef;
  /** The config; undefined where its text is not in the manifests. */
  readonly config?: ObjstoreDocument;
}

const NAME = '--objstore(?:-to|-backup|-parquet)?\\.config(?:-file)?';
const FLAG = new RegExp(`^(${NAME})(?:=([\\s\\S]*))?$`);
/** The flag inside of a shell script. */
const IN_SCRIPT = new RegExp(`(${NAME})(?:=|\\s+)("[^"]*"|'[^']*'|[^\\s;&|]+)`, 'g');

/** Every objstore config that a container is given: as a file, by env, in an argument, or by the Prometheus operator. */
export function objstoreUses(objects: ObjectIndex, container: Container): ObjstoreUse[] {
  const flagged = container.words.flatMap((word, i) =>
    flags(word, container.words[i + 1]).map(([flag, value]) => {
      const base = { container, flag, path: word.path };
      return flag.endsWith('-file') ? fromFile(objects, base, value) : fromValue(objects, base, value);
    }),
  );
  return [...flagged, ...fromOperator(objects, container)];
}

function flags({ word }: Word, next: Word | undefined): [flag: string, value: string][] {
  const alone = FLAG.exec(word);
  if (alone) return [[alone[1], alone[2] ?? next?.word ?? '']];
  if (!/\s/.test(word)) return [];
  return [...word.matchAll(IN_SCRIPT)].map(([, flag, value]) => [flag, value.replace(/^(["'])([\s\S]*)\1$/, '$2')]);
}

type Base = Pick<ObjstoreUse, 'container' | 'flag' | 'path'>;

function fromFile(objects: ObjectIndex, base: Base, given: string): ObjstoreUse {
  const file = given.replace(/\$\(([^)]+)\)/g, (whole, name) => text(envOf(base.container, name)?.value) || whole);
  const found = fileAt(objects, base.container, file);
  const ref = 'ref' in found && found.state === 'found' ? found.ref : undefined;
  const mounted = found.state === 'found' || found.state === 'unknown';
  return { ...base, via: 'file', file, mounted, ref, config: parsed(ref && textOf(ref)) };
}

function fromValue(objects: ObjectIndex, base: Base, value: string): ObjstoreUse {
  const variable = /^"?\$[({]?([A-Za-z_]\w*)[)}]?"?$/.exec(value.trim())?.[1];
  if (variable === undefined) return { ...base, via: 'argument', config: parsed(value) };
  const env = envOf(base.container, variable);
  if (typeof env?.value === 'string') return { ...base, via: 'argument', config: parsed(env.value) };
  const ref = env?.valueFrom && envRef(objects, base.container, env.valueFrom);
  return { ...base, via: 'env', ref, config: parsed(ref && textOf(ref)) };
}

function fromOperator(objects: ObjectIndex, container: Container): ObjstoreUse[] {
  const given: Json = container.json.objectStorageConfig;
  if (!container.pod.operator || text(given?.name) === '') return [];
  const object = objects.find('Secret', container.pod.object.namespace, given.name);
  const ref: KeyRef = { kind: 'Secret', name: given.name, key: text(given.key), object };
  const path = `${container.at}.objectStorageConfig`;
  return [{ container, flag: 'objectStorageConfig', path, via: 'operator', ref, config: parsed(textOf(ref)) }];
}

function envOf(container: Container, name: string): Json {
  return list(container.json.env).find((e) => e.name === name);
}

/** The key that an env variable is read from. */
export function envRef(objects: ObjectIndex, container: Container, valueFrom: Json): KeyRef | undefined {
  for (const [kind, from] of [
    ['Secret', valueFrom?.secretKeyRef],
    ['ConfigMap', valueFrom?.configMapKeyRef],
  ] as const) {
    const name = text(from?.name);
    const object = objects.find(kind, container.pod.object.namespace, name);
    if (name !== '') return { kind, name, key: text(from.key), object };
  }
  return undefined;
}

function parsed(yaml: string | undefined): ObjstoreDocument | undefined {
  return yaml === undefined ? undefined : parseObjstore(yaml);
}
