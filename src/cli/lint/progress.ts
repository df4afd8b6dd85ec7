/** What takes less nobody waits for. */
const PATIENCE_MS = 1000;
const EVERY_MS = 200;

/** A line on the terminal that counts up, where it takes a while; nothing where there is no terminal. */
export function progress(
  what: string,
  terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  now: () => number = Date.now,
): { count(n: number): void; end(): void } {
  const started = now();
  let last = started + PATIENCE_MS - EVERY_MS;
  let shown = false;
  return {
    count: (n) => {
      if (terminal.isTTY !== true || now() - last < EVERY_MS) return;
      last = now();
      shown = true;
      terminal.write(`\r${n} ${what}`);
    },
    end: () => {
      if (shown) terminal.write('\r\u001b[K');
    },
  };
}
