import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { Kubectl, type Limits } from '../../src/cli/kubectl';
import { temporaryFolder } from './cli';

const folder = temporaryFolder();
const PID = path.join(folder, 'pid');
/** A process that outlives kubectl and holds its pipes open, as a login's helper may. */
const CHILD = `sleep 60 & echo $! > '${PID}'`;
const before = process.env.PATH;

afterEach(() => (process.env.PATH = before));

/** What a call gives where this script is kubectl. */
function answer(script: string, limits: Partial<Limits> = {}, input?: string) {
  writeFileSync(path.join(folder, 'kubectl'), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, 'kubectl'), 0o755);
  process.env.PATH = `${folder}${path.delimiter}${before}`;
  const kubectl = new Kubectl({ namespace: 'monitoring' }, { seconds: 60, bytes: 1e6, ...limits });
  return input === undefined ? kubectl.run('get', 'pods') : kubectl.post('/x', input);
}

/** Ends the helper; fails where it is gone already. */
const endChild = (): boolean => process.kill(Number(readFileSync(PID, 'utf8')), 'SIGKILL');

test('a call ends with kubectl, though a process that it started holds its pipes', async () => {
  const { ok, out } = await answer(`${CHILD}\necho pods`);
  expect([ok, out.toString()]).toEqual([true, 'pods\n']);
  expect(endChild()).toBe(true);
});

test('a call ends at its limit, though kubectl ignores the signal and its child holds the pipes', async () => {
  const { ok, error } = await answer(`trap '' TERM\n${CHILD}\nwait`, { seconds: 1 });
  expect([ok, error]).toEqual([false, 'kubectl gave no answer within 1 s']);
  expect(endChild()).toBe(true);
});

test('an answer over the limit of bytes is said to be that', async () => {
  const { ok, error } = await answer('while true; do echo 0123456789; done', { bytes: 1000 });
  expect([ok, error]).toEqual([false, 'kubectl answered more than 1000 bytes']);
  expect((await answer('exec cat /dev/zero', { bytes: 2 ** 20 })).error).toBe('kubectl answered more than 1 MiB');
  expect((await answer('exec cat /dev/zero >&2', { bytes: 1000 })).error).toContain('more than 1000 bytes');
});

test('an answer of many writes is whole', async () => {
  const { out } = await answer('i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done');
  expect(out.toString().trimEnd().split('\n')).toHaveLength(5000);
});

test('what is posted is read from stdin, or left', async () => {
  const long = 'x'.repeat(300_000);
  expect((await answer('echo "$@"; cat', {}, long)).out.toString()).toBe(
    `--namespace=monitoring create --raw /x --filename=-\n${long}`,
  );
  expect(await answer('echo no >&2; exit 3', {}, long)).toMatchObject({ ok: false, error: 'no' });
});
