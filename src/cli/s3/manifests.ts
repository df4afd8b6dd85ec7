import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { UNUSED_PREFIX } from '../../objstore/preflight-grant';
import { LARGEST_INPUT, readTextInput } from '../files';
import { CliProblem, reason } from '../problem';
import { type CaReader, readObjstore } from './objstore-file';
import type { BucketConfig } from './settings';

type Json = any;

const CONFIG_KEY = 'objstore.yml';
/** All manifests of an app in one file may be larger than any other input. */
const LARGEST_MANIFESTS = 8 * LARGEST_INPUT;

/** Reads the objstore config of rendered manifests, and the CA that its pods mount. */
export function readManifests(file: string, name: string | undefined, ca?: string): BucketConfig {
  const objects = yamlFiles(file).flatMap(objectsOf);
  const config = onlyConfig(objects, file, name);
  const source = `${config.kind} ${fullName(config)}, ${CONFIG_KEY}`;
  const readCa: CaReader = (caFile) => mountedText(objects, config.metadata?.namespace, caFile);
  return readObjstore(dataOf(config, CONFIG_KEY) as string, source, readCa, ca);
}

function yamlFiles(file: string): string[] {
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()) return [file];
  try {
    const names = fs.readdirSync(file, { recursive: true, encoding: 'utf8' });
    const files = names.filter((entry) => /\.ya?ml$/.test(entry)).sort();
    if (files.length === 0) throw new CliProblem(`${file} holds no YAML file`);
    return files.map((entry) => path.join(file, entry));
  } catch (error) {
    if (error instanceof CliProblem) throw error;
    throw new CliProblem(`${file} can't be read: ${reason(error)}`);
  }
}

function objectsOf(file: string): Json[] {
  const documents = parseAllDocuments(readTextInput(file, LARGEST_MANIFESTS), { logLevel: 'error' });
  if (!Array.isArray(documents)) throw new CliProblem(`${file} is empty`);
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new CliProblem(`${file} is not YAML: ${error.code}, line ${error.linePos?.[0].line ?? '?'}`);
    const object = document.toJS({ maxAliasCount: 100 });
    return object?.kind === 'List' ? (object.items ?? []) : object && typeof object === 'object' ? [object] : [];
  });
}

function onlyConfig(objects: Json[], file: string, name?: string): Json {
  const all = objects.filter((o) => /^(ConfigMap|Secret)$/.test(o.kind) && dataOf(o, CONFIG_KEY) !== undefined);
  // a preflight's config is a copy of the stack's
  const originals = all.filter((o) => !dataOf(o, CONFIG_KEY)!.includes(UNUSED_PREFIX));
  const configs = name === undefined && originals.length > 0 ? originals : all;
  const wanted = name === undefined ? configs : configs.filter((o) => [o.metadata?.name, fullName(o)].includes(name));
  if (wanted.length === 1) return wanted[0];
  const names = configs.map(fullName).join(', ') || 'none';
  if (wanted.length === 0)
    throw new CliProblem(
      `${file} holds no ConfigMap or Secret ${name ?? ''} with the key ${CONFIG_KEY} (there: ${names})`.replace(
        '  ',
        ' ',
      ),
    );
  throw new CliProblem(
    `${file} holds several objstore configs (${wanted.map(fullName).join(', ')}); choose one with --config NAMESPACE/NAME`,
  );
}

/** The text that lies at a path in the pods: over mount, volume, Secret or ConfigMap. Undefined: not in the manifests. */
function mountedText(objects: Json[], namespace: string | undefined, file: string): string | undefined {
  for (const pod of objects.filter((o) => o.metadata?.namespace === namespace).map(podSpec)) {
    for (const mount of (pod?.containers ?? []).flatMap((c: Json) => c.volumeMounts ?? [])) {
      const key = keyBelow(mount, file);
      const volume = key && pod.volumes?.find((v: Json) => v.name === mount.name);
      const text = volume && volumeText(objects, namespace, volume, key);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

function keyBelow(mount: Json, file: string): string | undefined {
  if (mount.subPath) return mount.mountPath === file ? mount.subPath : undefined;
  return path.posix.dirname(file) === String(mount.mountPath).replace(/\/+$/, '')
    ? path.posix.basename(file)
    : undefined;
}

function volumeText(objects: Json[], namespace: string | undefined, volume: Json, file: string): string | undefined {
  const source = volume.secret ?? volume.configMap;
  if (!source) return undefined;
  const [kind, name] = volume.secret ? ['Secret', source.secretName] : ['ConfigMap', source.name];
  const key = source.items?.find((item: Json) => item.path === file)?.key ?? file;
  const object = objects.find(
    (o) => o.kind === kind && o.metadata?.name === name && o.metadata?.namespace === namespace,
  );
  return object && dataOf(object, key);
}

function podSpec(object: Json): Json {
  return (
    object.spec?.template?.spec ??
    object.spec?.jobTemplate?.spec?.template?.spec ??
    (object.kind === 'Pod' ? object.spec : undefined)
  );
}

function dataOf(object: Json, key: string): string | undefined {
  const plain = object.kind === 'Secret' ? object.stringData?.[key] : object.data?.[key];
  if (typeof plain === 'string') return plain;
  const encoded = object.kind === 'Secret' ? object.data?.[key] : undefined;
  return typeof encoded === 'string' ? Buffer.from(encoded, 'base64').toString('utf8') : undefined;
}

function fullName(object: Json): string {
  const { namespace, name } = object.metadata ?? {};
  return namespace ? `${namespace}/${name}` : String(name);
}
