import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type OutputFile, makeDirectory, writeFiles } from '../../src/cli/files';
import { temporaryFolder } from './cli';
import { refused } from './refused';

const root = temporaryFolder();
let count = 0;

function folder(): string {
  const name = path.join(root, `${count++}`);
  mkdirSync(name);
  return name;
}

const mode = (file: string): number => statSync(file).mode & 0o777;

/** A file beside which, while it is written, another of its name appears. */
function overtaken(file: string): OutputFile {
  return {
    path: file,
    get content() {
      writeFileSync(file, 'theirs');
      return 'ours';
    },
  };
}

test('a file that appears while another of its name is written is not overwritten, and no other file is left', () => {
  const out = folder();
  const files = [{ path: path.join(out, 'first'), content: 'ours' }, overtaken(path.join(out, 'second'))];
  expect(refused(() => writeFiles(files, false))).toContain('second exists already; nothing was written');
  expect(readdirSync(out)).toEqual(['second']);
  expect(readFileSync(path.join(out, 'second'), 'utf8')).toBe('theirs');
});

test('the same where the file system has no links', () => {
  const out = folder();
  const link = jest.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
  });
  try {
    writeFiles([{ path: path.join(out, 'free'), content: 'ours', mode: 0o600 }], false);
    expect(refused(() => writeFiles([overtaken(path.join(out, 'taken'))], false))).toContain('exists already');
  } finally {
    link.mockRestore();
  }
  expect(readFileSync(path.join(out, 'taken'), 'utf8')).toBe('theirs');
  expect(readdirSync(out)).toEqual(['free', 'taken']);
  expect(mode(path.join(out, 'free'))).toBe(0o600);
});

test('a link to nowhere is something that exists', () => {
  const file = path.join(folder(), 'link');
  symlinkSync('nowhere', file);
  expect(refused(() => writeFiles([{ path: file, content: 'x' }], false))).toContain('exists already');
});

test('a file that is overwritten keeps its mode, unless it holds a key', () => {
  const file = path.join(folder(), 'file');
  for (const before of [0o640, 0o666, 0o600]) {
    writeFileSync(file, 'before');
    chmodSync(file, before);
    writeFiles([{ path: file, content: 'after' }], true);
    expect(readFileSync(file, 'utf8')).toBe('after');
    expect(mode(file)).toBe(before);
  }
  chmodSync(file, 0o644);
  writeFiles([{ path: file, content: 'key', mode: 0o600 }], true);
  expect(mode(file)).toBe(0o600);
});

test("folders that are made are their owner's alone; one that exists stays as it is", () => {
  const out = folder();
  chmodSync(out, 0o755);
  makeDirectory(path.join(out, 'a/b'));
  expect([out, path.join(out, 'a'), path.join(out, 'a/b')].map(mode)).toEqual([0o755, 0o700, 0o700]);
  makeDirectory(out);
  expect(mode(out)).toBe(0o755);
});
