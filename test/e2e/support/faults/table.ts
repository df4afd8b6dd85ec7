import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { FAULTS, type Fault } from './catalogue';

const PAGE = path.join(__dirname, '../../../../docs/reliability.md');
const [BEGIN, END] = ['<!-- written by the run -->', '<!-- until here -->'];
const HEADER = ['fault', 'lost', 'refused', 'wrong', 'writes', 'reads answered', 'slowest read', 'warned', 'memory'];

/** What happened while a fault lasted, and until the stack was whole again. */
export interface Outcome {
  /** Acknowledged samples that are nowhere. */
  readonly lost: number;
  readonly acknowledged: number;
  /** Samples that were refused for good. */
  readonly refused: number;
  /** Writes that were sent again. */
  readonly retried: number;
  readonly asked: number;
  readonly answered: number;
  readonly warned: number;
  readonly wrong: number;
  /** The longest that a question took, answered or not, seconds. */
  readonly slowest: number;
  /** Highest working set of each kind of pod, as a part of what it requests. */
  readonly memory: Readonly<Record<string, number>>;
}

/** The rows of the page: cells by column, by the fault's title. */
export function readRows(): Map<string, Readonly<Record<string, string>>> {
  const lines = between(readFileSync(PAGE, 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const [, , ...rows] = lines.map((line) => line.slice(2, -2).split(' | '));
  return new Map(
    rows.map((row) => [row[0].trim(), Object.fromEntries(HEADER.map((column, i) => [column, row[i].trim()]))]),
  );
}

/** Puts a fault's row into the page. Rounded, so that a run that went the same way writes the same. */
export function writeRow(fault: Fault, outcome: Outcome): void {
  const text = readFileSync(PAGE, 'utf8');
  const rows = readRows().set(fault.title, { [HEADER[0]]: fault.title, ...cells(outcome) });
  const kept = FAULTS.filter(({ title }) => rows.has(title)).map(({ title }) => rows.get(title)!);
  const table = kept.map((row) => HEADER.map((column) => row[column]));
  const widths = HEADER.map((name, column) => Math.max(name.length, ...table.map((row) => row[column].length)));
  const line = (row: readonly string[], fill = ' '): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column], fill)).join(' | ')} |`;
  const rule = line(
    HEADER.map(() => ''),
    '-',
  );
  const written = [line(HEADER), rule, ...table.map((row) => line(row))].join('\n');
  const [begin, end] = bounds(text);
  writeFileSync(PAGE, `${text.slice(0, begin)}\n\n${written}\n\n${text.slice(end)}`);
}

function between(text: string): string {
  return text.slice(...bounds(text));
}

/** Where what the run writes begins and ends. */
function bounds(text: string): [number, number] {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} lacks the lines between which the table stands`);
  return [begin + BEGIN.length, end];
}

function cells(outcome: Outcome): Record<string, string> {
  const { lost, refused, retried, asked, answered, warned, wrong, slowest, memory } = outcome;
  const [kind, share] = Object.entries(memory).sort(([, a], [, b]) => b - a)[0];
  return {
    lost: String(lost),
    refused: String(refused),
    wrong: String(wrong),
    writes: retried === 0 ? 'at once' : 'some again',
    'reads answered': part(answered / asked),
    'slowest read': atMost(slowest, [3, 10, 30, 60, 120, 300]),
    warned: warned === 0 ? 'no' : 'yes',
    memory: `${kind} ${Math.ceil(share * 10) * 10} %`,
  };
}

function part(share: number): string {
  if (share === 1) return 'all';
  const step = [99, 95, 90, 80, 50].find((percent) => share * 100 > percent);
  return step === undefined ? 'under half' : `over ${step} %`;
}

function atMost(seconds: number, steps: number[]): string {
  const step = steps.find((limit) => seconds < limit);
  return step === undefined ? `${Math.ceil(seconds / 60)} min` : `under ${step} s`;
}
