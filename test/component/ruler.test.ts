import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import {
  type ComponentOptions,
  Query,
  QueryFrontend,
  type RuleGroup,
  type RuleOptions,
  Ruler,
  type RulerOptions,
  type RulerProps,
} from '../../src/index';
import { chart, find } from '../render';
import { bucket, make, type Made } from './made';
import { everyPropReachesTheManifest } from './prop-cases';

const QUERIES = ['dnssrv+_http._tcp.thanos-query.monitoring.svc.cluster.local'];
const ALERTMANAGERS = ['http://alertmanager.monitoring.svc.cluster.local:9093'];

function ruler(props: RulerProps = {}): Made<Ruler> {
  return make((scope) => new Ruler(scope, 'Ruler', { objstore: bucket(scope), queries: QUERIES, ...props }));
}

const RECORD: RuleOptions = { record: 'job:up:sum', expr: 'sum by (job) (up)' };

it('has the arguments of the guide', () => {
  expect(ruler({ replicas: 2, alertmanagers: ALERTMANAGERS }).args).toEqual([
    'rule',
    '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
    '--data-dir=/var/thanos/data',
    '--label=rule_replica="$(POD_NAME)"',
    '--alert.label-drop=rule_replica',
    '--query=dnssrv+_http._tcp.thanos-query.monitoring.svc.cluster.local',
    '--alertmanagers.url=http://alertmanager.monitoring.svc.cluster.local:9093',
  ]);
});

it('is a source of Query with a replica label of its own', () => {
  const { construct } = ruler();
  expect(construct.storeApiAddress).toBe('dnssrv+_grpc._tcp.thanos-ruler-headless.monitoring.svc.cluster.local');
  expect(construct.replicaLabel).toBe('rule_replica');
});

it('without a bucket it has neither flag nor CA nor keys', () => {
  const made = ruler({ objstore: undefined });
  expect(made.args.join()).not.toContain('objstore');
  expect(made.pod).not.toHaveProperty('volumes');
  expect(made.container.env.map((e: { name: string }) => e.name)).toEqual(['POD_NAME']);
});

it('warns when alerts go nowhere', () => {
  expect(ruler().warnings).toContain('test/Ruler: alertmanagers: none given, so alerts are sent nowhere');
  expect(ruler({ alertmanagers: ALERTMANAGERS }).warnings).toEqual([]);
  for (const flag of ['url=http://am:9093', 'config=alertmanagers: []', 'config-file=/etc/am.yaml'])
    expect(ruler({ extraArgs: [`--alertmanagers.${flag}`] }).warnings).toEqual([]);
});

it('asks Queries of the app before the others', () => {
  const made = make((scope) => {
    const queryApis = [new Query(scope, 'Query'), new QueryFrontend(scope, 'Frontend', { downstreamUrl: 'http://q' })];
    return new Ruler(scope, 'Ruler', { queryApis, queries: ['other:1'] });
  });
  expect(made.flag('--query')).toEqual([
    'dnssrv+_http._tcp.thanos-query.monitoring.svc.cluster.local',
    'dnssrv+_http._tcp.thanos-query-frontend.monitoring.svc.cluster.local',
    'other:1',
  ]);
});

it('a query that is named in an extra argument is a query', () => {
  const made = ruler({ queries: undefined, extraArgs: ['--query.config-file=/q.yaml'] });
  expect(made.args).toContain('--query.config-file=/q.yaml');
});

describe('props', () => {
  everyPropReachesTheManifest<Omit<RulerOptions, keyof ComponentOptions>, Ruler>(
    {
      replicas: { value: 3, reaches: ({ workload }) => expect(workload.spec.replicas).toBe(3) },
      alertmanagers: {
        value: ['dnssrv+http://_web._tcp.am', 'https://am:9093/$(x)'],
        reaches: (made) =>
          expect(made.flag('--alertmanagers.url')).toEqual(['dnssrv+http://_web._tcp.am', 'https://am:9093/$$(x)']),
      },
      queries: {
        value: ['a:10902', 'http://b:10902'],
        reaches: (made) => expect(made.flag('--query')).toEqual(['a:10902', 'http://b:10902']),
      },
      rules: {
        value: [{ name: 'group', rules: [RECORD] }],
        reaches: (made) => {
          const file = find(made.objects, 'ConfigMap', 'thanos-ruler-rules').data['rules.yaml'];
          expect(parse(file)).toEqual({ groups: [{ name: 'group', rules: [RECORD] }] });
          expect(made.flag('--rule-file')).toContain('/etc/thanos/rules/thanos-ruler-rules/*.y*ml');
          expect(made.container.volumeMounts).toContainEqual({
            name: 'rules-0',
            mountPath: '/etc/thanos/rules/thanos-ruler-rules',
            readOnly: true,
          });
          expect(made.template.metadata.annotations['checksum/rules']).toMatch(/^[0-9a-f]{64}$/);
        },
      },
      ruleConfigMaps: {
        value: ['team-a', 'team-b'],
        reaches: (made) => {
          expect(made.flag('--rule-file')).toEqual(
            expect.arrayContaining(['/etc/thanos/rules/team-a/*.y*ml', '/etc/thanos/rules/team-b/*.y*ml']),
          );
          const sources = made.pod.volumes.map((v: { configMap?: { name: string } }) => v.configMap?.name);
          expect(sources).toEqual(expect.arrayContaining(['team-a', 'team-b']));
        },
      },
      evaluationInterval: {
        value: Duration.seconds(90),
        reaches: (made) => expect(made.flag('--eval-interval')).toEqual(['1m30s']),
      },
      retention: { value: Duration.days(5), reaches: (made) => expect(made.flag('--tsdb.retention')).toEqual(['5d']) },
      alertQueryUrl: {
        value: 'https://thanos.example.com',
        reaches: (made) => expect(made.flag('--alert.query-url')).toEqual(['https://thanos.example.com']),
      },
      externalLabels: {
        value: { cluster: 'eu' },
        reaches: (made) => expect(made.flag('--label')).toEqual(['rule_replica="$(POD_NAME)"', 'cluster="eu"']),
      },
      storage: {
        value: { size: Size.gibibytes(11) },
        reaches: ({ claim }) => expect(claim.spec.resources.requests.storage).toBe('11Gi'),
      },
    },
    ruler,
  );
});

describe('rules', () => {
  function written(groups: RuleGroup[]): unknown {
    return parse(find(ruler({ rules: groups }).objects, 'ConfigMap', 'thanos-ruler-rules').data['rules.yaml']).groups;
  }

  it('every field of a group and of an alert is written', () => {
    const alert: Required<Omit<RuleOptions, 'record'>> = {
      alert: 'Down',
      expr: 'up == 0',
      for: Duration.minutes(5),
      keepFiringFor: Duration.days(1),
      labels: { severity: 'page' },
      annotations: { summary: '{{ $labels.instance }} is $(down): "yes"' },
    };
    const group: Required<RuleGroup> = {
      name: 'alerts',
      rules: [alert],
      interval: Duration.seconds(30),
      limit: 10,
      partialResponseStrategy: 'warn',
    };
    expect(written([group])).toEqual([
      {
        name: 'alerts',
        interval: '30s',
        limit: 10,
        partial_response_strategy: 'warn',
        rules: [
          {
            alert: 'Down',
            expr: 'up == 0',
            for: '5m',
            keep_firing_for: '1d',
            labels: { severity: 'page' },
            annotations: { summary: '{{ $labels.instance }} is $(down): "yes"' },
          },
        ],
      },
    ]);
  });

  it('a changed rule rolls the pods', () => {
    const sum = (expr: string) =>
      ruler({ rules: [{ name: 'g', rules: [{ record: 'a', expr }] }] }).template.metadata.annotations['checksum/rules'];
    expect(sum('vector(1)')).toBe(sum('vector(1)'));
    expect(sum('vector(1)')).not.toBe(sum('vector(2)'));
  });

  it.each<[string, object[], string]>([
    ['a group twice', [group({}), group({})], 'group "g" appears twice'],
    ['a group without a name', [group({ name: '' })], 'group "": name: is ""; give a text of one line'],
    ['a group without rules', [group({ rules: [] })], 'group "g": rules: is empty; give a list of rules'],
    [
      'a strategy',
      [group({ partialResponseStrategy: 'maybe' })],
      'group "g": partialResponseStrategy: "maybe" is not one of warn, abort',
    ],
    ['a negative limit', [group({ limit: -1 })], 'group "g": limit: is -1; it must be a whole number of at least 0'],
    [
      'an interval of nothing',
      [group({ interval: Duration.seconds(0) })],
      'group "g": interval: is 0 ms; it must be greater than 0',
    ],
    [
      'a misspelt group field',
      [group({ intervall: 1 })],
      'group "g": has no field "intervall"; did you mean "interval"?',
    ],
    [
      'a rule that is neither',
      [rule({ record: undefined })],
      'group "g": rules: [0]: give exactly one of record and alert',
    ],
    ['a rule that is both', [rule({ alert: 'a' })], 'group "g": rules: [0]: give exactly one of record and alert'],
    [
      'an alert without a name',
      [rule({ record: undefined, alert: '' })],
      'group "g": rules: [0]: alert: is ""; give a text of one line',
    ],
    ['an empty expression', [rule({ expr: ' ' })], 'group "g": rules: [0]: expr: is " "; give a PromQL expression'],
    ['a metric name', [rule({ record: 'a-b' })], 'group "g": rules: [0]: record: "a-b" is not a metric name'],
    [
      'a recording rule that waits',
      [rule({ for: Duration.minutes(1) })],
      'group "g": rules: [0]: a recording rule has no for, keepFiringFor or annotations',
    ],
    ['a misspelt rule field', [rule({ expression: 'up' })], 'group "g": rules: [0]: has no field "expression"'],
  ])('refuses %s', (_, groups, message) => {
    expect(() => ruler({ rules: groups as RuleGroup[] })).toThrow(`cdk8s-thanos: test/Ruler: rules: ${message}`);
  });

  it('what no ConfigMap holds is refused, with its size', () => {
    const ofSize = (length: number) => () =>
      ruler({ rules: [{ name: 'g', rules: [{ record: 'a', expr: 'a'.repeat(length) }] }] });
    const rest = Buffer.byteLength(find(ofSize(1)().objects, 'ConfigMap', 'thanos-ruler-rules').data['rules.yaml']) - 1;
    expect(ofSize(1024 * 1024 - rest)).not.toThrow();
    expect(ofSize(1024 * 1024 - rest + 1)).toThrow(
      'cdk8s-thanos: test/Ruler: rules: make a file of 1048577 bytes, over the 1048576 of a ConfigMap; put some into ConfigMaps of their own, and name them in ruleConfigMaps',
    );
  });
});

function group(over: object): object {
  return { name: 'g', rules: [RECORD], ...over };
}

function rule(over: object): object {
  return group({ rules: [{ ...RECORD, ...over }] });
}

describe('errors', () => {
  it.each<[string, object, string]>([
    [
      'no Query to ask',
      { queries: [] },
      'queries: is empty: a ruler needs a Query to ask. Give "dnssrv+_http._tcp.thanos-query',
    ],
    [
      'a query with blanks',
      { queries: ['a b'] },
      'queries: [0]: "a b" is empty or has blanks; write "host:port", a dnssrv+ name or a URL',
    ],
    [
      'an Alertmanager without a scheme',
      { alertmanagers: ['alertmanager:9093'] },
      'alertmanagers: [0]: "alertmanager:9093" is not a URL with a scheme; write "http://alertmanager:9093"',
    ],
    ['a ConfigMap name', { ruleConfigMaps: ['Team'] }, 'ruleConfigMaps: [0]: "Team" is not an object name'],
    ['a ConfigMap twice', { ruleConfigMaps: ['a', 'b', 'a'] }, 'ruleConfigMaps: "a" appears twice'],
    [
      'the replica label',
      { externalLabels: { rule_replica: 'a' } },
      'externalLabels: "rule_replica" is the replica label',
    ],
    ['an interval of nothing', { evaluationInterval: Duration.millis(0) }, 'evaluationInterval: is 0 ms'],
    ['a retention of nothing', { retention: Duration.millis(0) }, 'retention: is 0 ms'],
  ])('%s', (_, props, message) => {
    expect(() => new Ruler(chart(), 'Ruler', { queries: QUERIES, ...props })).toThrow(
      `cdk8s-thanos: test/Ruler: ${message}`,
    );
  });
});
