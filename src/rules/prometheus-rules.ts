import { type ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { PrometheusRule, toJson_PrometheusRuleSpec } from '../../imports/monitoring.coreos.com';
import { appChecks } from '../app/app-checks';
import { instanceOf } from '../app/instance';
import { place } from '../app/place';
import { namespaceOf } from '../objstore/namespace';
import { instanceName, sharedObject } from '../support/identity';
import { dnsLabel, objectName } from '../support/names';
import { checked } from '../support/problem';
import { labelMap } from '../support/rows';
import { readProps, required, type StructTable } from '../support/table';
import { RULE_GROUPS, type RuleGroup, ruleGroups } from './rules';

/** Properties of PrometheusRules. */
export interface PrometheusRulesProps {
  /** The rules: the same structs as a Ruler's `rules`. */
  readonly groups: RuleGroup[];
  /**
   * Name of the object.
   * @default - `<instance>-rules`
   */
  readonly name?: string;
  /**
   * Name of the stack.
   * @default - that of the ThanosStack around it, else thanos
   */
  readonly instance?: string;
  /**
   * Namespace.
   * @default - the chart's, else monitoring
   */
  readonly namespace?: string;
  /**
   * Labels by which a Prometheus or ThanosRuler of the operator finds the object.
   * @default - the stack's two
   */
  readonly labels?: { [key: string]: string };
}

const PROPS: StructTable<PrometheusRulesProps> = {
  groups: required(RULE_GROUPS, 'Give a list of groups'),
  name: objectName,
  instance: instanceName,
  namespace: dnsLabel,
  labels: labelMap,
};

/** Rules as a PrometheusRule: the form that the Prometheus operator reads, where a Ruler reads files. */
export class PrometheusRules extends Construct {
  /** The PrometheusRule, for patches. */
  public readonly prometheusRule: ApiObject;
  #later?: () => RuleGroup[];

  constructor(scope: Construct, id: string, given: PrometheusRulesProps) {
    super(scope, id);
    appChecks(this).nameAfter(this, { prop: 'name', advice: 'Give one of the two another name or namespace' });
    const props = readProps(this, PROPS, given);
    const own = sharedObject(instanceOf(this, props.instance), 'rules');
    const name = checked(this, 'name', () => objectName(props.name ?? own.name));
    const early = specOf(props.groups);
    const groups = Lazy.any({ produce: () => (this.#later ? specOf(this.#later()) : early) });
    const metadata = {
      name,
      namespace: namespaceOf(this, props.namespace),
      labels: { ...props.labels, ...own.labels },
    };
    const manifest = PrometheusRule.manifest({ metadata, spec: {} });
    this.prometheusRule = place(this, 'Resource', { ...manifest, spec: { groups } });
  }

  /**
   * Has other rules worked out each time that the object is rendered: those of the finished app.
   * @internal
   */
  public _later(groups: () => RuleGroup[]): void {
    this.#later = groups;
  }
}

function specOf(groups: RuleGroup[]): unknown {
  return toJson_PrometheusRuleSpec({ groups: ruleGroups(groups) })?.groups;
}
