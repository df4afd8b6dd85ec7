import { found, InputProblem } from './problem';
import type { Row } from './table';

const WORD = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/;
const FIELD = /^(\*|\?|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(\/[0-9]+)?(,(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(\/[0-9]+)?)*$/;

/** When a CronJob runs: five fields, or one of cron's words. The values in them the API server judges. */
export const cronSchedule: Row<string> = (value) => {
  const fields = typeof value === 'string' ? value.split(' ') : [];
  if (WORD.test(String(value)) || (fields.length === 5 && fields.every((field) => FIELD.test(field)))) return value;
  throw new InputProblem(`is ${found(value)}; write cron's five fields, such as "0 3 * * *"`);
};

/** A time zone as the tz database names it. */
export const timeZone: Row<string> = (value) => {
  if (typeof value === 'string' && /^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/.test(value) && value !== 'Local')
    return value;
  throw new InputProblem(`is ${found(value)}; write a name of the tz database, such as "Europe/Berlin"`);
};
