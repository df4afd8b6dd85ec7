import type { Construct } from 'constructs';
import type { IQueryApi } from '../component/query-api';
import { Grafana, type GrafanaOptions } from '../grafana/grafana';
import type { ThanosDashboards } from '../monitoring/thanos-dashboards';
import type { PlacementProps } from '../pod/component-options';
import type { SecurityOptions } from '../pod/security';
import { problem } from '../support/problem';
import { defined } from './shared-options';

interface Parts extends Construct {
  readonly query?: IQueryApi;
  readonly queryFrontend?: IQueryApi;
  readonly dashboards?: ThanosDashboards;
}

/** Grafana in front of the stack's query frontend, or of its Query where it has none, with the stack's dashboards. */
export function stackGrafana(
  stack: Parts,
  options: GrafanaOptions,
  placement: PlacementProps,
  security: SecurityOptions | undefined,
): Grafana {
  const source = stack.queryFrontend ?? stack.query;
  if (!source)
    throw problem(
      stack,
      'grafana',
      'needs a query in the stack. Add query: {}, or make a Grafana with a datasourceUrl',
    );
  return new Grafana(stack, 'Grafana', {
    // the ids themselves are for the user of Thanos' image
    security: security?.openShift ? { openShift: true } : undefined,
    ...defined(options),
    ...placement,
    datasource: source,
    dashboards: stack.dashboards && [stack.dashboards],
  });
}
