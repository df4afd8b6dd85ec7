import type { Json } from '../render';

/** Words of PromQL that stand where a metric may stand. */
const WORDS = new Set([
  ...'sum rate increase max min count count_values histogram_quantile time vector and or absent bool'.split(' '),
  ...['max_over_time', 'min_over_time', 'last_over_time'],
]);

/** Names of the metrics in an expression. */
export function metricsOf(expr: string): string[] {
  const named = [...expr.matchAll(/__name__=~"([^"]*)"/g)].flatMap(([, names]) => names.split('|'));
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replace(/\bby \([^)]*\)/g, '');
  const words = [...bare.matchAll(/(?<![\w$])[a-zA-Z_:][\w:]*/g)].map(([word]) => word);
  return [...named, ...words.filter((word) => !WORDS.has(word))];
}

/** A query of a panel. */
export interface PanelQuery {
  /** Title of its panel, behind that of its row. */
  readonly panel: string;
  readonly expr: string;
  readonly legend: string;
}

/** The queries of a dashboard. */
export function queriesOf({ panels }: Json): PanelQuery[] {
  let row = '';
  return panels.flatMap(({ type, title, targets }: Json) => {
    if (type === 'row') row = title;
    return (targets ?? []).map(({ expr, legendFormat }: Json) => ({
      panel: `${row}: ${title}`,
      expr,
      legend: legendFormat,
    }));
  });
}

/** An expression as Grafana asks for it, where everything of a namespace is chosen. */
export function filled(expr: string, { templating }: Json, namespace = 'monitoring', interval = '5m'): string {
  const all = (name: string): string => templating.list.find((one: Json) => one.name === name).allValue;
  return expr
    .replaceAll('$namespace', namespace)
    .replaceAll('$job', all('job'))
    .replaceAll('$pod', all('pod'))
    .replaceAll('$__rate_interval', interval);
}
