import type { Duration } from 'cdk8s';
import {
  type PrometheusRuleSpecGroups,
  type PrometheusRuleSpecGroupsRules,
  toJson_PrometheusRuleSpec,
} from '../../imports/monitoring.coreos.com';
import { InputProblem, found } from '../support/problem';
import {
  duration,
  durationOrZero,
  listOf,
  oneOf,
  struct,
  anyText,
  mapOf,
  wholeNumber,
  wholeText,
} from '../support/rows';
import { readStruct, required, type Row, type StructTable, within } from '../support/table';
import { prometheusDuration } from '../support/units';
import { thanosYaml } from '../support/yaml';
import { firstTwice } from '../support/twice';

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

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
/** What the data of a ConfigMap may hold in all, bytes (https://kubernetes.io/docs/concepts/configuration/configmap/). */
export const CONFIG_MAP_BYTES = 1024 * 1024;

const RULE: Row<RuleOptions> = struct<RuleOptions>(
  {
    record: metricName,
    alert: ruleName,
    expr: required(expression, 'Give a PromQL expression'),
    for: durationOrZero,
    keepFiringFor: durationOrZero,
    labels: mapOf(anyText, labelName),
    annotations: mapOf(anyText, labelName),
  },
  requireOneKind,
);

const GROUP: StructTable<RuleGroup> = {
  name: required(ruleName, 'Give the group a name'),
  rules: required(rules, 'Give a list of rules'),
  interval: duration,
  limit: wholeNumber(0),
  partialResponseStrategy: oneOf({ WARN: 'warn', ABORT: 'abort' }),
};

/** Prometheus takes any characters in the names of groups and alerts. */
export function ruleName(value: unknown): string {
  if (typeof value === 'string' && value !== '') return wholeText(value);
  throw new InputProblem(`is ${found(value)}; give a text of one line`);
}

/** How groups are read: as Thanos does when it loads the file. A problem names the group. */
export const RULE_GROUPS: Row<RuleGroup[]> = (value) => {
  if (!Array.isArray(value)) throw new InputProblem(`is ${found(value)}, not a list of groups`);
  const groups = value.map((group, i) =>
    within(typeof group?.name === 'string' ? `group ${found(group.name)}` : `[${i}]`, () => readStruct(GROUP, group)),
  );
  const names = groups.map((group) => group.name);
  const twice = firstTwice(names);
  if (twice !== undefined) throw new InputProblem(`group ${found(twice)} appears twice`);
  return groups;
};

/** Groups in the form that file and PrometheusRule share. */
export function ruleGroups(groups: RuleGroup[]): PrometheusRuleSpecGroups[] {
  return RULE_GROUPS(groups).map(({ name, interval, limit, partialResponseStrategy, rules }) => ({
    name,
    interval: interval && prometheusDuration(interval),
    limit,
    partialResponseStrategy,
    rules: rules.map(ruleSpec),
  }));
}

/** Groups as the file that a ruler reads from a ConfigMap. */
export function rulesFile(groups: RuleGroup[]): string {
  const file = thanosYaml(toJson_PrometheusRuleSpec({ groups: ruleGroups(groups) }));
  const size = Buffer.byteLength(file);
  if (size <= CONFIG_MAP_BYTES) return file;
  throw new InputProblem(
    `make a file of ${size} bytes, over the ${CONFIG_MAP_BYTES} of a ConfigMap; put some into ConfigMaps of their own, and name them in ruleConfigMaps`,
  );
}

function ruleSpec(rule: RuleOptions): PrometheusRuleSpecGroupsRules {
  return {
    record: rule.record,
    alert: rule.alert,
    expr: rule.expr,
    for: rule.for && prometheusDuration(rule.for, true),
    keepFiringFor: rule.keepFiringFor && prometheusDuration(rule.keepFiringFor, true),
    labels: rule.labels,
    annotations: rule.annotations,
  };
}

function rules(value: unknown): RuleOptions[] {
  const read = listOf(RULE)(value);
  if (read.length === 0) throw new InputProblem('is empty; give a list of rules');
  return read;
}

/** What Prometheus takes as the name of a rule's label or annotation. */
export function labelName(name: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && name !== '__name__') return name;
  throw new InputProblem(
    `${found(name)} is not the name of a label: letters, digits and "_", no digit first, not "__name__"`,
  );
}

/** What a rule may record. */
export function metricName(value: unknown): string {
  if (typeof value === 'string' && METRIC.test(value)) return value;
  throw new InputProblem(`${found(value)} is not a metric name`);
}

/** A PromQL expression, which is not parsed here. */
export function expression(value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return wholeText(value);
  throw new InputProblem(`is ${found(value)}; give a PromQL expression`);
}

/** A rule records or alerts, in either form in which rules are written. */
export function requireOneKind(rule: { readonly [K in keyof RuleOptions]?: unknown }): void {
  if ((rule.record === undefined) === (rule.alert === undefined))
    throw new InputProblem('give exactly one of record and alert');
  if (rule.record !== undefined && (rule.for || rule.annotations || rule.keepFiringFor))
    throw new InputProblem('a recording rule has no for, keepFiringFor or annotations');
}
