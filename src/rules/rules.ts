import type { Duration } from 'cdk8s';
import type { PrometheusRuleSpecGroups, PrometheusRuleSpecGroupsRules } from '../../imports/monitoring.coreos.com';
import { InputProblem, found } from '../support/problem';
import { knownFields } from '../support/shape';
import { prometheusDuration } from '../support/units';

/** A recording or alerting rule: exactly one of `record` and `alert`. */
export interface RuleOptions {
  /**
   * Name of the recorded series.
   * @default - an alert
   */
  readonly record?: string;
  /**
   * Name of the alert.
   * @default - a recording rule
   */
  readonly alert?: string;
  /** PromQL expression. */
  readonly expr: string;
  /**
   * How long the expression must hold before the alert fires.
   * @default - at once
   */
  readonly for?: Duration;
  /**
   * How long the alert keeps firing after the expression stopped holding.
   * @default - not at all
   */
  readonly keepFiringFor?: Duration;
  /**
   * Labels to add.
   * @default - none
   */
  readonly labels?: { [name: string]: string };
  /**
   * Annotations of the alert.
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}

/** Rules that are evaluated together, in their order. */
export interface RuleGroup {
  /** Name, once in a file. */
  readonly name: string;
  /** The rules. */
  readonly rules: RuleOptions[];
  /**
   * Time between evaluations.
   * @default - the ruler's
   */
  readonly interval?: Duration;
  /**
   * Most series or alerts that a rule may make; 0: no limit.
   * @default 0
   */
  readonly limit?: number;
  /**
   * What Query does when a store does not answer: `warn` goes on, `abort` fails the evaluation.
   * @default - Thanos' own, abort
   */
  readonly partialResponseStrategy?: string;
}

/** Checks groups as Thanos does when it loads the file, and turns them into the form that file and PrometheusRule share. */
export function ruleGroups(groups: RuleGroup[]): PrometheusRuleSpecGroups[] {
  if (!Array.isArray(groups)) throw new InputProblem('is missing; give a list of groups');
  const names = groups.map((group) => group.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputProblem(`group ${found(twice)} appears twice`);
  return groups.map(checkedGroup);
}

function checkedGroup(group: RuleGroup): PrometheusRuleSpecGroups {
  knownFields(group, ['name', 'rules', 'interval', 'limit', 'partialResponseStrategy']);
  if (!group.name) throw new InputProblem('a group has no name');
  if (!Array.isArray(group.rules) || group.rules.length === 0)
    throw new InputProblem(`group ${found(group.name)} has no rules`);
  const strategy = group.partialResponseStrategy;
  if (strategy !== undefined && !['warn', 'abort'].includes(strategy))
    throw new InputProblem(
      `group ${found(group.name)}: partialResponseStrategy is ${found(strategy)}, not warn or abort`,
    );
  if (group.limit !== undefined && (!Number.isInteger(group.limit) || group.limit < 0))
    throw new InputProblem(
      `group ${found(group.name)}: limit is ${found(group.limit)}; it must be a whole number of 0 or more`,
    );
  return {
    name: group.name,
    interval: group.interval && prometheusDuration(group.interval),
    limit: group.limit,
    partialResponseStrategy: strategy,
    rules: group.rules.map((rule, i) => checkedRule(rule, `group ${found(group.name)}, rule ${i + 1}`)),
  };
}

function checkedRule(rule: RuleOptions, where: string): PrometheusRuleSpecGroupsRules {
  knownFields(rule, ['record', 'alert', 'expr', 'for', 'keepFiringFor', 'labels', 'annotations']);
  const { record, alert, expr } = rule;
  if ((record === undefined) === (alert === undefined))
    throw new InputProblem(`${where}: give exactly one of record and alert`);
  if (alert === '') throw new InputProblem(`${where}: alert has no name`);
  if (typeof expr !== 'string' || expr.trim() === '') throw new InputProblem(`${where}: expr is empty`);
  if (record !== undefined) {
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(record))
      throw new InputProblem(`${where}: record ${found(record)} is not a metric name`);
    if (rule.for || rule.annotations || rule.keepFiringFor)
      throw new InputProblem(`${where}: a recording rule has no for, keepFiringFor or annotations`);
  }
  return {
    record,
    alert,
    expr,
    for: rule.for && prometheusDuration(rule.for, true),
    keepFiringFor: rule.keepFiringFor && prometheusDuration(rule.keepFiringFor, true),
    labels: rule.labels,
    annotations: rule.annotations,
  };
}
