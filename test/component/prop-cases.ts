import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ComponentOptions, HttpPartOptions } from '../../src/index';
import type { Made } from './made';

/** The props of a kind beyond those of every component, which component-cases.ts has. */
export type OwnProps<P> = Omit<P, keyof ComponentOptions | keyof HttpPartOptions>;

type Maker = Construct & { readonly workload: ApiObject };

/** A value of a prop, and what it must do to the manifest. */
export interface PropCase<V, T extends Maker> {
  readonly value: V;
  readonly reaches: (made: Made<T>) => void;
  /** Another prop of the cases that takes its place when both are set. */
  readonly overruledBy?: string;
  /** Other props without which the value means nothing. */
  readonly beside?: object;
  /** It excludes another prop, and is left out where everything is set. */
  readonly alone?: true;
}

/** A case for every prop: a new prop without one does not compile. */
export type PropCases<P, T extends Maker> = { readonly [K in keyof Required<P>]: PropCase<NonNullable<P[K]>, T> };

/** One test per prop alone, and one with everything set. */
export function everyPropReachesTheManifest<P extends object, T extends Maker>(
  cases: PropCases<P, T>,
  create: (props: Partial<P>) => Made<T>,
): void {
  const entries = Object.entries(cases) as [string, PropCase<unknown, T>][];

  it.each(entries)('%s reaches the manifest', (prop, { value, reaches, beside }) => {
    const made = create({ ...beside, [prop]: value } as Partial<P>);
    reaches(made);
    // the expectation holds because of the prop, not by default
    const without = create({ ...beside } as Partial<P>);
    expect(() => reaches(without)).toThrow();
  });

  it('every prop reaches the manifest when everything is set', () => {
    const together = entries.filter(([, { alone }]) => !alone);
    const all = Object.fromEntries(together.map(([prop, { value }]) => [prop, value])) as Required<P>;
    const made = create(all);
    for (const [, { reaches, overruledBy }] of together) if (!overruledBy) reaches(made);
  });
}
