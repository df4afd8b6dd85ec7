import type { Parameters } from 'fast-check';

/** `npm run fuzz` sets these: how long each property runs, seconds, or how many values it tries; and the seed of the run. */
const { FUZZ_SECONDS, FUZZ_RUNS, FUZZ_SEED } = process.env;

/**
 * How a property runs: `npm test` tries so many values, the same everywhere; `npm run fuzz` tries others for minutes,
 * or so many. A counterexample that it finds becomes a test with a name of its own.
 */
export function runs(numRuns: number): Parameters<any> {
  if (FUZZ_RUNS !== undefined) return { seed: Number(FUZZ_SEED), numRuns: Number(FUZZ_RUNS) };
  if (FUZZ_SECONDS === undefined) return { seed: 20240601, numRuns };
  const interruptAfterTimeLimit = Number(FUZZ_SECONDS) * 1000;
  return { seed: Number(FUZZ_SEED), numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit };
}
