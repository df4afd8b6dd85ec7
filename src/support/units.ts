import { type Duration, type Size, SizeRoundingBehavior } from 'cdk8s';
import { foundName, InputProblem } from './problem';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KIB = 1024;
/** Go counts nanoseconds in 64 bits: 292 years. */
const LONGEST = 9_223_372_036_854;

/** How a duration of one unit is written in code: `30d`, as the flags of Thanos have it. */
const IN_CODE: Readonly<Record<string, readonly [string, number]>> = {
  y: ['days', 365],
  w: ['days', 7],
  d: ['days', 1],
  h: ['hours', 1],
  m: ['minutes', 1],
  s: ['seconds', 1],
  ms: ['millis', 1],
};

/** What was meant by a text in the place of a duration, or an example. */
function durationMeant(given: unknown): string {
  const [, count, unit] = /^\s*(\d{1,9})\s*(ms|[ywdhms])\s*$/.exec(String(given)) ?? [];
  if (unit === undefined) return 'one with its unit, such as Duration.hours(2)';
  const [maker, factor] = IN_CODE[unit];
  return `Duration.${maker}(${Number(count) * factor})`;
}

/** Sizes in code, by the units of Kubernetes' quantities. */
const SIZE_IN_CODE: Readonly<Record<string, string>> = {
  K: 'kibibytes',
  M: 'mebibytes',
  G: 'gibibytes',
  T: 'tebibytes',
};

/** What was meant by a text in the place of a size, or an example. Decimal units have no like in code. */
function sizeMeant(given: unknown): string {
  const [, count, unit] = /^\s*(\d{1,9})\s*([KMGT])iB?\s*$/.exec(String(given)) ?? [];
  if (unit === undefined) return 'one with its unit, such as Size.gibibytes(2)';
  return `Size.${SIZE_IN_CODE[unit]}(${Number(count)})`;
}

/** Whole milliseconds. Throws on what is not a duration, on fractions of a millisecond, and on 0 unless allowed. */
export function milliseconds(duration: Duration, allowZero = false): number {
  if (typeof duration?.toMilliseconds !== 'function')
    throw new InputProblem(`is ${foundName(duration)}, not a Duration; write ${durationMeant(duration)}`);
  const ms = duration.toMilliseconds({ integral: false });
  if (!Number.isFinite(ms)) throw new InputProblem('is not a finite duration');
  if (!Number.isInteger(ms)) throw new InputProblem(`is ${ms} ms; give whole milliseconds`);
  if (ms < 0 || (ms === 0 && !allowZero)) throw new InputProblem(`is ${ms} ms; it must be greater than 0`);
  if (ms > LONGEST) throw new InputProblem(`is ${ms} ms; Thanos knows no duration over 292 years`);
  return ms;
}

/** Whole seconds, as Kubernetes fields want them. */
export function seconds(duration: Duration, allowZero = false): number {
  const ms = milliseconds(duration, allowZero);
  if (ms % SECOND !== 0) throw new InputProblem(`is ${ms} ms; Kubernetes takes whole seconds`);
  return ms / SECOND;
}

/** Prometheus' syntax: `1y2d3h4m5s6ms`. Years only where they come out even, since 10y is what people write. */
export function prometheusDuration(duration: Duration, allowZero = false): string {
  const ms = milliseconds(duration, allowZero);
  if (ms === 0) return '0s';
  if (ms % (365 * DAY) === 0) return `${ms / (365 * DAY)}y`;
  const days = Math.floor(ms / DAY);
  return (days > 0 ? `${days}d` : '') + clock(ms % DAY);
}

/** Go's syntax (time.ParseDuration), which knows no unit above the hour. */
export function goDuration(duration: Duration, allowZero = false): string {
  return clock(milliseconds(duration, allowZero)) || '0s';
}

function clock(ms: number): string {
  const parts: [number, string][] = [
    [Math.floor(ms / HOUR), 'h'],
    [Math.floor((ms % HOUR) / MINUTE), 'm'],
    [Math.floor((ms % MINUTE) / SECOND), 's'],
    [ms % SECOND, 'ms'],
  ];
  return parts
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n}${unit}`)
    .join('');
}

/** Whole bytes. Throws on what is not a size, on fractions of a byte and on 0. */
export function bytes(size: Size): number {
  if (typeof size?.toKibibytes !== 'function')
    throw new InputProblem(`is ${foundName(size)}, not a Size; write ${sizeMeant(size)}`);
  const n = size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * KIB;
  if (!Number.isFinite(n)) throw new InputProblem('is not a finite size');
  if (!Number.isInteger(n)) throw new InputProblem(`is ${n} bytes; give whole bytes`);
  if (n > Number.MAX_SAFE_INTEGER) throw new InputProblem(`is ${n} bytes; 8 PiB are the most`);
  if (n <= 0) throw new InputProblem(`is ${n} bytes; it must be greater than 0`);
  return n;
}

const BINARY = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'];

/** A Kubernetes quantity in its shortest exact binary form, `50Gi`. */
export function quantity(size: Size): string {
  const n = bytes(size);
  for (const [i, unit] of BINARY.entries()) {
    const factor = KIB ** (BINARY.length - i);
    if (n % factor === 0) return `${n / factor}${unit}`;
  }
  return `${n}`;
}

/** A size as Thanos' flags and cache configs read it, `2GiB`; a plain number of bytes is written with its unit. */
export function thanosSize(size: Size): string {
  return `${quantity(size)}B`;
}
