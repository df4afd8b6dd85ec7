import * as path from 'node:path';
import { dataKey } from '../../support/names';
import { found } from '../../support/problem';
import { named } from '../ca/endpoint-option';
import { readInput } from '../files';
import { CliProblem } from '../problem';

/** Where values come from. */
export interface ValueOptions {
  readonly fromFile?: string[];
  readonly fromStdin?: string;
  readonly trim?: boolean;
}

/** Plain text of each key. */
export type Values = ReadonlyMap<string, Buffer>;

/** The data of a Secret may not be larger. */
const SECRET_BYTES = 1024 * 1024;

/** Reads every value. */
export function readValues({ fromFile = [], fromStdin, trim }: ValueOptions): Values {
  const values = new Map<string, Buffer>();
  const add = (key: string, file: string): void => {
    if (values.has(key)) throw new CliProblem(`the key ${key} is given twice`);
    const raw = readInput(file, SECRET_BYTES);
    values.set(key, trim ? trimmed(raw) : raw);
  };
  for (const entry of fromFile) add(...keyAndFile(entry));
  if (fromStdin !== undefined)
    add(
      named('--from-stdin', () => dataKey(fromStdin)),
      '-',
    );
  const size = [...values.values()].reduce((sum, value) => sum + value.length, 0);
  if (size > SECRET_BYTES) throw new CliProblem(`the values have ${size} bytes; a Secret holds ${SECRET_BYTES}`);
  return values;
}

/** KEY=FILE, or FILE whose name is the key, as `kubectl create secret` reads it. */
function keyAndFile(entry: string): [string, string] {
  const at = entry.indexOf('=');
  const [key, file] = at < 0 ? [path.basename(entry), entry] : [entry.slice(0, at), entry.slice(at + 1)];
  if (file === '' || file === '-')
    throw new CliProblem(`--from-file ${found(entry)} names no file; write KEY=FILE, or use --from-stdin KEY`);
  return [named('--from-file', () => dataKey(key)), file];
}

function trimmed(value: Buffer): Buffer {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0x0a || value[end - 1] === 0x0d)) end--;
  return value.subarray(0, end);
}
