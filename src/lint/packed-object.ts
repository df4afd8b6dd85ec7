import { deserialize, serialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { references } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { contentOf, type ManifestObject, type ObjectIndex } from './manifest-object';
import { objstoreUses } from './objstore-uses';
import { type Pod, podsOf } from './pod';
import { literalKeys } from './rules/keys-readable';

/**
 * An object as it is kept while the others are read: what tells it from others is at hand, and its JSON is unpacked when
 * somebody asks. Of most objects nobody does.
 */
export interface PackedObject extends ManifestObject {
  /** Whether it has pods. */
  readonly runs: boolean;
  /**
   * What its pods refer to, as `Kind/name`, where a rule can speak of them for that alone; undefined where they are to be
   * judged in any case.
   */
  readonly bystander?: readonly string[];
}

/** Kinds of which the rules read more than the name: what holds texts, and what controllers make Secrets of. */
const READ = ['Secret', 'ConfigMap', 'SealedSecret', 'ExternalSecret', 'Certificate'];
/** Of less than this the packing takes more than it saves. */
const SMALL = 256;

export function packedObject(object: ManifestObject): PackedObject {
  const lean = leanJson(object);
  const pods = podsOf({ ...object, json: lean });
  const runs = pods.length > 0;
  const { file, line } = object;
  const { apiVersion, kind, name, namespace, ignores } = apart({ ...object, json: undefined });
  const bystander = runs && !pods.some(speaks) ? apart(referred(pods)) : undefined;
  const known = { file, line, apiVersion, kind, name, namespace, ignores, runs, podless: !runs, bystander };
  if (!runs && !READ.includes(kind))
    return { ...known, json: { apiVersion, kind }, content: contentOf({ ...object, json: lean }) };
  const bytes = packed(lean);
  return {
    ...known,
    get json() {
      return unpacked(bytes);
    },
  };
}

/** The same without its pods, for where no rule speaks of them. */
export function withoutPods(object: PackedObject): PackedObject {
  const { file, line, apiVersion, kind, name, namespace, ignores, runs } = object;
  return { file, line, apiVersion, kind, name, namespace, ignores, runs, podless: true, json: { apiVersion, kind } };
}

/** Schemas of custom resources are large, many, and judged by nobody. */
function leanJson({ kind, json }: ManifestObject): Json {
  return kind === 'CustomResourceDefinition' ? { apiVersion: json.apiVersion, kind, metadata: json.metadata } : json;
}

/** Copies whose strings are no parts of the text that they were read from, which would be kept with them. */
function apart<T>(json: T): T {
  return JSON.parse(JSON.stringify(json)) as T;
}

const NOTHING: ObjectIndex = { find: () => undefined };

/** Whether a rule may speak of a pod for what stands in itself. */
function speaks(pod: Pod): boolean {
  return (
    pod.operator ||
    pod.containers.some((c) => c.thanos || objstoreUses(NOTHING, c).length > 0 || literalKeys(c).length > 0)
  );
}

function referred(pods: readonly Pod[]): string[] {
  return [...new Set(pods.flatMap(({ found }) => references(found).map(({ kind, name }) => `${kind}/${name}`)))];
}

/** A packed JSON; Buffers are what zlib and the serializer work with. */
interface PackedJson {
  readonly bytes: Buffer;
  readonly deflated: boolean;
}

function packed(json: Json): PackedJson {
  const plain = serialize(json);
  const deflated = plain.length >= SMALL;
  // zlib gives a part of a longer buffer
  return { bytes: Buffer.from(deflated ? deflateRawSync(plain) : plain), deflated };
}

/** The JSON that was unpacked last: the rules mostly ask several things of one object. */
let last: { readonly of: PackedJson; readonly json: Json } | undefined;

function unpacked(of: PackedJson): Json {
  const { bytes, deflated } = of;
  if (last?.of !== of) last = { of, json: deserialize(deflated ? inflateRawSync(bytes) : bytes) };
  return last.json;
}
