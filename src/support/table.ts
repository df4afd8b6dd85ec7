import type { IConstruct } from 'constructs';
import { checked, InputProblem } from './problem';
import { type FieldsElsewhere, knownFields, notFields } from './shape';

/** Reads one value: gives it back with its type, or throws an InputProblem about the value alone. */
export type Row<T> = (value: any) => T;

/** The row of a field that must be given. */
export type RequiredRow<T> = Row<T> & { readonly required: true };

/** A row for each field of a struct. A field without a row does not compile, nor does a required one that may be left out. */
export type StructTable<P> = {
  readonly [K in keyof P]-?: undefined extends P[K] ? Row<NonNullable<P[K]>> : RequiredRow<P[K]>;
};

/** The field must be given. The text says what to give. */
export function required<T>(row: Row<T>, text?: string): RequiredRow<T> {
  const check = (value: any): T => {
    if (value !== undefined && value !== null) return row(value);
    throw new InputProblem(text === undefined ? 'is missing' : `is missing. ${text}`);
  };
  return Object.assign(check, { required: true as const });
}

/** A row that is looked up when it first reads: it may stand in a file that few apps load. */
export function later<T>(row: () => Row<T>): Row<T> {
  return (value) => row()(value);
}

/** Reads a struct by its table. Fields that are undefined are not there afterwards. A problem names the field. */
export function readStruct<P>(table: StructTable<P>, value: unknown): P {
  readable(table, value);
  return readFields(table, value, within);
}

/** Reads the props of a construct by their table. A problem names the construct's path and the prop. */
export function readProps<P>(scope: IConstruct, table: StructTable<P>, props: unknown, elsewhere?: FieldsElsewhere): P {
  checked(scope, 'props', () => readable(table, props, elsewhere));
  return readOwn(scope, table, props as object);
}

/** The most fields that a message names. */
const NAMED = 6;

/** Refuses what is not an object, with the fields to give, and what has fields that the table does not. */
function readable<P>(table: StructTable<P>, value: unknown, elsewhere?: FieldsElsewhere): asserts value is object {
  const fields = Object.keys(table);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const must = fields.filter((field) => 'required' in (table as Readonly<Record<string, object>>)[field]);
    const some = fields.slice(0, NAMED).join(', ') + (fields.length > NAMED ? ', …' : '');
    const give = must.length > 0 ? `{ ${must.map((field) => `${field}: …`).join(', ')} }` : `{} or some of ${some}`;
    throw new InputProblem(`${notFields(value)}. Give ${give}`);
  }
  knownFields(value, fields, elsewhere);
}

/** Runs a check and puts the field, the index or the key before its complaint. */
export function within<T>(field: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof InputProblem) throw new InputProblem(`${field}: ${error.message}`);
    throw error;
  }
}

/** Reads the props that the table has, and leaves the others alone. */
export function readOwn<P>(scope: IConstruct, table: StructTable<P>, props: object): P {
  return readFields(table, props, (prop, read) => checked(scope, prop, read));
}

function readFields<P>(table: StructTable<P>, value: object, place: <T>(field: string, read: () => T) => T): P {
  const given = value as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const field of Object.keys(table)) {
    const row = (table as Readonly<Record<string, Row<unknown>>>)[field];
    const own = given[field];
    if (own !== undefined || 'required' in row) result[field] = place(field, () => row(own));
  }
  return result as P;
}
