import { struct } from '../support/rows';
import type { Row } from '../support/table';
import { ALERTS, type ThanosAlertsOptions } from './alerts-options';

/** How Prometheus watches a stack. */
export interface MonitoringOptions {
  /**
   * Alerts, recorded series and objectives over what the stack has, as a PrometheusRule.
   * @default - none
   */
  readonly alerts?: ThanosAlertsOptions;
}

/** How they are read. */
export const MONITORING: Row<MonitoringOptions> = struct<MonitoringOptions>({ alerts: struct(ALERTS) });
