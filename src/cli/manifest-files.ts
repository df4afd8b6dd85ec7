import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Finding } from '../lint/finding';
import type { ManifestText } from '../lint/lint';
import { unreadable } from '../lint/parse-manifests';
import { exists, readTextInput } from './files';
import { CliProblem } from './problem';

/** Ten times the largest bundle of custom resource definitions that is in use. */
const LARGEST_MANIFEST = 64 * 1024 * 1024;
/** Files of a folder that say how to render, and are rendered by nobody. */
const NOT_RENDERED = ['kustomization.yaml', 'kustomization.yml', 'cdk8s.yaml', 'Chart.yaml'];

/** What the arguments of a command name. */
export interface ManifestFiles {
  readonly texts: ManifestText[];
  readonly problems: Finding[];
}

/** Reads files, the YAML files of folders and of their subfolders, and stdin for `-`. */
export function manifestFiles(given: readonly string[]): ManifestFiles {
  const texts: ManifestText[] = [];
  const problems: Finding[] = [];
  for (const file of given.flatMap(expand)) {
    try {
      texts.push({ file: file === '-' ? 'stdin' : file, text: readTextInput(file, LARGEST_MANIFEST) });
    } catch (error) {
      if (!(error instanceof CliProblem)) throw error;
      problems.push(unreadable(file, '', error.message));
    }
  }
  return { texts, problems };
}

function expand(given: string): string[] {
  if (given === '-') return [given];
  if (given === '' || !exists(given)) throw new CliProblem(`${given || "''"}: no such file or directory`);
  if (!fs.statSync(given, { throwIfNoEntry: false })?.isDirectory()) return [given];
  const files = folder(given);
  if (files.length === 0) throw new CliProblem(`${given} holds no .yaml or .yml file`);
  return files;
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
