import type { Duration } from 'cdk8s';
import { date, duration, having } from '../support/rows';
import type { Row } from '../support/table';
import { prometheusDuration } from '../support/units';

/** A bound of a time range of blocks: a point in time, or one that moves with the clock. */
export class BlockTime {
  /**
   * So long before now, for ever anew.
   * @param age how long ago
   */
  public static ago(age: Duration): BlockTime {
    return new BlockTime(
      () => `-${prometheusDuration(duration(age))}`,
      () => ({ moves: true, milliseconds: -duration(age).toMilliseconds() }),
    );
  }

  /**
   * A point in time that stays.
   * @param time the point, to the millisecond
   */
  public static at(time: Date): BlockTime {
    return new BlockTime(
      () => date(time).toISOString(),
      () => ({ moves: false, milliseconds: time.getTime() }),
    );
  }

  readonly #text: () => string;
  readonly #at: () => BlockMoment;

  private constructor(text: () => string, at: () => BlockMoment) {
    this.#text = text;
    this.#at = at;
  }

  /**
   * As Thanos' flags write it.
   * @internal
   */
  public _text(): string {
    return this.#text();
  }

  /**
   * When it is.
   * @internal
   */
  public _at(): BlockMoment {
    return this.#at();
  }
}

/** Two that move, or two that do not, can be compared. */
export interface BlockMoment {
  readonly moves: boolean;
  /** From now on, or from 1970 on. */
  readonly milliseconds: number;
}

/** How it is read. */
export const BLOCK_TIME: Row<BlockTime> = (value) => {
  const time = having<BlockTime>({ _text: 'function' }, 'a BlockTime; write BlockTime.ago(Duration.days(30))')(value);
  time._text();
  return time;
};
