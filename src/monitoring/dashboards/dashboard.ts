import { checksum } from '../../support/checksum';
import type { Watched } from '../parts';
import type { Board, Panel, Row } from './board';
import { type DashboardJson, Grid, panelJson, type PanelJson, variables } from './grafana-json';

/** Of which stack a dashboard is. */
export interface Subject {
  readonly instance: string;
  readonly namespace: string;
  readonly parts: readonly Watched[];
}

/** Newer versions of Grafana read it and bring it up to date themselves. */
const SCHEMA = 39;
const HEIGHT = 8;
const NUMBER_HEIGHT = 4;
const WIDTH = 8;
const HALF = 12;

/** The dashboard of what a stack has; undefined where it has nothing of it. */
export function dashboard(board: Board, subject: Subject): DashboardJson | undefined {
  const { instance, namespace } = subject;
  const parts = partsOf({ kinds: board.kinds, bucket: board.bucket }, subject.parts);
  const rows = board.rows
    .map(({ title, panels }) => ({ title, panels: panels.filter((panel) => partsOf(panel, parts).length > 0) }))
    .filter(({ panels }) => panels.length > 0);
  if (rows.length === 0) return undefined;
  return {
    // the same for ever, and no other stack's: Grafana keeps one dashboard of a uid
    uid: `${board.name}-${checksum({ namespace, instance }).slice(0, 16)}`,
    title: `Thanos ${board.title} (${namespace}/${instance})`,
    tags: ['thanos', instance],
    schemaVersion: SCHEMA,
    editable: false,
    graphTooltip: 1,
    time: { from: 'now-3h', to: 'now' },
    refresh: '1m',
    timezone: '',
    links: [
      {
        type: 'dashboards',
        title: 'Thanos',
        tags: ['thanos', instance],
        ...{ asDropdown: true, includeVars: true, keepTime: true, targetBlank: false, icon: '', tooltip: '' },
      },
    ],
    templating: { list: variables(namespace, jobsOf(parts)) },
    annotations: { list: [] },
    panels: laidOut(rows, parts),
  };
}

function partsOf({ kinds, bucket }: Pick<Board, 'kinds' | 'bucket'>, parts: readonly Watched[]): Watched[] {
  return parts.filter((part) => (!kinds || kinds.includes(part.kind)) && (part.bucket || !bucket));
}

function jobsOf(parts: readonly Watched[]): string {
  return [...new Set(parts.map(({ job }) => job))].join('|');
}

function laidOut(rows: readonly Row[], parts: readonly Watched[]): PanelJson[] {
  const grid = new Grid();
  let id = 0;
  return rows.flatMap(({ title, panels }) => [
    { id: (id += 1), type: 'row', title, collapsed: false, gridPos: grid.title(), panels: [] },
    ...panels.map((panel) => {
      const place = grid.panel(panel.draw === 'table' ? HALF : WIDTH, panel.draw === 'number' ? NUMBER_HEIGHT : HEIGHT);
      return panelJson(panel, matchersOf(panel, parts), (id += 1), place);
    }),
  ]);
}

/** A panel of some of the dashboard's parts names them: others serve metrics of that name too. */
function matchersOf(panel: Panel, parts: readonly Watched[]): string {
  const own = jobsOf(partsOf(panel, parts));
  const variables = 'namespace="$namespace",job=~"$job",pod=~"$pod"';
  return own === jobsOf(parts) ? variables : `job=~"${own}",${variables}`;
}
