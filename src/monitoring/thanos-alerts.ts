import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { requirePropsOfApp } from '../app/same-app';
import { looked } from '../app/finished';
import type { ThanosComponent } from '../component/thanos-component';
import { PrometheusRules } from '../rules/prometheus-rules';
import { type RuleGroup, type RuleOptions, rulesFile } from '../rules/rules';
import { sharedObject } from '../support/identity';
import { checked, found, InputProblem, problem } from '../support/problem';
import { readProps, required, type StructTable } from '../support/table';
import { milliseconds, seconds } from '../support/units';
import type { Alert, Limits } from './alerts/alert';
import { BUCKET_ALERTS } from './alerts/bucket-alerts';
import { COMPACT_ALERTS } from './alerts/compact-alerts';
import { burnAlerts, errorRatios, type Objective } from './alerts/objectives';
import { READ_ALERTS } from './alerts/read-alerts';
import { RECEIVE_ALERTS } from './alerts/receive-alerts';
import { RULE_ALERTS } from './alerts/rule-alerts';
import { runbook } from './alerts/runbook';
import { UP_ALERTS } from './alerts/up-alerts';
import { ALERTS, type ThanosAlertsOptions } from './alerts-options';
import { COMPONENTS, matchers, sidecarsOf, type Watched, watchedTogether } from './parts';

/** Properties of ThanosAlerts. */
export interface ThanosAlertsProps extends ThanosAlertsOptions {
  /** What is watched: components of one stack and namespace. */
  readonly components: ThanosComponent[];
}

const PROPS: StructTable<ThanosAlertsProps> = {
  ...ALERTS,
  components: required(COMPONENTS, 'Give a list of components, such as components of a ThanosStack'),
};

const GROUPS: Readonly<Record<string, readonly Alert[]>> = {
  'thanos-pods': UP_ALERTS,
  'thanos-bucket': BUCKET_ALERTS,
  'thanos-compact': COMPACT_ALERTS,
  'thanos-receive': RECEIVE_ALERTS,
  'thanos-read': READ_ALERTS,
  'thanos-rule': RULE_ALERTS,
};
const ABSENT = 'ThanosPartAbsent';
const NAMES = [
  ...Object.values(GROUPS).flatMap((alerts) => alerts.map(({ name }) => name)),
  ...[ABSENT, 'ThanosWriteBudgetBurns', 'ThanosReadBudgetBurns'],
];

/**
 * Alerts over the components of a stack, recorded series and objectives of reads and writes, as a PrometheusRule. Only what
 * the stack has is watched, as it stands at synth: with the patches, and in a ThanosStack with the components that were added
 * to it later, and with the sidecars of its instance and namespace that a SidecarPodMonitor scrapes. They read the labels `namespace`, `pod` and `job`, which is `<instance>-<component>`, such as
 * `thanos-receiver`.
 */
export class ThanosAlerts extends Construct {
  /** The PrometheusRule, for patches. */
  public readonly prometheusRules: PrometheusRules;
  readonly #props: ThanosAlertsProps;
  #components: () => readonly ThanosComponent[];

  constructor(scope: Construct, id: string, given: ThanosAlertsProps) {
    super(scope, id);
    appChecks(this).nameAfter(this, { prop: 'components', advice: 'Make one ThanosAlerts for each stack' });
    const props = readProps(this, PROPS, given);
    requirePropsOfApp(this, { components: props.components });
    this.#props = props;
    this.#components = () => props.components;
    checked(this, 'without', () => (props.without ?? []).forEach(requireName));
    const { groups } = this;
    checked(this, 'components', () => rulesFile(groups));
    const [{ instance, namespace }] = props.components;
    const { name } = sharedObject(instance, 'alerts');
    const { labels } = props;
    this.prometheusRules = new PrometheusRules(this, 'Rules', {
      name,
      instance,
      namespace,
      labels,
      groups,
    });
    this.prometheusRules._later(() => this.groups);
  }

  /** The rules over what stands now, for a Ruler's `rules` where no Prometheus operator runs. */
  public get groups(): RuleGroup[] {
    const parts = checked(this, 'components', () => looked(() => this.#watched()));
    const groups = groupsOf(this.#props, parts);
    if (groups.length === 0) throw problem(this, 'without', 'leaves no alert. Leave the alerts out as a whole');
    return groups;
  }

  #watched(): Watched[] {
    const parts = watchedTogether(this.#components(), 'ThanosAlerts');
    const [{ instance, namespace }] = this.#props.components;
    return [...parts, ...sidecarsOf(this, { instance, namespace })];
  }

  /** The rules over what stands now, as the file that Prometheus reads (`rule_files`). */
  public get rulesFile(): string {
    return checked(this, 'components', () => rulesFile(this.groups));
  }

  /**
   * Watches what is found at synth.
   * @internal
   */
  public _watch(components: () => readonly ThanosComponent[]): void {
    this.#components = components;
  }
}

function requireName(name: string): void {
  if (!NAMES.includes(name)) throw new InputProblem(`${found(name)} is no alert; there are ${NAMES.join(', ')}`);
}

function groupsOf(props: ThanosAlertsProps, parts: readonly Watched[]): RuleGroup[] {
  const limits: Limits = {
    errors: props.errorRatio ?? 0.05,
    latency: milliseconds(props.slowRequest ?? Duration.seconds(10)) / 1000,
    upload: seconds(props.noUpload ?? Duration.hours(6)),
    compaction: seconds(props.noCompaction ?? Duration.hours(24)),
  };
  const groups = Object.entries(GROUPS).map(([name, alerts]) => ({
    name,
    rules: alerts.flatMap((alert) => ruleOf(alert, parts, limits)),
  }));
  groups[0].rules.push(...absentRules(parts));
  const all = [...groups, ...objectives(props, parts)];
  return all
    .map(({ name, rules }) => ({ name, rules: rules.filter((rule) => !props.without?.includes(rule.alert ?? '')) }))
    .filter(({ rules }) => rules.some(({ alert }) => alert !== undefined))
    .map(({ name, rules }) => ({ name, rules: rules.map((rule) => labelled(rule, props)) }));
}

function ruleOf(alert: Alert, parts: readonly Watched[], limits: Limits): RuleOptions[] {
  const { name, kinds, bucket, severity, minutes, summary, description } = alert;
  const read = parts.filter((part) => kinds.includes(part.kind) && (part.bucket || !bucket));
  if (read.length === 0) return [];
  return [
    {
      alert: name,
      expr: alert.expr(matchers(read), limits, read),
      for: Duration.minutes(minutes),
      labels: { severity },
      annotations: { summary, description },
    },
  ];
}

/** One that Prometheus knows no pod of has no `up` either. */
function absentRules(parts: readonly Watched[]): RuleOptions[] {
  const jobs = [...new Set(parts.map(({ job }) => job))];
  return jobs.map((job) => ({
    alert: ABSENT,
    expr: `absent(up{namespace="${parts[0].namespace}",job="${job}"} == 1)`,
    for: Duration.minutes(5),
    // absent() of a comparison has none, and without them the alerts of two parts are one to Alertmanager
    labels: { severity: 'critical', namespace: parts[0].namespace, job },
    annotations: {
      summary: `No pod of ${job} answers`,
      description: 'All of them are down, or Prometheus does not scrape them.',
    },
  }));
}

/** Objectives of what stands in front: routers before receivers, the query frontend before Query. */
function objectives(props: ThanosAlertsProps, parts: readonly Watched[]): RuleGroup[] {
  const front = (...kinds: string[]): Watched[] => {
    const kind = kinds.find((one) => parts.some((part) => part.kind === one));
    return parts.filter((part) => part.kind === kind);
  };
  const writes = front('receive-router', 'receiver');
  const reads = front('query-frontend', 'query');
  const objective = (what: Objective['what'], goal: number, of: readonly Watched[], handlers: string): RuleGroup[] => {
    if (of.length === 0) return [];
    const [{ namespace, job }] = of;
    const named = { namespace, job };
    const slo = { what, goal, select: `${matchers(of)},${handlers}` };
    const rules = [...errorRatios(slo, named), ...burnAlerts(slo, `namespace="${namespace}",job="${job}"`)];
    return [{ name: `thanos-${what}-objective`, rules }];
  };
  return [
    ...objective('write', props.writeObjective ?? 0.999, writes, 'handler="receive"'),
    ...objective('read', props.readObjective ?? 0.99, reads, 'handler=~"query|query_range|query-frontend"'),
  ];
}

function labelled(rule: RuleOptions, props: ThanosAlertsProps): RuleOptions {
  const { alertLabels, runbookUrl, criticalSeverity: critical = 'critical', warningSeverity = 'warning' } = props;
  if (rule.alert === undefined) return { ...rule, labels: { ...alertLabels, ...rule.labels } };
  const severity = rule.labels?.severity === 'critical' ? critical : warningSeverity;
  return {
    ...rule,
    labels: { ...alertLabels, ...rule.labels, severity },
    annotations: { ...rule.annotations, ...runbook(rule.alert, runbookUrl) },
  };
}
