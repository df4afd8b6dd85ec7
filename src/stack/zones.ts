import type { Construct } from 'constructs';
import { place } from '../app/place';
import type { ThanosComponent } from '../component/thanos-component';
import type { ComponentOptions } from '../pod/component-options';
import { DISRUPTION_BUDGET, type DisruptionBudgetOptions } from '../pod/disruption';
import { disruptionBudget } from '../pod/objects';
import { NODE_ZONE } from '../pod/zone';
import { checked, found, problem } from '../support/problem';
import { struct } from '../support/rows';
import { within } from '../support/table';
import { firstTwice } from '../support/twice';
import type { ThanosStackProps } from './thanos-stack-props';

/** What a component is told of its zone. */
interface ZoneWiring {
  readonly zone?: string;
  readonly replicas?: number;
}

/** Refuses zones that divide nothing, or in which receivers would not know each other. */
export function requireZones(stack: Construct, props: ThanosStackProps): void {
  const { zones, receiver, hashrings = [] } = props;
  if (!zones) return;
  const receivers = [receiver, ...hashrings.map((ring) => ring.receiver ?? {})].filter((one) => one !== undefined);
  const wrong = (text: string): Error => problem(stack, 'zones', text);
  const twice = firstTwice(zones);
  if (twice !== undefined) throw wrong(`${found(twice)} stands there twice`);
  if (zones.length < 2) throw wrong('are fewer than two; for one zone give its label as nodeSelector');
  if (receivers.length === 0 && !props.storeGateway)
    throw wrong('have no effect: there are neither receivers nor store gateways');
  if (receivers.length > 0 && !props.receiveRouter)
    throw wrong('need a receiveRouter, whose ring knows the receivers of all zones. Add receiveRouter: {}');
  if (receivers.some(({ ingestOnly }) => ingestOnly === false))
    throw wrong('have receivers that only ingest: one that routes knows its own zone alone. Drop ingestOnly: false');
}

/**
 * A component of each zone, or the only one. Nodes of all zones are drained under one budget: that of a zone alone would
 * let a pod of each go at once, and with them all copies of a sample.
 */
export function inZones<T extends ThanosComponent, O extends ComponentOptions & { readonly replicas?: number }>(
  { stack, prop, zones }: { readonly stack: Construct; readonly prop: string; readonly zones?: readonly string[] },
  options: O,
  make: (id: (kind: string) => string, wiring: ZoneWiring, options: O) => T,
): T[] {
  if (!zones) return [make((kind) => kind, {}, options)];
  const budget = checked(stack, prop, () =>
    within('disruptionBudget', () => struct(DISRUPTION_BUDGET)(options.disruptionBudget ?? {})),
  );
  const own = { ...options, disruptionBudget: { enabled: false } };
  const made = zones.map((zone) => make((kind) => `${kind}@${zone}`, { zone, replicas: 1 }, own));
  if (options.replicas !== 0) placeBudget(stack, made[0], budget);
  return made;
}

/** Named and labelled as the component would be without zones. */
function placeBudget(stack: Construct, one: ThanosComponent, budget: DisruptionBudgetOptions): void {
  const { enabled = true, maxUnavailable = 1 } = budget;
  if (!enabled) return;
  const { name, labels } = one._identity.overZones();
  const { namespace } = one;
  place(stack, `${name}-budget`, disruptionBudget({ name, namespace, labels }, maxUnavailable));
}

/** Pods that keep nothing are spread over the zones too, where nodes allow it. */
export function spreadOver(zones: readonly string[] | undefined): Pick<ComponentOptions, 'topologySpread'> {
  return zones ? { topologySpread: [{ topologyKey: NODE_ZONE }] } : {};
}
