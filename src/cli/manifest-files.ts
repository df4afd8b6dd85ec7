import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Finding } from '../lint/finding';
import type { Kustomization } from '../lint/clusters';
import type { ManifestText } from '../lint/lint';
import { unreadable } from '../lint/parse-manifests';
import { list, text } from '../lint/shape';
import type { Text } from '../lint/text';
import { NotYaml, parseYaml } from '../lint/yaml-text';
import { exists } from './files';
import { type LongText, readLongText } from './long-text';
import { CliProblem } from './problem';

/** Ten times the largest bundle of custom resource definitions that is in use. */
const LARGEST_MANIFEST = 64 * 1024 * 1024;
/** Files of a folder that say how to render, and are rendered by nobody. */
const NOT_RENDERED = ['cdk8s.yaml', 'Chart.yaml'];
/** Says what belongs together. */
const KUSTOMIZATION = /(^|[\\/])kustomization\.ya?ml$/;

/** A text of the arguments, and of which bytes it was read. */
export type ReadText = ManifestText & LongText;

/** What the arguments of a command name. */
export interface ManifestFiles {
  readonly texts: ReadText[];
  readonly problems: Finding[];
  /** What the folders' kustomization.yaml files name. */
  readonly kustomizations: Kustomization[];
}

/** Reads files, the YAML files of folders and of their subfolders, and stdin for `-`. */
export function manifestFiles(given: readonly string[]): ManifestFiles {
  const texts: ReadText[] = [];
  const problems: Finding[] = [];
  const kustomizations: Kustomization[] = [];
  for (const { file, among } of given.flatMap(expand)) {
    try {
      const { text: content, sha256, bytes } = readLongText(file, LARGEST_MANIFEST);
      if (KUSTOMIZATION.test(file))
        kustomizations.push({ folder: path.dirname(file), resources: resourcesOf(content) });
      else texts.push({ file: file === '-' ? 'stdin' : file, text: content, among, sha256, bytes });
    } catch (error) {
      if (!(error instanceof CliProblem)) throw error;
      problems.push(unreadable(file, '', error.message));
    }
  }
  return { texts, problems, kustomizations };
}

/** A kustomization that can't be read says nothing of what belongs together. */
function resourcesOf(content: Text): string[] {
  try {
    const [json] = parseYaml(content, '1.2');
    return [...list(json?.resources), ...list(json?.bases)].map(text);
  } catch (error) {
    if (error instanceof NotYaml) return [];
    throw error;
  }
}

interface Found {
  readonly file: string;
  /** It lies in a folder that was given. */
  readonly among: boolean;
}

function expand(given: string): Found[] {
  const itself = [{ file: given, among: false }];
  if (given === '-') return itself;
  if (given === '' || !exists(given)) throw new CliProblem(`${given || "''"}: no such file or directory`);
  if (!fs.statSync(given, { throwIfNoEntry: false })?.isDirectory()) return itself;
  const files = folder(given);
  if (!files.some((file) => !KUSTOMIZATION.test(file))) throw new CliProblem(`${given} holds no .yaml or .yml file`);
  return files.map((file) => ({ file, among: true }));
}

/** Links to folders are not followed: they may lead back. */
function folder(directory: string): string[] {
  return fs
    .readdirSync(directory, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) return folder(file);
      return /\.ya?ml$/.test(entry.name) && !NOT_RENDERED.includes(entry.name) ? [file] : [];
    });
}
