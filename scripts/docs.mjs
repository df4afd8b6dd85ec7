// `npm run docs`: writes docs/reference from the docstrings. With --check: fails when it is not what it would write.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './setup.mjs';
import { reference } from './reference.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'docs/reference');
const pages = reference(
  JSON.parse(readFileSync(join(root, '.jsii'), 'utf8')),
  readFileSync(join(root, 'src/index.ts'), 'utf8'),
);

if (process.argv.includes('--check')) {
  const there = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'))
    : [];
  const stale = [
    ...there.filter((file) => !pages.has(file)),
    ...[...pages].filter(([file, text]) => !there.includes(file) || readFileSync(join(folder, file), 'utf8') !== text),
  ].map((page) => (Array.isArray(page) ? page[0] : page));
  if (stale.length > 0) {
    console.error(`docs/reference is not up to date: ${stale.join(', ')}. Run \`npm run docs\` and commit it.`);
    process.exitCode = 1;
  }
} else {
  rmSync(folder, { recursive: true, force: true });
  for (const [file, text] of pages) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  console.log(`docs/reference: ${pages.size} pages`);
}
