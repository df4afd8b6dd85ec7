/** Fewer charts are written before anybody would look. */
const MANY = 50;

/** Counts the written charts on the terminal; says nothing where there is none. */
export function progress(total: number): { one(): void; end(): void } {
  const shown = total >= MANY && process.stderr.isTTY === true;
  let done = 0;
  return {
    one: () => {
      if (shown && ++done % 10 === 0) process.stderr.write(`\rwritten: ${done} of ${total} charts`);
    },
    end: () => {
      if (shown) process.stderr.write(`\rwritten: ${total} of ${total} charts\n`);
    },
  };
}
