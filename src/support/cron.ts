import { found, InputProblem } from './problem';
import type { Row } from './table';

const WORD = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;
/** A value or a range of values, or all of them; then the step. */
const ITEM = /^(?:[*?]|([0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?)(?:\/([0-9]+))?$/;

/** A field of cron: its values, and their names in their order. */
interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** As the API server reads them (robfig/cron's ParseStandard): a Sunday is 0, and 7 is no day. */
const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of the month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of the week', least: 0, most: 6, names: DAYS },
];

/** When a CronJob runs: five fields, or one of cron's words. */
export const cronSchedule: Row<string> = (value) => {
  if (WORD.test(String(value))) return value;
  const fields = typeof value === 'string' ? value.split(' ') : [];
  const items = fields.flatMap((field, at) => field.split(',').map((item) => [at, ITEM.exec(item)] as const));
  if (fields.length !== FIELDS.length || items.some(([, item]) => item === null))
    throw new InputProblem(`is ${found(value)}; write cron's five fields, such as "0 3 * * *"`);
  for (const [at, item] of items) {
    const wrong = problemOf(FIELDS[at], item!);
    if (wrong !== undefined) throw new InputProblem(`is ${found(value)}: ${wrong}`);
  }
  return value;
};

function problemOf(field: Field, [, from, to = from, step]: RegExpExecArray): string | undefined {
  const range = `${field.least} to ${field.most}`;
  const [first, last] = [from, to].map((text) => (text === undefined ? undefined : valueOf(field, text)));
  for (const [text, value] of [
    [from, first],
    [to, last],
  ] as const)
    if (text !== undefined && value === undefined) return `${text} is no ${field.name}; they are ${range}`;
  if (first !== undefined && last !== undefined && first > last)
    return `${from}-${to} ends before it begins; write two ranges, such as ${from}-${field.most},${field.least}-${to}`;
  return Number(step) === 0 ? `a step of 0 never gets anywhere; write */2 for every second ${field.name}` : undefined;
}

/** Undefined for what the field has not. */
function valueOf({ least, most, names }: Field, text: string): number | undefined {
  const at = names?.indexOf(text.toLowerCase()) ?? -1;
  const value = at >= 0 ? least + at : /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** A time zone as the tz database names it. */
export const timeZone: Row<string> = (value) => {
  if (typeof value === 'string' && /^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/.test(value) && value !== 'Local')
    return value;
  throw new InputProblem(`is ${found(value)}; write a name of the tz database, such as "Europe/Berlin"`);
};
