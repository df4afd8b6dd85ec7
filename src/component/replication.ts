import type { Duration } from 'cdk8s';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { REQUIRED_OBJSTORE } from '../objstore/objstore-row';
import { argLiteral } from '../support/escape';
import { found, InputProblem } from '../support/problem';
import { durationOrZero, listOf, wholeNumber, yesOrNo } from '../support/rows';
import type { Row } from '../support/table';
import { goDuration } from '../support/units';
import { BLOCK_TIME, type BlockTime } from './block-time';
import { flag, type OptionTable } from './option';

/** Which blocks are copied to another bucket, and where to. */
export interface ReplicationOptions {
  /**
   * The bucket that blocks are copied to. The pods get its config, CA and keys beside those of the source, at places of their
   * own. It needs another instance than the source, and keys in a Secret.
   */
  readonly destination: ObjstoreConfig;
  /**
   * Matchers of external labels, such as `cluster="eu"` or `tier!~"test|dev"` (`--matcher`). A block must match all of them.
   * @default - all blocks
   */
  readonly matchers?: string[];
  /**
   * Resolutions that are copied (`--resolution`): `Duration.seconds(0)` for raw samples, 5 minutes, 1 hour.
   * @default - Thanos' own, all
   */
  readonly resolutions?: Duration[];
  /**
   * Levels of compaction that are copied (`--compaction`).
   * @default - Thanos' own, 1 to 4
   */
  readonly compactionLevels?: number[];
  /**
   * Only blocks with samples after this time (`--min-time`).
   * @default - all
   */
  readonly minTime?: BlockTime;
  /**
   * Only blocks with samples before this time (`--max-time`).
   * @default - all
   */
  readonly maxTime?: BlockTime;
  /**
   * Leave out blocks that are marked for deletion (`--ignore-marked-for-deletion`).
   * @default - Thanos' own, false
   */
  readonly skipMarked?: boolean;
}

const RESOLUTIONS = [0, 5 * 60_000, 60 * 60_000];

const resolution: Row<Duration> = (value) => {
  if (RESOLUTIONS.includes(durationOrZero(value).toMilliseconds())) return value;
  throw new InputProblem('is no resolution of Thanos: 0 seconds for raw samples, 5 minutes or 1 hour');
};

const MATCHER = /^[a-zA-Z_][a-zA-Z0-9_]*(=|!=|=~|!~)"([^"\\]|\\.)*"$/;

const matcher: Row<string> = (value) => {
  if (typeof value === 'string' && MATCHER.test(value)) return value;
  throw new InputProblem(`${found(value)} is not a matcher; write cluster="eu", with the value in double quotes`);
};

/** How they are read, in the order of the flags. */
export const REPLICATION: OptionTable<ReplicationOptions> = {
  destination: {
    read: REQUIRED_OBJSTORE,
    args: (destination) => [[destination!._asSecond().flag]],
  },
  matchers: flag('--matcher', listOf(matcher), (all) =>
    all.length === 0 ? undefined : argLiteral(`{${all.join(',')}}`),
  ),
  resolutions: flag('--resolution', listOf(resolution), (all) => all.map((one) => goDuration(one, true))),
  compactionLevels: flag('--compaction', listOf(wholeNumber(1)), (levels) => levels.map(String)),
  minTime: flag('--min-time', BLOCK_TIME, (time) => time._text()),
  maxTime: flag('--max-time', BLOCK_TIME, (time) => time._text()),
  skipMarked: flag('--ignore-marked-for-deletion', yesOrNo, (wanted) => wanted),
};
