import { step, until } from './progress';
import { type Namespaces, Watching } from './watching';

/** Something that breaks, and what mends it. */
export interface Fault {
  make(): Promise<void>;
  mend(): Promise<void>;
}

/** Seconds; the slowest alert took 356 of them on a busy machine. */
const LIMIT = 720;

/**
 * Makes a fault, waits for its alerts, mends it, and waits until they are quiet, as they must be before. Others that look back
 * further may go on. An alert is told by its name, and by values of its labels after it.
 */
export async function alarm(where: Namespaces, what: string, alerts: readonly string[], fault: Fault): Promise<void> {
  const firing = (): Promise<Record<string, string>[]> => Watching.ask(where, (prometheus) => prometheus.firing());
  const fires = (all: readonly Record<string, string>[], alert: string): boolean =>
    all.some((labels) => alert.split(' ').every((word) => Object.values(labels).includes(word)));
  const quiet = (): Promise<boolean> =>
    until(
      'they are quiet',
      async () => {
        const all = await firing();
        const left = alerts.filter((alert) => fires(all, alert));
        if (left.length > 0) throw new Error(left.join(', '));
        return true;
      },
      LIMIT,
    );
  await step(`${what}: quiet before`, quiet);
  try {
    await step(what, () => fault.make());
    await step(`${what}: ${alerts.join(', ')}`, () =>
      until(
        'the alerts fire',
        async () => {
          const all = await firing();
          const silent = alerts.filter((alert) => !fires(all, alert));
          if (silent.length > 0) throw new Error(`${silent.join(', ')} of ${all.map(told).join(', ')}`);
          return true;
        },
        LIMIT,
      ),
    );
  } finally {
    await step(`${what}: mended`, () => fault.mend());
  }
  await step(`${what}: quiet again`, quiet);
}

function told({ alertname, job, window, severity }: Record<string, string>): string {
  return [alertname, job ?? severity, window].filter((word) => word !== undefined).join(' ');
}
