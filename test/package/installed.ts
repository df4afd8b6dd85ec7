import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package as it lies in a project. */
export interface Installed {
  readonly name: string;
  readonly license: string;
  readonly files: number;
  readonly bytes: number;
}

/** A package and all that it brings; its peers are the application's own. */
export function installed(folder: string, seen = new Map<string, Installed>()): Installed[] {
  if (seen.has(folder)) return [];
  const { name, license, ...needs } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = filesOf(folder);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  seen.set(folder, { name, license: String(license), files: files.length, bytes });
  for (const dependency of Object.keys({ ...needs.dependencies, ...needs.optionalDependencies }))
    installed(folderOf(dependency, folder), seen);
  return [...seen.values()];
}

/** Files of a package, without the packages that lie in it. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(path);
    return [path];
  });
}

/** Where Node finds a package. */
function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  if (existsSync(folder)) return folder;
  if (dirname(from) === from) throw new Error(`${name} is not installed`);
  return folderOf(name, dirname(from));
}
