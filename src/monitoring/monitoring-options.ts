import { InputProblem } from '../support/problem';
import { struct } from '../support/rows';
import type { Row } from '../support/table';
import { ALERTS, type ThanosAlertsOptions } from './alerts-options';
import { DASHBOARDS, type ThanosDashboardsOptions } from './dashboards-options';
import { POD_MONITOR, type ThanosPodMonitorOptions } from './pod-monitor';
import { SCRAPE_ANNOTATIONS, type ScrapeAnnotationsOptions } from './scrape-annotations';

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
   * Annotations of the pods by which a Prometheus without operator finds them, in place of podMonitor.
   * @default - none
   */
  readonly scrapeAnnotations?: ScrapeAnnotationsOptions;
  /**
   * Dashboards of Grafana over what the stack has, each in a ConfigMap. The Grafana of the stack reads them too.
   * @default - none
   */
  readonly dashboards?: ThanosDashboardsOptions;
}

/** How they are read. */
export const MONITORING: Row<MonitoringOptions> = struct<MonitoringOptions>(
  {
    alerts: struct(ALERTS),
    podMonitor: POD_MONITOR,
    scrapeAnnotations: SCRAPE_ANNOTATIONS,
    dashboards: struct(DASHBOARDS),
  },
  ({ podMonitor, scrapeAnnotations }) => {
    if (podMonitor && scrapeAnnotations)
      throw new InputProblem('scrapeAnnotations: podMonitor has each pod scraped already, and twice is once too many');
  },
);
