import { struct } from '../support/rows';
import type { Row } from '../support/table';
import { ALERTS, type ThanosAlertsOptions } from './alerts-options';
import { DASHBOARDS, type ThanosDashboardsOptions } from './dashboards-options';
import { POD_MONITOR, type ThanosPodMonitorOptions } from './pod-monitor';

/** How Prometheus watches a stack. */
export interface MonitoringOptions {
  /**
   * Alerts, recorded series and objectives over what the stack has, as a PrometheusRule.
   * @default - none
   */
  readonly alerts?: ThanosAlertsOptions;
  /**
   * A PodMonitor of the Prometheus operator over the pods of the stack.
   * @default - none
   */
  readonly podMonitor?: ThanosPodMonitorOptions;
  /**
   * Dashboards of Grafana over what the stack has, each in a ConfigMap. The Grafana of the stack reads them too.
   * @default - none
   */
  readonly dashboards?: ThanosDashboardsOptions;
}

/** How they are read. */
export const MONITORING: Row<MonitoringOptions> = struct<MonitoringOptions>({
  alerts: struct(ALERTS),
  podMonitor: POD_MONITOR,
  dashboards: struct(DASHBOARDS),
});
