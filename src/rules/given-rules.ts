import { found, InputProblem } from '../support/problem';
import { anyText, jsonObject, listOf, mapOf, oneOf, struct, wholeNumber } from '../support/rows';
import { objectName } from '../support/names';
import { readStruct, required, type Row, type StructTable, within } from '../support/table';
import { firstTwice } from '../support/twice';
import { thanosYaml } from '../support/yaml';
import { expression, labelName, metricName, requireOneKind, ruleName } from './rules';

/** A rule as a PrometheusRule writes it. */
interface GivenRule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: { [name: string]: string };
  readonly annotations?: { [name: string]: string };
}

interface GivenGroup {
  readonly name: string;
  readonly interval?: string;
  readonly query_offset?: string;
  readonly limit?: number;
  readonly partial_response_strategy?: string;
  readonly labels?: { [name: string]: string };
  readonly rules?: GivenRule[];
}

const RULE: Row<GivenRule> = struct<GivenRule>(
  {
    record: metricName,
    alert: ruleName,
    expr: required((expr) => expression(typeof expr === 'number' ? String(expr) : expr), 'Give a PromQL expression'),
    for: durationText,
    keep_firing_for: durationText,
    labels: mapOf(anyText, labelName),
    annotations: mapOf(anyText, labelName),
  },
  ({ keep_firing_for: keepFiringFor, ...rule }) => requireOneKind({ ...rule, keepFiringFor }),
);

const GROUP: StructTable<GivenGroup> = {
  name: required(ruleName, 'Give the group a name'),
  interval: durationText,
  query_offset: durationText,
  limit: wholeNumber(0),
  partial_response_strategy: (strategy) => oneOf({ WARN: 'warn', ABORT: 'abort' })(String(strategy).toLowerCase()),
  labels: mapOf(anyText, labelName),
  rules: listOf(RULE),
};

/** The object of a PrometheusRule as the file of its name, which Thanos reads: it refuses a whole file for one fault in it. */
export function ruleFile(object: unknown): readonly [name: string, file: string] {
  const { kind, metadata, spec } = jsonObject(object);
  if (kind !== 'PrometheusRule') throw new InputProblem(`holds ${foundKind(kind)}, not a PrometheusRule. Leave it out`);
  const name = within('metadata: name', () => objectName(metadata?.name));
  const called = `PrometheusRule ${found(name)}`;
  const groups = within(called, () => givenGroups(jsonObject(spec ?? {}).groups ?? []));
  const namespace = metadata.namespace === undefined ? '' : `${metadata.namespace}-`;
  return [`${namespace}${name}.yaml`, thanosYaml({ groups })];
}

function givenGroups(value: unknown): GivenGroup[] {
  if (!Array.isArray(value)) throw new InputProblem(`groups: is ${found(value)}, not a list`);
  const groups = value.map((group, i) =>
    within(typeof group?.name === 'string' ? `group ${found(group.name)}` : `groups: [${i}]`, () =>
      readStruct(GROUP, withoutNothing(group)),
    ),
  );
  const twice = firstTwice(groups.map(({ name }) => name));
  if (twice !== undefined) throw new InputProblem(`group ${found(twice)} appears twice`);
  return groups;
}

/** The API server takes an empty strategy, which says nothing. */
function withoutNothing(group: unknown): unknown {
  const { partial_response_strategy: strategy, ...rest } = jsonObject(group);
  return strategy === '' || strategy === undefined ? rest : group;
}

function foundKind(kind: unknown): string {
  return typeof kind === 'string' ? `an object of the kind ${found(kind)}` : 'an object without a kind';
}

/** What the API server takes as a duration of a PrometheusRule. */
function durationText(value: unknown): string {
  const text = /^(0|(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$/;
  if (typeof value === 'string' && value !== '' && text.test(value)) return value;
  throw new InputProblem(`is ${found(value)}, not a duration; write "1h30m"`);
}
