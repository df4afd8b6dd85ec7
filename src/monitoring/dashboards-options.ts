import { InputProblem, found } from '../support/problem';
import { labelMap, listOf, text } from '../support/rows';
import { qualifiedName } from '../support/names';
import type { Row, StructTable } from '../support/table';

/** What ThanosDashboards can be told. */
export interface ThanosDashboardsOptions {
  /**
   * Labels by which the sidecar of a Grafana finds the ConfigMaps.
   * @default - `grafana_dashboard: '1'`, as the charts of Grafana and of kube-prometheus-stack have it
   */
  readonly labels?: { [key: string]: string };
  /**
   * Folder of Grafana.
   * @default Thanos
   */
  readonly folder?: string;
  /**
   * Annotation in which the sidecar reads the folder (its `folderAnnotation`).
   * @default grafana_folder
   */
  readonly folderAnnotation?: string;
  /**
   * Names of dashboards that are left out: overview, receive, store, compact, query, rule, bucket, certificates.
   * @default - none
   */
  readonly without?: string[];
}

/** A sidecar makes a folder of its file system of it. */
const folder: Row<string> = (value) => {
  const name = text(value);
  if (!name.startsWith('.') && !name.includes('/')) return name;
  throw new InputProblem(`${found(name)} is not the name of a folder: no "/", and no "." at its beginning`);
};

/** How they are read. */
export const DASHBOARDS: StructTable<ThanosDashboardsOptions> = {
  labels: labelMap,
  folder,
  folderAnnotation: qualifiedName,
  without: listOf(text),
};
