import type { Duration } from 'cdk8s';
import { found, InputProblem } from '../support/problem';
import { anyText, duration, labelMap, listOf, mapOf, text, wholeSeconds } from '../support/rows';
import type { Row, StructTable } from '../support/table';
import { labelName } from '../rules/rules';
import { RUNBOOK_URL } from './alerts/runbook';

/** What ThanosAlerts can be told. */
export interface ThanosAlertsOptions {
  /**
   * Labels by which a Prometheus of the operator finds the PrometheusRule.
   * @default - the stack's two
   */
  readonly labels?: { [key: string]: string };
  /**
   * Labels of each alert and recorded series, beside its severity.
   * @default - none
   */
  readonly alertLabels?: { [name: string]: string };
  /**
   * Names of alerts that are left out.
   * @default - none
   */
  readonly without?: string[];
  /**
   * Where the runbooks lie, a URL; each alert's page is `<URL>/<name of the alert>.md`. They are in docs/runbooks of this
   * library, to be copied to where your team reads.
   * @default - no annotation runbook_url
   */
  readonly runbookUrl?: string;
  /**
   * Value of the label `severity` of what must be looked at now.
   * @default critical
   */
  readonly criticalSeverity?: string;
  /**
   * Value of the label `severity` of what can wait until the morning.
   * @default warning
   */
  readonly warningSeverity?: string;
  /**
   * Share of failed calls above which an alert fires, more than 0 and less than 1.
   * @default 0.05
   */
  readonly errorRatio?: number;
  /**
   * 99th percentile of requests above which an alert fires. Of writes it fires at the timeout of forwarding at the latest (5 s
   * where none is set, and never below), since Thanos' histogram of them ends there.
   * @default Duration.seconds(10)
   */
  readonly slowRequest?: Duration;
  /**
   * How long a receiver or ruler with series may upload nothing. Three times its block duration is a good value.
   * @default Duration.hours(6)
   */
  readonly noUpload?: Duration;
  /**
   * How long a compactor may finish no round.
   * @default Duration.hours(24)
   */
  readonly noCompaction?: Duration;
  /**
   * Share of the writes that must succeed over 30 days, more than 0 and less than 1.
   * @default 0.999
   */
  readonly writeObjective?: number;
  /**
   * Share of the reads that must succeed over 30 days, more than 0 and less than 1.
   * @default 0.99
   */
  readonly readObjective?: number;
}

const share: Row<number> = (value) => {
  if (typeof value === 'number' && value > 0 && value < 1) return value;
  throw new InputProblem(`is ${found(value)}; give a share of more than 0 and less than 1, such as 0.05`);
};

/** How they are read. */
export const ALERTS: StructTable<ThanosAlertsOptions> = {
  labels: labelMap,
  alertLabels: mapOf(anyText, labelName),
  without: listOf(text),
  runbookUrl: RUNBOOK_URL,
  criticalSeverity: text,
  warningSeverity: text,
  errorRatio: share,
  slowRequest: duration,
  noUpload: wholeSeconds,
  noCompaction: wholeSeconds,
  writeObjective: share,
  readObjective: share,
};
