import { Duration, Size } from 'cdk8s';
import { CliProblem } from '../problem';

/** Reads the text of an option. What is no such value is told as a problem of the option. */
export type Read<T> = (option: string, text: string) => T;

const FACTORS: Record<string, number> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/** A number, thousands and millions in short: `1000000`, `1_000_000`, `200k`, `1.5M`. */
export const amount: Read<number> = (option, text) => {
  const [, digits, unit] =
    /^([+-]?[\d_]*\.?\d+)([kMG]?)$/.exec(text) ?? refuse(option, text, 'a number', '200k or 1.5M');
  // 1.1M is 1100000, and not a little more
  return Number((Number(digits.replaceAll('_', '')) * FACTORS[unit]).toPrecision(15));
};

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 7 * 86_400, y: 365 * 86_400 };

/** A duration as Prometheus writes it: `30s`, `15d`, `10y`, `1h30m`; `0` is none. */
export const duration: Read<Duration> = (option, text) => {
  if (text === '0') return Duration.days(0);
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    refuse(option, text, 'a duration', '30s, 15d or 10y');
  const all = parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit], 0);
  return Duration.millis(Math.round(all * 1000));
};

const BYTES: Record<string, number> = { Mi: 1, Gi: 1024, Ti: 1024 ** 2 };

/** A size as Kubernetes writes it: `512Mi`, `16Gi`. */
export const size: Read<Size> = (option, text) => {
  const [, digits, unit] = /^(\d+)([MGT]i)B?$/.exec(text) ?? refuse(option, text, 'a size', '512Mi or 16Gi');
  return Size.mebibytes(Number(digits) * BYTES[unit]);
};

function refuse(option: string, text: string, what: string, such: string): never {
  throw new CliProblem(`${option}: ${JSON.stringify(text)} is not ${what}; write such as ${such}`);
}
