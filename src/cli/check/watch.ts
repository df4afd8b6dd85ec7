import type { CheckResult } from './result';

/** What one look at the stack found, or why it found nothing. */
export type Seen = { readonly checks: readonly CheckResult[] } | { readonly problem: string };

/** Where it is shown: all of it anew each time, or what changed. */
export interface View {
  show(seen: Seen, before: Seen | undefined): void;
}

/**
 * Looks again and again until somebody ends it, and says what was seen last. `over` is settled at that moment, in the middle of
 * a look too.
 */
export async function watch(
  look: () => Promise<Seen>,
  view: View,
  pause: () => Promise<void>,
  over: Promise<void>,
): Promise<Seen | undefined> {
  let ended = false;
  const end = over.then(() => void (ended = true));
  let last: Seen | undefined;
  while (!ended) {
    const seen = await Promise.race([look(), end]);
    if (ended || seen === undefined) break;
    view.show(seen, last);
    last = seen;
    await Promise.race([pause(), end]);
  }
  return last;
}

/** On a terminal: the same lines over the old ones, without a flicker. */
export function redrawn(lines: (seen: Seen) => readonly string[], write: (text: string) => void): View {
  return {
    show: (seen, before) => {
      const clear = before === undefined ? '\u001b[2J' : '';
      write(
        `${clear}\u001b[H${lines(seen)
          .map((line) => `${line}\u001b[K\n`)
          .join('')}\u001b[J`,
      );
    },
  };
}

/** Anywhere else: the state at first, then a line for each change. */
export function changes(time: () => Date, sum: (seen: Seen) => string, write: (line: string) => void): View {
  return {
    show: (seen, before) => {
      const at = time().toISOString();
      if (before === undefined) write(`${at} ${sum(seen)}`);
      for (const line of changed(seen, before)) write(`${at} ${line}`);
    },
  };
}

const WEIGHT: readonly CheckResult['result'][] = ['pass', 'skip', 'warn', 'fail'];

function changed(seen: Seen, before: Seen | undefined): string[] {
  if ('problem' in seen) {
    const same = before !== undefined && 'problem' in before && before.problem === seen.problem;
    return same ? [] : [`could not look: ${seen.problem}`];
  }
  const was = before === undefined || 'problem' in before ? new Map<string, CheckResult>() : troubles(before.checks);
  const is = troubles(seen.checks);
  const came = [...is].filter(([key, { result }]) => was.get(key)?.result !== result);
  const went = [...was].filter(([key]) => !is.has(key));
  return [
    ...came.map(([key, { result, detail }]) => {
      const earlier = was.get(key)?.result;
      return `${result} ${key}: ${detail}${earlier === undefined ? '' : ` (was ${earlier})`}`;
    }),
    ...went.map(([key, { result }]) => `over ${key} (was ${result})`),
  ];
}

/** The worst result of each check and what it looked at; what passes is no trouble. */
function troubles(checks: readonly CheckResult[]): Map<string, CheckResult> {
  const worst = new Map<string, CheckResult>();
  for (const one of checks.filter(({ result }) => result !== 'pass')) {
    const key = `${one.check}: ${one.of}`;
    const known = worst.get(key);
    if (known === undefined || WEIGHT.indexOf(one.result) > WEIGHT.indexOf(known.result)) worst.set(key, one);
  }
  return worst;
}
