import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** bash's `time`: user and system time of the child with all its threads and children, to the millisecond. */
const TIMED = 'TIMEFORMAT="%U %S"; time "${@:2}" > "$1"';

/** Runs commands and says what they cost. Their output goes to a file of the given folder. */
export function meter(folder) {
  const file = join(folder, 'stdout');

  /** CPU milliseconds of a whole process, and what it printed. */
  function run(command, args, { cwd, env } = {}) {
    const options = { cwd, env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false', ...env }, encoding: 'utf8' };
    const child = spawnSync('bash', ['-c', TIMED, 'bash', file, command, ...args], options);
    if (child.status !== 0) throw new Error(`${[command, ...args].join(' ')}\n${child.stderr ?? child.error}`);
    const [user, system] = child.stderr.trimEnd().split('\n').at(-1).split(' ').map(Number);
    return { cpu: (user + system) * 1000, stdout: readFileSync(file, 'utf8') };
  }

  /** A node process of an app that measures itself: its CPU, the part without node's start and exit, and its memory. */
  function node(app, ...args) {
    const { cpu, stdout } = run(process.execPath, [app, ...args.map(String)]);
    return { cpu, ...JSON.parse(stdout.trimEnd().split('\n').at(-1)) };
  }

  return { run, node };
}

/**
 * Runs the contestants in turn (A B A B ...), after one round that only warms the file cache, so that whatever else the
 * machine does meets all alike. Gives each contestant's results in the order of the rounds.
 */
export function inTurn(contestants, rounds, warm = true) {
  const results = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = warm ? -1 : 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const result = run();
      if (round >= 0) results[name].push(result);
    }
  }
  return results;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median of one figure over the rounds. */
export function medianOf(results, figure) {
  return median(results.map((result) => result[figure]));
}

/** Median over the rounds of a's figure against b's of the same round: a slow minute slows both. */
export function ratio(a, b, figure = 'cpu') {
  return median(a.map((result, round) => result[figure] / b[round][figure]));
}

/** Slope of log y over log x by least squares: 1 is linear growth, 2 quadratic. */
export function exponent(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const mean = (i) => logs.reduce((sum, point) => sum + point[i], 0) / logs.length;
  const [mx, my] = [mean(0), mean(1)];
  const above = logs.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return above / logs.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}
