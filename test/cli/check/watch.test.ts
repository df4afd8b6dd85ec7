import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { type CheckResult, fail, pass, warn } from '../../../src/cli/check/result';
import { changes, redrawn, type Seen, watch } from '../../../src/cli/check/watch';
import { registerCheck } from '../../../src/cli/check/check';
import { runCommand } from '../run-command';
import { FakeKubectl } from './fake-kubectl';
import { answersOf, liveStack } from './live-stack';

jest.setTimeout(60_000);

const NOW = new Date('2027-01-01T00:00:00Z');
const good = pass('Query sees', 'query-0', 'all');
const bad = fail('Query sees', 'query-0', 'not store-0', 'see its flags');
const late = warn('Query sees', 'query-0', 'not store-0, which just started', 'wait');

/** Watches these states, one a look, and ends it in the next one. */
async function watched(
  states: readonly (Seen | CheckResult[])[],
  view: Parameters<typeof watch>[1],
): Promise<Seen | undefined> {
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  const rest = states.map((state) => (Array.isArray(state) ? { checks: state } : state));
  const look = async (): Promise<Seen> => {
    const next = rest.shift();
    if (next !== undefined) return next;
    end();
    // a look that takes for ever does not hold up the end
    return new Promise(() => undefined);
  };
  return watch(look, view, () => Promise.resolve(), over);
}

test('where nobody looks on, each change has a line', async () => {
  const lines: string[] = [];
  const view = changes(
    () => NOW,
    (seen) => ('problem' in seen ? '' : `${seen.checks.length} checks`),
    (line) => void lines.push(line),
  );
  const gone = { problem: "the cluster can't be reached" };
  const last = await watched([[good], [good], [late], [bad], [bad], gone, gone, [bad, good], [good]], view);
  expect(lines.map((line) => line.replace(`${NOW.toISOString()} `, ''))).toEqual([
    '1 checks',
    'warn Query sees: query-0: not store-0, which just started',
    'fail Query sees: query-0: not store-0 (was warn)',
    "could not look: the cluster can't be reached",
    'fail Query sees: query-0: not store-0',
    'over Query sees: query-0 (was fail)',
  ]);
  expect(last).toEqual({ checks: [good] });
});

test('on a terminal the same lines are written over the old ones', async () => {
  let screen = '';
  const view = redrawn(
    (seen) => ['top', String('checks' in seen && seen.checks[0].result)],
    (text) => (screen += text),
  );
  await watched([[good], [bad]], view);
  const frame = (word: string): string => `\u001b[Htop\u001b[K\n${word}\u001b[K\n\u001b[J`;
  expect(screen).toBe(`\u001b[2J${frame('pass')}${frame('fail')}`);
});

test.each([
  [['--interval', '0'], '--interval is not a number of seconds, 1 or more'],
  [['--json'], 'give --watch or --json, not both'],
])('--watch with %j is refused', async (args, message) => {
  await expect(runCommand(registerCheck, ['check', '--watch', ...args])).rejects.toThrow(message);
});

/** A `check --watch` of its own, until its output has a text; then Ctrl-C. */
async function live(
  command: string,
  args: readonly string[],
  until: string,
): Promise<{ code: number | null; out: string }> {
  const child = spawn(command, args, { env: process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  const seen = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        if (out.includes(until)) resolve();
      });
    child.once('close', () => resolve());
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await seen;
  child.kill('SIGINT');
  return { code: await ended, out };
}

const MAIN = path.join(__dirname, '../../../src/cli/main.ts');
const COMMAND = [
  process.execPath,
  '-r',
  path.join(__dirname, '../swc-register.cjs'),
  MAIN,
  'check',
  '--watch',
  '--interval',
  '1',
];

test.each([
  [0, 'nothing failed', () => undefined],
  [
    1,
    'fail Query sees: thanos-query-0: does not list',
    (stack: ReturnType<typeof liveStack>) => void stack.stores.data.store.pop(),
  ],
])('Ctrl-C ends it with the code of what was seen last: %i', async (code, text, change) => {
  const stack = liveStack();
  change(stack);
  const kubectl = new FakeKubectl(answersOf(stack));
  try {
    const [command, ...args] = COMMAND;
    const ran = await live(command, args, text);
    expect(ran).toMatchObject({ code, out: expect.stringContaining(text) });
    expect(ran.out).not.toContain('\u001b');
  } finally {
    kubectl.remove();
  }
});

test('on a terminal it draws a screen, with the time and how to end it', async () => {
  const kubectl = new FakeKubectl(answersOf(liveStack()));
  try {
    const quoted = COMMAND.map((word) => `'${word}'`).join(' ');
    const { out } = await live('script', ['-qefc', `exec ${quoted}`, '/dev/null'], 'nothing failed');
    expect(out).toMatch(
      /^\u001b\[2J\u001b\[HThanos in monitoring, \d\d:\d\d:\d\d UTC, every 1 s\. Ctrl-C ends\u001b\[K/,
    );
    expect(out).toContain('\u001b[32mnothing failed');
  } finally {
    kubectl.remove();
  }
});
