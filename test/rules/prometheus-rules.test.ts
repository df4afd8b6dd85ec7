import { Duration } from 'cdk8s';
import { PrometheusRules, type PrometheusRulesProps, type RuleGroup, Ruler } from '../../src/index';
import { parse } from 'yaml';
import { chart, find, type Json, render } from '../render';

const GROUPS: RuleGroup[] = [
  {
    name: 'group',
    interval: Duration.minutes(1),
    partialResponseStrategy: 'abort',
    rules: [
      { record: 'a:b', expr: 'sum(b)', labels: { x: 'y' } },
      { alert: 'A', expr: 'a > 1', for: Duration.minutes(2), annotations: { text: '{{ $value }}' } },
    ],
  },
];

function rule(props: Partial<PrometheusRulesProps> = {}): Json {
  const scope = chart();
  new PrometheusRules(scope, 'Rules', { groups: GROUPS, ...props });
  return find(render(scope), 'PrometheusRule');
}

it('writes the object that the Prometheus operator reads', () => {
  expect(rule()).toEqual({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      name: 'thanos-rules',
      namespace: 'monitoring',
      labels: { 'app.kubernetes.io/name': 'thanos', 'app.kubernetes.io/instance': 'thanos' },
    },
    spec: {
      groups: [
        {
          name: 'group',
          interval: '1m',
          partial_response_strategy: 'abort',
          rules: [
            { record: 'a:b', expr: 'sum(b)', labels: { x: 'y' } },
            { alert: 'A', expr: 'a > 1', for: '2m', annotations: { text: '{{ $value }}' } },
          ],
        },
      ],
    },
  });
});

it('holds what a Ruler with the same rules reads from its file', () => {
  const scope = chart();
  new Ruler(scope, 'Ruler', { queries: ['q'], rules: GROUPS, alertmanagers: ['http://am'] });
  const file = find(render(scope), 'ConfigMap', 'thanos-ruler-rules').data['rules.yaml'];
  expect(parse(file)).toEqual(rule().spec);
});

it('every prop reaches the object', () => {
  const all: Required<PrometheusRulesProps> = {
    groups: [{ name: 'other', rules: [{ record: 'c', expr: '1' }] }],
    name: 'custom',
    instance: 'eu',
    namespace: 'obs',
    labels: { release: 'prometheus', 'app.kubernetes.io/name': 'mine' },
  };
  const { metadata, spec } = rule(all);
  expect(metadata).toEqual({
    name: 'custom',
    namespace: 'obs',
    labels: { release: 'prometheus', 'app.kubernetes.io/name': 'thanos', 'app.kubernetes.io/instance': 'eu' },
  });
  expect(spec).toEqual({ groups: [{ name: 'other', rules: [{ record: 'c', expr: '1' }] }] });
  expect(rule({ instance: 'eu' }).metadata.name).toBe('eu-rules');
});

function labelled(labels: Record<string, string>): RuleGroup {
  return { name: 'a', rules: [{ record: 'b', expr: '1', labels }] };
}

it.each<[string, object, string]>([
  ['a name', { name: 'No Name' }, 'name: "No Name" is not an object name'],
  ['an instance', { instance: 'A' }, 'instance: "A" is not a DNS label'],
  ['a namespace', { namespace: 'A' }, 'namespace: "A" is not a DNS label'],
  ['no groups', { groups: undefined }, 'groups: is missing. Give a list of groups'],
  ['a group twice', { groups: [GROUPS[0], GROUPS[0]] }, 'groups: group "group" appears twice'],
  ['the name as label', { groups: [labelled({ __name__: 'a' })] }, '"__name__" is not the name of a label'],
  ['no name', { groups: [labelled({ '': 'a' })] }, 'labels: "" is not the name of a label'],
  ['a merge', { groups: [labelled({ '<<': 'a' })] }, 'labels: "<<" is not the name of a label'],
  ['half a character', { groups: [labelled({ a: '\ud800' })] }, 'labels: "a": holds half a character'],
  [
    'half a character of a rule',
    { groups: [{ name: 'a', rules: [{ record: 'a', expr: '"\ud800"' }] }] },
    'expr: holds half',
  ],
  ['a misspelt field', { group: [] }, 'props: has no field "group"; did you mean "groups"?'],
])('refuses %s', (_, props, message) => {
  expect(() => rule(props)).toThrow(/^cdk8s-thanos: test\/Rules: /);
  expect(() => rule(props)).toThrow(message);
});
