import { yesOrNo } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import type { Context } from './context';

/** A flag and its value; a switch has none. */
export type Arg = readonly [flag: string, value?: string | number];

/** What a flag gets for a value: a text or number, several of them for a repeatable flag, or whether a switch is set. */
export type Written = string | number | boolean | readonly string[] | undefined;

/** An option of a component: how its value is read, and what the command is told. */
export interface Option<R, V, P> {
  readonly read: R;
  /** What the command is told; without it the value goes elsewhere. It is asked for a default where none is given. */
  readonly args?: (value: V | undefined, context: Context<P>) => readonly Arg[];
}

/** A row for each option, in the order of the flags. A prop without a row does not compile. */
export type OptionTable<P, All = P> = {
  readonly [K in keyof P]-?: Option<StructTable<P>[K], NonNullable<P[K]>, All>;
};

/** An option that is the value of a flag. */
export function flag<R extends Row<any>>(
  name: string,
  read: R,
  write: (value: ReturnType<R>) => Written,
): Option<R, ReturnType<R>, any> {
  return { read, args: (value) => (value === undefined ? [] : written(name, write(value))) };
}

/** A switch that Thanos may have on by itself: both answers are written. */
export function toggle(name: string): Option<Row<boolean>, boolean, any> {
  return { read: yesOrNo, args: (value) => toggled(name, value) };
}

/** The argument of such a switch. */
export function toggled(name: string, value: boolean | undefined): Arg[] {
  return value === undefined ? [] : [[value ? `--${name}` : `--no-${name}`]];
}

/** An option that is told otherwise than by a flag of its own. */
export function noFlag<R extends Row<any>>(read: R): Option<R, ReturnType<R>, any> {
  return { read };
}

/** The arguments of one flag. */
export function written(name: string, value: Written): Arg[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [[name]];
  return typeof value === 'object' ? value.map((one) => [name, one] as const) : [[name, value]];
}
