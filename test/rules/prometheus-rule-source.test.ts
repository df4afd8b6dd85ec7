import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ApiObject, Duration } from 'cdk8s';
import { parse } from 'yaml';
import { PrometheusRules, PrometheusRuleSource, Ruler, type RulerProps } from '../../src/index';
import { chart, find, type Json, render } from '../render';

const RULE = `
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: rules, namespace: team, resourceVersion: '1' }
spec:
  groups:
    - name: g
      interval: 1m30s
      query_offset: 1m
      limit: 3
      partial_response_strategy: WARN
      labels: { team: a }
      rules:
        - { record: a, expr: 1, labels: { b: '0123' } }
        - { alert: c, expr: up == 0, for: '0', keep_firing_for: 1h, annotations: { d: '{{ $value }}' } }
`;

function ruler(prometheusRules: PrometheusRuleSource[], props: RulerProps = {}): Json[] {
  const scope = chart();
  new Ruler(scope, 'Ruler', { queries: ['q'], alertmanagers: ['http://am'], prometheusRules, ...props });
  return render(scope);
}

function files(...sources: PrometheusRuleSource[]): Record<string, any> {
  const { data } = find(ruler(sources), 'ConfigMap', 'thanos-ruler-prometheus-rules');
  return Object.fromEntries(Object.entries(data).map(([name, text]) => [name, parse(text as string)]));
}

const yaml = (text: string): PrometheusRuleSource => PrometheusRuleSource.fromYaml(text);
const named = (name: string, groups: unknown = []): string =>
  JSON.stringify({ kind: 'PrometheusRule', metadata: { name }, spec: { groups } });

it('makes a file of every object, with every field that the resource has', () => {
  expect(files(yaml(RULE))).toEqual({
    'team-rules.yaml': {
      groups: [
        {
          name: 'g',
          interval: '1m30s',
          query_offset: '1m',
          limit: 3,
          partial_response_strategy: 'warn',
          labels: { team: 'a' },
          rules: [
            { record: 'a', expr: '1', labels: { b: '0123' } },
            { alert: 'c', expr: 'up == 0', for: '0', keep_firing_for: '1h', annotations: { d: '{{ $value }}' } },
          ],
        },
      ],
    },
  });
});

it('takes several documents, and a list as kubectl prints it', () => {
  expect(Object.keys(files(yaml(`${named('a')}\n---\n---\n${named('b')}\n`)))).toEqual(['a.yaml', 'b.yaml']);
  const list = `{ apiVersion: v1, kind: List, items: [${named('a')}, ${named('b')}] }`;
  expect(files(yaml(list), yaml(named('c')))).toEqual({
    'a.yaml': { groups: [] },
    'b.yaml': { groups: [] },
    'c.yaml': { groups: [] },
  });
});

it('takes a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rules-'));
  const file = path.join(folder, 'rules.yaml');
  writeFileSync(file, RULE);
  expect(files(PrometheusRuleSource.fromFile(file))).toEqual(files(yaml(RULE)));
  rmSync(folder, { recursive: true });
});

it('takes an object of the app, whoever made it', () => {
  const scope = chart();
  const groups = [{ name: 'g', rules: [{ alert: 'A', expr: 'up', for: Duration.minutes(1) }] }];
  const { prometheusRule } = new PrometheusRules(scope, 'Rules', { groups });
  const other = new ApiObject(scope, 'Other', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'other' },
    spec: { groups: [] },
  } as Json);
  const written = files(PrometheusRuleSource.fromObject(prometheusRule), PrometheusRuleSource.fromObject(other));
  expect(written['monitoring-thanos-rules.yaml']).toEqual({
    groups: [{ name: 'g', rules: [{ alert: 'A', expr: 'up', for: '1m' }] }],
  });
  expect(Object.values(written)).toContainEqual({ groups: [] });
});

it('a change rolls the pods, unless they read it again', () => {
  const annotations = (text: string, props: RulerProps = {}): Json =>
    find(ruler([yaml(text)], props), 'StatefulSet').spec.template.metadata.annotations ?? {};
  expect(annotations(named('a'))).toEqual({ 'checksum/prometheus-rules': expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(annotations(named('a'))).not.toEqual(annotations(named('b')));
  expect(annotations(named('a'), { ruleReload: {} })).toEqual({});
});

it('no source is no ConfigMap', () => {
  expect(ruler([]).filter(({ kind }) => kind === 'ConfigMap')).toEqual([]);
});

describe('errors', () => {
  const group = (rule: object, more: object = {}): string => named('a', [{ name: 'g', rules: [rule], ...more }]);

  it.each<[string, unknown, string]>([
    ['no list', yaml(RULE), 'is an object, not a list'],
    ['no source', ['rules.yaml'], '[0]: is "rules.yaml", not a PrometheusRuleSource; write PrometheusRuleSource.from'],
    ['no object', [PrometheusRuleSource.fromObject({} as ApiObject)], '[0]: is an object, not an ApiObject. Give the'],
    ['no text', [yaml(3 as never)], '[0]: is 3, not YAML text'],
    ['no YAML', [yaml('a: [')], '[0]: is not YAML ('],
    ['nothing', [yaml('# nothing\n')], '[0]: holds no PrometheusRule'],
    [
      'no file',
      [PrometheusRuleSource.fromFile('/none/a.yaml')],
      `[0]: the file "/none/a.yaml": can't be read (ENOENT)`,
    ],
    [
      'another kind',
      [yaml('{ kind: Secret, metadata: { name: a } }')],
      '[0]: holds an object of the kind "Secret", not a PrometheusRule. Leave it out',
    ],
    [
      'a rule file without an object',
      [yaml('groups: []')],
      '[0]: holds an object without a kind, not a PrometheusRule. Leave it out',
    ],
    [
      'no name',
      [yaml('{ kind: PrometheusRule, metadata: {} }')],
      '[0]: metadata: name: undefined is not an object name',
    ],
    ['an object twice', [yaml(named('a')), yaml(named('a'))], 'the object of "a.yaml" appears twice'],
    [
      'a group twice',
      [yaml(named('a', [{ name: 'g' }, { name: 'g' }]))],
      '[0]: PrometheusRule "a": group "g" appears twice',
    ],
    ['groups that are none', [yaml(named('a', 3))], '[0]: PrometheusRule "a": groups: is 3, not a list'],
    ['a group without a name', [yaml(named('a', [{}]))], '[0]: PrometheusRule "a": groups: [0]: name: is missing'],
    [
      'a misspelt field, for which Thanos would refuse the file',
      [yaml(group({ record: 'a', expr: '1', lables: {} }))],
      '[0]: PrometheusRule "a": group "g": rules: [0]: has no field "lables"; did you mean "labels"?',
    ],
    [
      'a duration',
      [yaml(group({ alert: 'a', expr: '1', for: '1x' }))],
      'group "g": rules: [0]: for: is "1x", not a duration; write "1h30m"',
    ],
    [
      'both kinds of rule',
      [yaml(group({ alert: 'a', record: 'b', expr: '1' }))],
      'rules: [0]: give exactly one of record and alert',
    ],
    [
      'a recording rule that waits',
      [yaml(group({ record: 'b', expr: '1', keep_firing_for: '1m' }))],
      'rules: [0]: a recording rule has no for, keepFiringFor or annotations',
    ],
    [
      'a strategy',
      [yaml(group({ record: 'b', expr: '1' }, { partial_response_strategy: 'maybe' }))],
      'group "g": partial_response_strategy: "maybe" is not one of warn, abort',
    ],
  ])('%s', (_, prometheusRules, message) => {
    const failing = (): unknown => ruler(prometheusRules as PrometheusRuleSource[]);
    expect(failing).toThrow('cdk8s-thanos: test/Ruler: prometheusRules: ');
    expect(failing).toThrow(message);
  });

  it('what no ConfigMap holds, or no key, is refused', () => {
    const large = group({ record: 'a', expr: 'a'.repeat(1024 * 1024) });
    expect(() => ruler([yaml(large)])).toThrow(
      /prometheusRules: make files of \d+ bytes, over the 1048576 of a Config/,
    );
    const long = 'a'.repeat(250);
    expect(() => ruler([yaml(named(long))])).toThrow('is too long for a key of a ConfigMap; rename the object');
  });
});
