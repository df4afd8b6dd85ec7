import { diagnose } from './diagnose';

const START = Date.now();

/** One short line, past jest's own console, which would add five. */
export function progress(text: string): void {
  process.stderr.write(`  e2e +${Math.round((Date.now() - START) / 1000)}s  ${text}\n`);
}

/** Runs a step and says so; where it fails, shows what the cluster looks like. */
export async function step<T>(what: string, run: () => Promise<T>): Promise<T> {
  const begun = Date.now();
  try {
    const result = await run();
    progress(`${what} (${Math.round((Date.now() - begun) / 1000)}s)`);
    return result;
  } catch (error) {
    progress(`FAILED: ${what}`);
    await diagnose();
    throw error;
  }
}

/**
 * Asks again and again until the answer is neither undefined nor false; a thrown error is an answer that may change too.
 *
 * @throws with the last error when the time is up
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  limitSeconds = 240,
): Promise<T> {
  const end = Date.now() + limitSeconds * 1000;
  let last: unknown = 'no answer yet';
  while (Date.now() < end) {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
      last = `answer is ${answer}`;
    } catch (error) {
      last = error;
    }
    await pause(1500);
  }
  throw new Error(`gave up waiting after ${limitSeconds}s: ${what}: ${last instanceof Error ? last.message : last}`);
}

/** Time between two questions. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
