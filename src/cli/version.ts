import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** The version of this package, wherever its files were compiled to. */
export function ownVersion(folder = __dirname): string {
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8'));
    if (name === 'cdk8s-thanos') return version;
  }
  const above = path.dirname(folder);
  return above === folder ? 'unknown' : ownVersion(above);
}
