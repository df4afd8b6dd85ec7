import * as path from 'node:path';
import { dataKey } from '../../support/names';
import { foundName } from '../../support/problem';
import { named } from '../ca/endpoint-option';
import { exists, readInput } from '../files';
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
    if (values.has(key)) throw new CliProblem(`the key ${foundName(key)} is given twice`);
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
    throw new CliProblem('--from-file names no file; write KEY=FILE, or use --from-stdin KEY');
  const name = named('--from-file', () => dataKey(key));
  if (!exists(file)) throw new CliProblem(`--from-file ${foundName(name)}: there is no file ${calledIn(file)}`);
  return [name, file];
}

/** Only what looks like the path of a file is shown: what was given may be the value itself. */
function calledIn(file: string): string {
  const shown = /[./]/.test(file) ? foundName(file) : 'of the name that is given';
  return path.isAbsolute(file) ? shown : `${shown} in ${process.cwd()}`;
}

function trimmed(value: Buffer): Buffer {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0x0a || value[end - 1] === 0x0d)) end--;
  return value.subarray(0, end);
}
