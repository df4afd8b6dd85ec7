import { fileAt, textOf } from '../../lint/files';
import { content, label, type ManifestObject } from '../../lint/manifest-object';
import { parseManifests } from '../../lint/parse-manifests';
import { World } from '../../lint/world';
import { UNUSED_PREFIX } from '../../objstore/preflight-grant';
import { manifestFiles } from '../manifest-files';
import { CliProblem } from '../problem';
import { type CaReader, readObjstore } from './objstore-file';
import type { BucketConfig } from './settings';

const CONFIG_KEY = 'objstore.yml';

/** Reads the objstore config of rendered manifests, and the CA that its pods mount. */
export function readManifests(file: string, name: string | undefined, ca?: string): BucketConfig {
  const objects = objectsOf(file);
  const config = onlyConfig(objects, file, name);
  const world = new World(objects, new Date());
  const source = `${label(config)}, ${CONFIG_KEY}`;
  const readCa: CaReader = (caFile) => mountedText(world, config.namespace, caFile);
  return readObjstore(content(config, CONFIG_KEY)!, source, readCa, ca);
}

/** What is not a Kubernetes object may lie beside them; what can't be read may not. */
function objectsOf(file: string): ManifestObject[] {
  const { texts, problems } = manifestFiles([file]);
  // these texts name their file
  if (problems.length > 0) throw new CliProblem(problems[0].text);
  const parsed = texts.map((one) => parseManifests(one.file, one.text));
  const unreadable = parsed.flatMap((one) => one.problems).find(({ path }) => path === '');
  if (unreadable) throw new CliProblem(`${unreadable.file} ${unreadable.text}`);
  return parsed.flatMap((one) => one.objects);
}

function onlyConfig(objects: ManifestObject[], file: string, name?: string): ManifestObject {
  const all = objects.filter(({ kind }) => kind === 'ConfigMap' || kind === 'Secret').filter(isConfig);
  // a preflight's config is a copy of the stack's
  const originals = all.filter((object) => !content(object, CONFIG_KEY)!.includes(UNUSED_PREFIX));
  const configs = name === undefined && originals.length > 0 ? originals : all;
  const wanted =
    name === undefined ? configs : configs.filter((object) => [object.name, fullName(object)].includes(name));
  if (wanted.length === 1) return wanted[0];
  const names = configs.map(fullName).join(', ') || 'none';
  const asked = name === undefined ? '' : ` ${name}`;
  if (wanted.length === 0)
    throw new CliProblem(`${file} holds no ConfigMap or Secret${asked} with the key ${CONFIG_KEY} (there: ${names})`);
  throw new CliProblem(
    `${file} holds several objstore configs (${wanted.map(fullName).join(', ')}); choose one with --config NAMESPACE/NAME`,
  );
}

function isConfig(object: ManifestObject): boolean {
  return content(object, CONFIG_KEY) !== undefined;
}

/** The text that lies at a path in the pods of a namespace. Undefined: not in the manifests. */
function mountedText(world: World, namespace: string, file: string): string | undefined {
  for (const container of world.containers.filter(({ pod }) => pod.object.namespace === namespace)) {
    const found = fileAt(world, container, file);
    const text = found.state === 'found' ? textOf(found.ref) : undefined;
    if (text !== undefined) return text;
  }
  return undefined;
}

function fullName({ namespace, name }: ManifestObject): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
