import { groupBy } from '../../support/group-by';
import type { Paint } from '../output';
import type { CheckResult } from './result';

/** How much is seen at once. */
export interface Screen {
  readonly rows: number;
  readonly columns: number;
}

type Verdict = CheckResult['result'];

const WORST_FIRST: readonly Verdict[] = ['fail', 'warn', 'skip', 'pass'];
const WORDS: Readonly<Record<Verdict, string>> = { fail: 'failed', warn: 'warnings', skip: 'skipped', pass: 'passed' };
/** The line of a terminal that its prompt needs, and the one that says what was left out. */
const KEPT = 2;

/** So many of each verdict. */
export function counts(checks: readonly CheckResult[]): Readonly<Record<Verdict, number>> {
  const of = (verdict: Verdict): number => checks.filter(({ result }) => result === verdict).length;
  return { fail: of('fail'), warn: of('warn'), skip: of('skip'), pass: of('pass') };
}

/** The sum of it in one line. */
export function summary(checks: readonly CheckResult[], paint: Paint): string {
  const { fail, warn, skip, pass } = counts(checks);
  if (fail > 0) return paint.bad(`${fail} failed, ${pass} passed, ${warn} warnings, ${skip} skipped`);
  return paint.good(`nothing failed: ${pass} passed, ${warn} warnings, ${skip} skipped`);
}

/** Everything: the sum of it first, then the worst. */
export function everything(checks: readonly CheckResult[], paint: Paint): string[] {
  const sorted = WORST_FIRST.flatMap((verdict) => checks.filter(({ result }) => result === verdict));
  return [summary(checks, paint), ...sorted.flatMap((one) => lines([one], paint))];
}

/** What fits on a screen: the sum of it, then the worst, one for each check; the rest is counted. */
export function atMost({ rows, columns }: Screen, checks: readonly CheckResult[], paint: Paint): string[] {
  const bad = WORST_FIRST.filter((verdict) => verdict !== 'pass').flatMap((verdict) => [
    ...groupBy(
      checks.filter(({ result }) => result === verdict),
      ({ check }) => check,
    ).values(),
  ]);
  const shown = [summary(checks, paint)];
  let left = rows - KEPT - 1;
  const out: CheckResult[] = [];
  for (const group of bad) {
    const own = lines(group, paint);
    const height = own.reduce((sum, line) => sum + Math.max(1, Math.ceil(plain(line).length / columns)), 0);
    // one is always shown, however long it is
    if (out.length === 0 && (height <= left || shown.length === 1)) {
      shown.push(...own);
      left -= height;
    } else out.push(...group);
  }
  const passed = passedLine(checks, paint);
  if (out.length > 0) return [...shown, paint.dim(`and ${inWords(out)}: --verbose shows all`)];
  return passed !== undefined && plain(passed).length <= left * columns ? [...shown, passed] : shown;
}

function lines([first, ...more]: readonly CheckResult[], paint: Paint): string[] {
  const { check: name, of, result, detail, fix } = first;
  const mark = { pass: paint.good, warn: paint.warn, fail: paint.bad, skip: paint.dim }[result](result);
  return [
    `${mark} ${paint.bold(name)}: ${of}: ${detail}`,
    ...(fix === undefined ? [] : [`     to do: ${fix}`]),
    ...(more.length === 0 ? [] : [`     and ${more.length} more of this check: ${names(more)}`]),
  ];
}

const SHOWN = 4;

function names(more: readonly CheckResult[]): string {
  const all = [...new Set(more.map(({ of }) => of))];
  return all.length > SHOWN ? `${all.slice(0, SHOWN).join(', ')} …` : all.join(', ');
}

function passedLine(checks: readonly CheckResult[], paint: Paint): string | undefined {
  const passed = groupBy(
    checks.filter(({ result }) => result === 'pass'),
    ({ check }) => check,
  );
  if (passed.size === 0) return undefined;
  return `${paint.good('pass')} ${[...passed].map(([name, of]) => (of.length > 1 ? `${name} (${of.length})` : name)).join(', ')}`;
}

function inWords(left: readonly CheckResult[]): string {
  const of = counts(left);
  return WORST_FIRST.filter((verdict) => of[verdict] > 0)
    .map((verdict) => `${of[verdict]} more ${WORDS[verdict]}`)
    .join(', ');
}

/** Without the codes of colours. */
function plain(line: string): string {
  return line.replace(/\u001b\[\d+m/g, '');
}
