import { Duration } from 'cdk8s';
import type { StoreGatewayOptions } from '../component/store-gateway';
import type { ThanosStackProps } from './thanos-stack-props';

/** The store gateway must ignore a deleted block before the compactor removes it; Thanos' own two defaults are in that proportion. */
export function ignoredMarks({ compactor }: ThanosStackProps): Pick<StoreGatewayOptions, 'ignoreDeletionMarksDelay'> {
  if (!compactor?.deleteDelay) return {};
  return { ignoreDeletionMarksDelay: Duration.millis(Math.floor(compactor.deleteDelay.toMilliseconds() / 2)) };
}
