import type { Context } from './context';
import type { Kind } from './kind';

/**
 * How long Query needs to find a pod under its new address: it looks names up each 5 s, and at each pod each 5 s
 * (`endpointset.Update` of Thanos); the rest is for names that a DNS server has cached. With less, a roll-out or a drain takes
 * the next pod while Query knows neither, and answers without both and without a warning (measured).
 */
export const SETTLE_SECONDS = 25;

/**
 * How long a pod answers before it counts as ready: only where others of the kind answer meanwhile, in the component or in
 * another zone. Not minReadySeconds, which a budget for disruptions does not know.
 */
export function settleSeconds<P extends { readonly replicas?: number }>(
  kind: Pick<Kind<P>, 'replicas' | 'settleSeconds'>,
  { identity, props }: Context<P>,
): number | undefined {
  const { replicas = kind.replicas } = props;
  return replicas >= 2 || identity.zone !== undefined ? kind.settleSeconds?.(props) || undefined : undefined;
}
