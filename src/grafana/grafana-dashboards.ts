import { Lazy } from 'cdk8s';
import type { MountedDashboards, ThanosDashboards } from '../monitoring/thanos-dashboards';
import type { Volume, VolumeMount, VolumeProjection } from '../support/k8s';
import { InputProblem } from '../support/problem';
import { having, listOf } from '../support/rows';
import { thanosYaml } from '../support/yaml';

const DIRECTORY = '/etc/grafana/dashboards';
const PROVISIONING = '/etc/grafana/provisioning/dashboards';
const SECONDS = 30;

/** How dashboards are read. */
export const DASHBOARD_LIST = listOf(
  having<ThanosDashboards>({ folder: 'string', _mounted: 'function' }, 'ThanosDashboards'),
);

/** Parts of a Grafana that has dashboards. */
export interface DashboardParts {
  /** Grafana's provisioning file; undefined where there is none. */
  readonly provider?: string;
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
}

/**
 * Grafana's provisioning of dashboards (https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards). It
 * looks for changes itself, so that a new dashboard starts no pod anew.
 */
export function dashboardParts(
  dashboards: readonly ThanosDashboards[] = [],
  { namespace, configMap }: { readonly namespace: string; readonly configMap: string },
): DashboardParts {
  const stacks = dashboards.map((one) => one._mounted());
  const other = stacks.find((stack) => stack.namespace !== namespace);
  if (other)
    throw new InputProblem(`are in namespace ${other.namespace}, this Grafana in ${namespace}: no pod mounts across`);
  if (stacks.length === 0) return { volumes: [], mounts: [] };
  const providers = stacks.map(({ instance, folder }) => ({
    name: instance,
    type: 'file',
    folder,
    updateIntervalSeconds: SECONDS,
    options: { path: `${DIRECTORY}/${instance}` },
  }));
  // a component that is added later may bring a dashboard
  const sources = Lazy.any({ produce: () => dashboards.map((one) => one._mounted()).flatMap(sourcesOf) });
  return {
    provider: thanosYaml({ apiVersion: 1, providers }),
    volumes: [
      { name: 'dashboard-providers', configMap: { name: configMap } },
      { name: 'thanos-dashboards', projected: { sources } },
    ],
    mounts: [
      { name: 'dashboard-providers', mountPath: PROVISIONING, readOnly: true },
      { name: 'thanos-dashboards', mountPath: DIRECTORY, readOnly: true },
    ],
  };
}

function sourcesOf({ instance, configMaps }: MountedDashboards): VolumeProjection[] {
  return configMaps.map(({ name, key, file }) => ({
    configMap: { name, items: [{ key, path: `${instance}/${file}` }] },
  }));
}
