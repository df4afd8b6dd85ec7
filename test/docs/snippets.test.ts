import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
