import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { registerSize } from '../../src/cli/size/size';
import { runCommand } from '../cli/run-command';
import { type Fence, fences } from './fences';
import { runSnippet, snippetFiles } from './running';

const docs = readdirSync(join(__dirname, '../../docs')).filter((name) => name.endsWith('.md'));
const code = ['README.md', ...docs.map((name) => `docs/${name}`)]
  .flatMap(fences)
  .filter(({ language }) => language === 'ts');

let folder: string;
beforeAll(() => {
  folder = snippetFiles();
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** The one snippet of README.md that mentions it. */
function snippet(word: string): Fence {
  const [found, ...more] = code.filter(({ place, text }) => place.startsWith('README.md') && text.includes(word));
  expect(more).toEqual([]);
  return found;
}

test.each(code.map((fence) => [fence.place, fence] as const))('%s runs, and its apps pass synth', (_, fence) => {
  expect(() => runSnippet(fence, folder)).not.toThrow();
});

test('the test that README.md shows takes a snapshot of the whole stack, without the CA', () => {
  const { snapshots } = runSnippet(snippet('@jest/globals'), folder);
  expect(snapshots).toHaveLength(1);
  expect(snapshots[0]).toContainEqual(expect.objectContaining({ kind: 'StatefulSet' }));
  expect(snapshots[0]).toContainEqual(expect.objectContaining({ kind: 'Secret', data: { 'ca.crt': '(redacted)' } }));
  expect(JSON.stringify(snapshots)).not.toContain('BEGIN CERTIFICATE');
});

test('the command that README.md shows beside Capacity prints its table', async () => {
  const { printed } = runSnippet(snippet('Capacity.of'), folder);
  const [, line] = fences('README.md')
    .map(({ text }) => /^npx cdk8s-thanos (size .*)\n$/.exec(text) ?? [])
    .find(([whole]) => whole !== undefined)!;
  const { out } = await runCommand(registerSize, line.split(' '));
  // the notes name fields there and options here
  const [table, ...notes] = printed.join('\n').split('\nnote:');
  expect(table).toContain('compactor');
  expect(out.split('\nnote:')[0]).toBe(table);
  expect(out.split('\nnote:')).toHaveLength(1 + notes.length);
});
