import { InputProblem } from '../support/problem';
import { int32, yesOrNo } from '../support/rows';
import type { StructTable } from '../support/table';

/** Budget for voluntary disruptions (node drains). */
export interface DisruptionBudgetOptions {
  /**
   * Whether there is one.
   * @default - true when there are two or more replicas, or autoscaling may make as many
   */
  readonly enabled?: boolean;
  /**
   * Pods that may be away at once.
   * @default 1
   */
  readonly maxUnavailable?: number;
}

/** How the disruption budget is read. */
export const DISRUPTION_BUDGET: StructTable<DisruptionBudgetOptions> = {
  enabled: yesOrNo,
  maxUnavailable: (value) => {
    if (value === 0)
      throw new InputProblem('is 0; it must be a whole number of at least 1, or no node could be drained');
    return int32(1)(value);
  },
};
