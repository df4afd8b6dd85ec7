/** Fewer texts are read before anybody would look. */
const MANY = 20;
const EVERY_MS = 200;

/** A line on the terminal that counts up; nothing where there is no terminal. */
export function progress(verb: string, total: number): { one(more: string): void; end(): void } {
  const shown = total >= MANY && process.stderr.isTTY === true;
  let done = 0;
  let last = 0;
  return {
    one: (more) => {
      done++;
      if (!shown || Date.now() - last < EVERY_MS) return;
      last = Date.now();
      process.stderr.write(`\r${verb}: ${done} of ${total} files, ${more}`);
    },
    end: () => {
      if (shown) process.stderr.write('\r\u001b[K');
    },
  };
}
