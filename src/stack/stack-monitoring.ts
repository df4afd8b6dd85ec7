import type { Construct } from 'constructs';
import type { ThanosComponent } from '../component/thanos-component';
import type { ThanosAlertsOptions } from '../monitoring/alerts-options';
import { ThanosAlerts } from '../monitoring/thanos-alerts';
import { problem } from '../support/problem';

interface Parts extends Construct {
  readonly components: ThanosComponent[];
}

/** The alerts over the components of a stack. */
export function newAlerts(stack: Parts, options: ThanosAlertsOptions): ThanosAlerts {
  const { components } = stack;
  if (components.length > 0) return new ThanosAlerts(stack, 'Alerts', { ...options, components });
  throw problem(stack, 'monitoring', 'has no component to watch. Add one, such as receiver: {}');
}
