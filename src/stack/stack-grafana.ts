import type { Construct } from 'constructs';
import type { IQueryApi } from '../component/query-api';
import { Grafana, type GrafanaOptions } from '../grafana/grafana';
import type { PlacementProps } from '../pod/component-options';
import type { SecurityOptions } from '../pod/security';
import { problem } from '../support/problem';
import { defined } from './shared-options';

/** Grafana in front of the stack's query frontend, or of its Query where it has none. */
export function stackGrafana(
  stack: Construct,
  source: IQueryApi | undefined,
  options: GrafanaOptions,
  placement: PlacementProps,
  security: SecurityOptions | undefined,
): Grafana {
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
  });
}
