import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** The stages in their order. Each imports from itself and from what stands before it. */
const STAGES = [
  ...['support', 'thanos', 'manifest', 'pki', 'input', 'app', 'objstore', 'pod', 'rules', 'component', 'routes'],
  ...['monitoring', 'grafana', 'policy', 'stack', 'fleet', 'capacity', 'lint', 'graph', 'cli'],
];
const SRC = join(__dirname, '../../src');
const MAX_LINES = 250;

interface Source {
  readonly file: string;
  readonly text: string;
}

const sources: Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(SRC, file), 'utf8') }));

/** What a file imports from src or imports/, as paths below src; `../imports/…` for the latter. */
function importsOf({ file, text }: Source): string[] {
  const specifiers = [...text.matchAll(/\b(?:from|require\(|import\()\s*'(\.[^']*)'/g)].map(
    ([, specifier]) => specifier,
  );
  return specifiers.map((specifier) => relative(SRC, normalize(join(SRC, dirname(file), specifier))));
}

/** Imports against the order, as `from -> to`. */
function upward(all: Source[]): string[] {
  const stage = (path: string): number => STAGES.indexOf(path.split('/')[0]);
  return all
    .filter(({ file }) => file !== 'index.ts')
    .flatMap((source) =>
      importsOf(source)
        .filter((path) => !path.startsWith('../imports/'))
        .filter((path) => stage(path) < 0 || stage(path) > stage(source.file))
        .map((path) => `${source.file} -> ${path}`),
    );
}

/** Circles of imports among files, each as `a -> b -> a`; types count too, since a reader follows them as well. */
function circles(all: Source[]): string[] {
  const name = (file: string): string => file.replace(/\.ts$/, '');
  const imports = new Map(all.map((source) => [name(source.file), importsOf(source)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) return void found.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? imports.get(`${file}/index`) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return found;
}

/** Lines that are neither blank nor comment. */
function codeLines(text: string): number {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').split('\n');
  return code.filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}

test('every source lies in a stage', () => {
  const folders = new Set(sources.map(({ file }) => file.split('/')[0]));
  expect([...folders].filter((folder) => folder !== 'index.ts' && !STAGES.includes(folder))).toEqual([]);
});

test('a stage imports only from itself and from stages before it', () => {
  expect(upward(sources)).toEqual([]);
});

test('an import against the order would be found', () => {
  const bad = { file: 'input/endpoint.ts', text: "import { Grant } from '../objstore/grant';" };
  expect(upward([bad])).toEqual(['input/endpoint.ts -> objstore/grant']);
});

test('no file imports itself over others', () => {
  expect(circles(sources)).toEqual([]);
});

test('a circle would be found, however long', () => {
  const file = (name: string, to: string): Source => ({
    file: `pod/${name}.ts`,
    text: `import type { X } from './${to}';`,
  });
  expect(circles([file('a', 'b'), file('b', 'c'), file('c', 'a')])).toEqual(['pod/a -> pod/b -> pod/c -> pod/a']);
  expect(circles([file('a', 'b'), file('b', 'c')])).toEqual([]);
});

test('the public surface does not reach the command line', () => {
  const index = sources.find(({ file }) => file === 'index.ts')!;
  expect(importsOf(index).length).toBeGreaterThan(10);
  expect(importsOf(index).filter((path) => path.startsWith('cli'))).toEqual([]);
});

test(`no file has more than ${MAX_LINES} lines of code`, () => {
  const long = sources.map(({ file, text }) => [file, codeLines(text)] as const).filter(([, n]) => n > MAX_LINES);
  expect(long).toEqual([]);
});

test('most files are small enough to be read at once', () => {
  const sizes = sources.map(({ text }) => text.split('\n').length).sort((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(120);
});
