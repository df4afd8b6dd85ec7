import { Duration } from 'cdk8s';
import type { RuleOptions } from '../../rules/rules';

/** A service level objective over requests: which of them, and how many may fail. */
export interface Objective {
  /** `write` or `read`. */
  readonly what: 'write' | 'read';
  /** What stands inside the braces of `http_requests_total`. */
  readonly select: string;
  /** Share that must succeed, 0 to 1. */
  readonly goal: number;
}

/**
 * Burn rates over two windows each (https://sre.google/workbook/alerting-on-slos/): the long one says that it matters, the
 * short one that it goes on.
 */
const BURNS = [
  { long: '1h', short: '5m', factor: 14.4, severity: 'critical', minutes: 2 },
  { long: '6h', short: '30m', factor: 6, severity: 'critical', minutes: 15 },
  { long: '1d', short: '2h', factor: 3, severity: 'warning', minutes: 60 },
  { long: '3d', short: '6h', factor: 1, severity: 'warning', minutes: 180 },
] as const;

const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];

/** The shares of failed requests as series of their own: the long windows are dear. */
export function errorRatios({ what, select }: Objective, labels: Record<string, string>): RuleOptions[] {
  return WINDOWS.map((window) => {
    const rate = (matchers: string): string => `sum(rate(http_requests_total{${matchers}}[${window}]))`;
    const all = rate(select);
    // without a failure there is no series of one
    return {
      record: recorded(what, window),
      expr: `(${rate(`${select},code=~"5.."`)} or 0 * ${all}) / ${all}`,
      labels,
    };
  });
}

/** Alerts while the budget of errors burns too fast. */
export function burnAlerts({ what, goal }: Objective, select: string): RuleOptions[] {
  return BURNS.map(({ long, short, factor, severity, minutes }) => {
    const over = (window: string): string =>
      `${recorded(what, window)}{${select}} > ${factor} * ${Number((1 - goal).toPrecision(6))}`;
    return {
      alert: what === 'write' ? 'ThanosWriteBudgetBurns' : 'ThanosReadBudgetBurns',
      expr: `${over(long)} and ${over(short)}`,
      for: Duration.minutes(minutes),
      labels: { severity, window: long },
      annotations: {
        summary: `{{ $value | humanizePercentage }} of the ${what}s failed over ${long}`,
        description: `Of all ${what}s ${Number(((1 - goal) * 100).toPrecision(6))} % may fail; they fail ${factor} times as fast or faster.`,
      },
    };
  });
}

function recorded(what: string, window: string): string {
  return `thanos:${what}_errors:ratio_rate${window}`;
}
