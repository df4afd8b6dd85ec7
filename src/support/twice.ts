/** The first value of a list that stands in it before; undefined where each stands once. */
export function firstTwice<T>(values: readonly T[]): T | undefined {
  return values.find((value, i) => values.indexOf(value) < i);
}
