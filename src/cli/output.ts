import type { Command } from 'commander';
import { EXIT } from './problem';

/** Colours of the text output. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/** What a command found: data for `--json`, lines for people. */
export interface Report {
  /** False where a check failed: exit code 1. */
  readonly ok: boolean;
  /** Printed as one JSON object, with `ok` first. */
  readonly data: object;
  /** The data alone is printed, in a form of its own. */
  readonly bare?: boolean;
  /** Printed as text. */
  readonly lines: (paint: Paint) => string[];
}

const secrets = new Set<string>();
/** Shorter ones would blank out half of the text. */
const SHORTEST_SECRET = 4;
/** So long, and with letters and digits, it is a machine's, and no word of the program's own. */
const SHORTEST_RANDOM = 16;

/** Makes sure that a value is never printed where it comes back from outside (in a server's answer, say). */
export function hide(...values: (string | undefined)[]): void {
  for (const value of values) if (value !== undefined && value.length >= SHORTEST_SECRET) secrets.add(value);
}

/**
 * Text from outside without the hidden values. The program's own words stay as they are: stars in them would tell what the
 * value is.
 */
export function withoutSecrets(text: string): string {
  return starred(text, [...secrets]);
}

/** Text that is safe to print: no random value that is hidden, no control characters (a certificate's subject may hold any). */
export function printable(text: string): string {
  const random = [...secrets].filter((s) => s.length >= SHORTEST_RANDOM && /\d/.test(s) && /[A-Za-z]/.test(s));
  return starred(text, random).replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    '\ufffd',
  );
}

/** The longest first: one may be a part of another. */
function starred(text: string, values: string[]): string {
  return values.sort((a, b) => b.length - a.length).reduce((safe, value) => safe.replaceAll(value, '***'), text);
}

/** Prints a report and sets the exit code. */
export function emit(report: Report, json: boolean): void {
  const data = report.bare ? report.data : { ok: report.ok, ...report.data };
  write(json ? jsonText(data) : reportText(report));
  process.exitCode = report.ok ? EXIT.ok : EXIT.failed;
}

/** Prints an error and sets the exit code. */
export function emitProblem(message: string, json: boolean): void {
  if (json) write(jsonText({ ok: false, error: message }));
  process.stderr.write(`cdk8s-thanos: ${printable(message)}\n`);
  process.exitCode = EXIT.usage;
}

/** `--json` of a command or of one of its parents. */
export function wantsJson(command: Command): boolean {
  return Boolean(command.optsWithGlobals().json);
}

function jsonText(data: object): string {
  return JSON.stringify(data, (_, value) => (typeof value === 'string' ? printable(value) : value), 2);
}

/** A report for people, as it is printed. */
export function reportText(report: Report): string {
  const paint = coloured() ? ANSI : PLAIN;
  // colours are added around text that is safe already
  const safe = (style: (text: string) => string) => (text: string) => style(printable(text));
  const painted = Object.fromEntries(Object.entries(paint).map(([name, style]) => [name, safe(style)]));
  const lines = report.lines(painted as unknown as Paint);
  return coloured() ? lines.map(keepColours).join('\n') : lines.map(printable).join('\n');
}

/** Makes a line printable, but for the colour codes that `Paint` put there. */
function keepColours(line: string): string {
  return line
    .split(/(\u001b\[\d+m)/)
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join('');
}

function coloured(): boolean {
  return Boolean(process.stdout.isTTY) && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}

function write(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

const same = (text: string): string => text;
/** No colours. */
export const PLAIN: Paint = { good: same, bad: same, warn: same, dim: same, bold: same };
const ansi = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;
const ANSI: Paint = { good: ansi(32), bad: ansi(31), warn: ansi(33), dim: ansi(2), bold: ansi(1) };
