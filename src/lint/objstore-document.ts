import type { Json } from '../support/json';
import type { Fault } from './fault';
import { type KeyTable, S3_KEYS, type Shape } from '../input/s3-keys';
import { bucketFaults } from './objstore-faults';
import { MISPLACED } from './misplaced-keys';
import { isMap, text } from './shape';
import { NotYaml, parseYaml } from './yaml-text';

/** An objstore.yml as Thanos would read it. */
export interface ObjstoreDocument {
  /** Whether it is for S3: of other stores only the top level is judged. */
  readonly s3: boolean;
  /** The kind of store, in capitals; empty where it is not said. */
  readonly type: string;
  /** `config`, or an empty map. */
  readonly config: Record<string, Json>;
  readonly tls: Record<string, Json>;
  readonly faults: readonly Fault[];
  /** Whether keys stand in it, as literals or from `$(ENV)`. */
  readonly keys: 'none' | 'env' | 'literal';
}

const KEYS = ['access_key', 'secret_key', 'session_token'];
const TOP = ['type', 'config', 'prefix'];
/** Thanos replaces it before it parses. */
const VARIABLE = /\$\(\w+\)/;

/** Reads an objstore.yml and judges it by the rules of Thanos' own strict parser. */
export function parseObjstore(yaml: string): ObjstoreDocument {
  const { json, fault } = load(yaml);
  if (fault || !isMap(json)) return broken(fault ?? (json === null ? 'is empty' : 'is not a map'));
  const config = isMap(json.config) ? json.config : {};
  const http = isMap(config.http_config) ? config.http_config : {};
  const tls = isMap(http.tls_config) ? http.tls_config : {};
  const type = text(json.type).toUpperCase();
  const s3 = type === 'S3';
  const faults = [
    ...topFaults(json),
    ...(s3 ? [...shapeFaults(config, S3_KEYS, 'config'), ...bucketFaults(config)] : []),
  ];
  return { s3, type, config, tls, faults, keys: keysOf(config) };
}

function load(yaml: string): { json?: Json; fault?: string } {
  try {
    const [json = null, ...more] = parseYaml(yaml, '1.1');
    return more.length > 0 ? { fault: 'holds more than one document' } : { json };
  } catch (error) {
    if (error instanceof NotYaml) return { fault: error.message };
    throw error;
  }
}

function broken(what: string): ObjstoreDocument {
  const fix = 'Write type: S3 and config: with bucket and endpoint';
  const fault: Fault = { rule: 'objstore-invalid', path: '', text: what, fix };
  return { s3: false, type: '', config: {}, tls: {}, faults: [fault], keys: 'none' };
}

function topFaults(json: Record<string, Json>): Fault[] {
  const unknown = Object.keys(json).filter((key) => !TOP.includes(key));
  const faults = unknown.map((key) => unknownKey(key, key));
  if (text(json.type) === '')
    faults.push({ rule: 'objstore-invalid', path: 'type', text: 'is missing', fix: 'Write type: S3' });
  return faults;
}

function unknownKey(key: string, path: string): Fault {
  const fix = Object.hasOwn(MISPLACED, key) ? MISPLACED[key] : 'Remove it, or correct its name or place';
  return { rule: 'objstore-unknown-key', path, text: 'is not a key of Thanos here: it stops at start', fix };
}

/** Unknown keys and wrong types, at every level. Recursion ends with the schema. */
function shapeFaults(value: Record<string, Json>, keys: KeyTable, path: string): Fault[] {
  return Object.entries(value).flatMap(([key, child]) => {
    const at = `${path}.${key}`;
    if (!Object.hasOwn(keys, key)) return [unknownKey(key, at)];
    const shape = keys[key].holds;
    if (child === null) return [];
    if (typeof shape === 'object' && isMap(child)) return shapeFaults(child, shape, at);
    return fits(child, shape) ? [] : [wrongType(at, shape)];
  });
}

function fits(value: Json, shape: Shape): boolean {
  if (typeof value === 'string' && VARIABLE.test(value)) return true;
  switch (shape) {
    case 'string':
      return ['string', 'number', 'boolean'].includes(typeof value) || value instanceof Date;
    case 'bool':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value);
    case 'duration':
      return typeof value === 'string' && /^(0|(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$/.test(value);
    case 'strings':
      return isMap(value);
    default:
      return false;
  }
}

function wrongType(path: string, shape: Shape): Fault {
  const wanted =
    typeof shape === 'object' ? 'map' : { strings: 'map', bool: 'boolean', int: 'whole number' }[shape as string];
  const what = wanted ?? (shape as string);
  const fix = shape === 'duration' ? 'Write it as 90s or 1m30s' : `Write a ${what}`;
  return { rule: 'objstore-invalid', path, text: `is not a ${what}: Thanos stops at start`, fix };
}

function keysOf(config: Record<string, Json>): ObjstoreDocument['keys'] {
  const values = KEYS.map((key) => config[key]).filter((v) => v !== undefined && v !== null && v !== '');
  if (values.length === 0) return 'none';
  return values.some((v) => !/^\$\(\w+\)$/.test(String(v))) ? 'literal' : 'env';
}
