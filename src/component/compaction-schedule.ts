import type { Duration, Size } from 'cdk8s';
import { scratchVolume } from '../pod/scratch';
import type { StorageOptions } from '../pod/storage';
import { cronSchedule, timeZone } from '../support/cron';
import { InputProblem } from '../support/problem';
import { int32, struct, wholeSeconds } from '../support/rows';
import { required, type StructTable } from '../support/table';
import type { Context } from './context';
import type { Extras } from './kind';

/** When a compactor works that does not stay. */
export interface CompactionScheduleOptions {
  /** When it begins, in cron's five fields. While a pass lasts, no other begins. */
  readonly cron: string;
  /**
   * Time zone of `cron`, such as `Europe/Berlin`.
   * @default - the cluster's, mostly UTC
   */
  readonly timeZone?: string;
  /**
   * Longest time of a pass with its retries, whole seconds. The next pass takes up what is left.
   * @default - none
   */
  readonly deadline?: Duration;
  /**
   * Tries after the first, where a pass fails.
   * @default 1
   */
  readonly retries?: number;
}

const TABLE: StructTable<CompactionScheduleOptions> = {
  cron: required(cronSchedule, 'Write cron\'s five fields, such as "0 */6 * * *"'),
  timeZone,
  deadline: wholeSeconds,
  retries: int32(0),
};

/** How it is read. */
export const COMPACTION_SCHEDULE = struct(TABLE);

/** What Thanos reads with `--wait` alone, and what keeps pods that are there all the time. */
const OF_STAYING = [
  'waitInterval',
  'cleanupInterval',
  'progressInterval',
  'haltOnError',
  'page',
  'routePrefix',
  'disruptionBudget',
] as const;
/** What a volume has that stays. */
const OF_CLAIM = ['whenDeleted', 'whenScaled', 'labels'] as const;

interface Scheduled extends Partial<Record<(typeof OF_STAYING)[number] | 'sidecars', unknown>> {
  readonly storage?: StorageOptions;
}

/** Refuses what would do nothing, or keep the pass from ending. */
export function requireScheduled(props: Scheduled): void {
  const { storage = {} } = props;
  const idle =
    OF_STAYING.find((prop) => props[prop] !== undefined) ?? OF_CLAIM.find((field) => storage[field] !== undefined);
  if (idle !== undefined)
    throw new InputProblem(`leaves ${idle} without effect: it is for a compactor that stays. Drop one of the two`);
  if (Array.isArray(props.sidecars) && props.sidecars.length > 0)
    throw new InputProblem(
      'does not go with sidecars: a pass ends when all containers have. Give an init container with restartPolicy Always',
    );
}

/**
 * A CronJob, and room that comes and goes with its pods.
 * @internal
 */
export function scheduledExtras(
  { identity, props }: Context<Scheduled>,
  whole: Size,
  { cron, timeZone: zone, deadline, retries = 1 }: CompactionScheduleOptions,
): Extras {
  const { size = whole, storageClassName } = props.storage ?? {};
  return {
    ephemeral: true,
    volumes: [scratchVolume(identity.claim, { size, storageClassName })],
    run: { schedule: cron, timeZone: zone, deadline, retries },
  };
}
