import { type Panel, UNITS } from './board';

/** What Grafana reads as a dashboard (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/). */
export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly schemaVersion: number;
  readonly editable: boolean;
  readonly graphTooltip: number;
  readonly time: { readonly from: string; readonly to: string };
  readonly refresh: string;
  readonly timezone: string;
  readonly links: readonly object[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly annotations: { readonly list: readonly object[] };
  readonly panels: readonly PanelJson[];
}

/** A variable of a dashboard. */
export interface VariableJson {
  readonly name: string;
  readonly label: string;
  readonly type: 'datasource' | 'query';
  readonly [field: string]: unknown;
}

/** Where a panel lies: 24 columns, rows of any number. */
export interface GridPos {
  readonly h: number;
  readonly w: number;
  readonly x: number;
  readonly y: number;
}

/** A panel, or the title of a row. */
export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: GridPos;
  readonly [field: string]: unknown;
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const COLUMNS = 24;
const TYPES = { lines: 'timeseries', number: 'stat', table: 'table' } as const;

/** Variables: the data source, and of which namespace, jobs and pods. */
export function variables(namespace: string, jobs: string): VariableJson[] {
  const query = (name: string, label: string, text: string, more: object): VariableJson => ({
    name,
    label,
    type: 'query',
    datasource: DATASOURCE,
    query: { qryType: 1, query: text, refId: name },
    refresh: 2,
    sort: 1,
    ...more,
  });
  const several = { multi: true, includeAll: true, current: { text: ['All'], value: ['$__all'] } };
  return [
    { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
    query('namespace', 'Namespace', `label_values(up{job=~"${jobs}"}, namespace)`, {
      current: { text: namespace, value: namespace },
    }),
    query('job', 'Job', `label_values(up{namespace="$namespace",job=~"${jobs}"}, job)`, { ...several, allValue: jobs }),
    // a series without the label is one of all
    query('pod', 'Pod', 'label_values(up{namespace="$namespace",job=~"$job"}, pod)', { ...several, allValue: '.*' }),
  ];
}

/** A panel as JSON, with what stands inside the braces of its metrics. */
export function panelJson(panel: Panel, select: string, id: number, gridPos: GridPos): PanelJson {
  const { title, description, draw = 'lines', unit } = panel;
  return {
    id,
    type: TYPES[draw],
    title,
    ...(description === undefined ? {} : { description }),
    gridPos,
    datasource: DATASOURCE,
    fieldConfig: { defaults: { unit: UNITS[unit], ...drawn(panel) }, overrides: [] },
    options: optionsOf(draw),
    targets: panel.queries(select).map(([expr, legendFormat], i) => ({
      refId: String.fromCodePoint('A'.codePointAt(0)! + i),
      datasource: DATASOURCE,
      expr,
      legendFormat,
      ...(draw === 'lines' ? { range: true } : { instant: true, range: false }),
      ...(draw === 'table' ? { format: 'table' } : {}),
    })),
  };
}

function drawn({ draw = 'lines', red }: Panel): object {
  if (draw === 'lines') return { min: 0, custom: { fillOpacity: 10 } };
  if (red === undefined) return {};
  const steps =
    'from' in red
      ? [
          { color: 'green', value: null },
          { color: 'red', value: red.from },
        ]
      : [
          { color: 'red', value: null },
          { color: 'green', value: red.below },
        ];
  return { thresholds: { mode: 'absolute', steps } };
}

function optionsOf(draw: NonNullable<Panel['draw']>): object {
  if (draw === 'table') return { showHeader: true };
  if (draw === 'number') return { reduceOptions: { calcs: ['lastNotNull'] }, textMode: 'value_and_name' };
  return { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } };
}

/** Lays panels out below each other, as many beside each other as fit. */
export class Grid {
  #x = 0;
  #y = 0;
  #height = 0;

  /** The place of a title. */
  public title(): GridPos {
    this.#break();
    const gridPos = { h: 1, w: COLUMNS, x: 0, y: this.#y };
    this.#y += 1;
    return gridPos;
  }

  /** The place of a panel of a size. */
  public panel(w: number, h: number): GridPos {
    if (this.#x + w > COLUMNS) this.#break();
    const gridPos = { h, w, x: this.#x, y: this.#y };
    this.#x += w;
    this.#height = Math.max(this.#height, h);
    return gridPos;
  }

  #break(): void {
    this.#y += this.#height;
    this.#x = 0;
    this.#height = 0;
  }
}
