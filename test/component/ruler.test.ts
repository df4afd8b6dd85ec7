import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import {
  PrometheusRuleSource,
  Query,
  QueryFrontend,
  type RemoteWriteOptions,
  type RuleGroup,
  type RuleOptions,
  Ruler,
  type RulerOptions,
  type RulerProps,
} from '../../src/index';
import { chart, find, type Json } from '../render';
import { bucket, make, type Made } from './made';
import { everyPropReachesTheManifest, type OwnProps } from './prop-cases';
import { grpcTlsCase } from './tls-cases';
import { REQUEST_LOGGING_CASE } from './request-logging-case';

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
  everyPropReachesTheManifest<OwnProps<RulerOptions>, Ruler>(
    {
      grpcTls: grpcTlsCase(),
      requestLogging: REQUEST_LOGGING_CASE,
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
      prometheusRules: {
        value: [PrometheusRuleSource.fromYaml('{ kind: PrometheusRule, metadata: { name: a, namespace: team } }')],
        reaches: (made) => {
          const { data } = find(made.objects, 'ConfigMap', 'thanos-ruler-prometheus-rules');
          expect(Object.keys(data)).toEqual(['team-a.yaml']);
          expect(made.flag('--rule-file')).toContain('/etc/thanos/rules/thanos-ruler-prometheus-rules/*.y*ml');
          const mounts = made.container.volumeMounts.map(({ mountPath }: Json) => mountPath);
          expect(mounts).toContain('/etc/thanos/rules/thanos-ruler-prometheus-rules');
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
      ruleReload: {
        value: { interval: Duration.minutes(1) },
        beside: { ruleConfigMaps: ['team-a'] },
        reaches: (made) => expect(reloader(made).args).toContain('--watch-interval=1m'),
      },
      remoteWrite: {
        value: [{ url: 'http://receive:19291/api/v1/receive' }],
        beside: { objstore: undefined },
        alone: true,
        reaches: (made) => {
          expect(made.flag('--remote-write.config-file')).toEqual(['/etc/thanos/remote-write/config/remote-write.yml']);
          expect(remoteWrite(made)).toEqual([{ url: 'http://receive:19291/api/v1/receive' }]);
        },
      },
      alertmanagerConfig: {
        value: { secretName: 'am', key: 'own.yml', revision: '1' },
        beside: { alertmanagers: undefined },
        alone: true,
        reaches: (made) => {
          expect(made.flag('--alertmanagers.config-file')).toEqual(['/etc/thanos/alertmanager-config/own.yml']);
          expect(made.pod.volumes).toContainEqual({
            name: 'alertmanager-config',
            secret: { secretName: 'am', defaultMode: 0o440, items: [{ key: 'own.yml', path: 'own.yml' }] },
          });
          expect(made.template.metadata.annotations['checksum/alertmanager-config']).toMatch(/^[0-9a-f]{64}$/);
        },
      },
      queryConfig: {
        value: { secretName: 'q' },
        // a flag of the users' own takes the place of the prop's, so that the ruler without the prop has a Query too
        beside: { queries: undefined, extraArgs: ['--query.config-file=/own.yml'] },
        alone: true,
        reaches: (made) =>
          expect(made.pod.volumes).toContainEqual({
            name: 'query-config',
            secret: { secretName: 'q', defaultMode: 0o440, items: [{ key: 'query.yml', path: 'query.yml' }] },
          }),
      },
      alertmanagerTimeout: {
        value: Duration.seconds(5),
        reaches: (made) => expect(made.flag('--alertmanagers.send-timeout')).toEqual(['5s']),
      },
      dropAlertLabels: {
        value: ['pod', 'shard'],
        reaches: (made) => expect(made.flag('--alert.label-drop')).toEqual(['rule_replica', 'pod', 'shard']),
      },
      queryOffset: {
        value: Duration.minutes(2),
        reaches: (made) => expect(made.flag('--rule-query-offset')).toEqual(['2m']),
      },
      concurrentEvaluations: {
        value: 4,
        reaches: (made) => expect(made.flag('--rule-concurrent-evaluation')).toEqual(['4']),
      },
      resendDelay: {
        value: Duration.seconds(0),
        reaches: (made) => expect(made.flag('--resend-delay')).toEqual(['0s']),
      },
      forOutageTolerance: {
        value: Duration.hours(26),
        reaches: (made) => expect(made.flag('--for-outage-tolerance')).toEqual(['26h']),
      },
      forGracePeriod: {
        value: Duration.minutes(1),
        reaches: (made) => expect(made.flag('--for-grace-period')).toEqual(['1m']),
      },
      restoreIgnoredLabels: {
        value: ['receive_replica', 'tenant_id'],
        reaches: (made) => expect(made.flag('--restore-ignored-label')).toEqual(['receive_replica', 'tenant_id']),
      },
      limits: {
        value: { series: 10, samples: 1200 },
        reaches: (made) => {
          expect(made.flag('--store.limits.request-series')).toEqual(['10']);
          expect(made.flag('--store.limits.request-samples')).toEqual(['1200']);
        },
      },
      web: {
        value: { externalPrefix: '/ruler', cors: false },
        reaches: (made) => {
          expect(made.flag('--web.external-prefix')).toEqual(['/ruler']);
          expect(made.flag('--web.route-prefix')).toEqual(['/']);
          expect(made.args).toContain('--web.disable-cors');
        },
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

/** The sidecar that makes the ruler read its rules again. */
function reloader(made: Made<Ruler>): Json {
  return made.pod.containers.find(({ name }: Json) => name === 'rule-reloader');
}

/** The list of remote-write's config. */
function remoteWrite(made: Made<Ruler>): unknown {
  const file = find(made.objects, 'ConfigMap', 'thanos-ruler-remote-write').data['remote-write.yml'];
  return parse(file).remote_write;
}

it('reads the Queries from a file of a Secret, with the others left away', () => {
  const made = ruler({ queries: undefined, queryConfig: { secretName: 'q', key: 'own.yml' } });
  expect(made.flag('--query.config-file')).toEqual(['/etc/thanos/query-config/own.yml']);
  expect(made.flag('--query')).toEqual([]);
  expect(made.container.volumeMounts).toContainEqual({
    name: 'query-config',
    mountPath: '/etc/thanos/query-config',
    readOnly: true,
  });
  expect(Object.keys(made.template.metadata.annotations)).not.toContain('checksum/query-config');
});

describe('rules that are read again', () => {
  const RULES = [{ name: 'g', rules: [RECORD] }];
  const reloading = (props: RulerProps = {}): Made<Ruler> =>
    ruler({ rules: RULES, ruleConfigMaps: ['team-a'], ruleReload: {}, ...props });

  it('a sidecar sees the rules and nothing else', () => {
    const made = reloading();
    const folders = ['/etc/thanos/rules/thanos-ruler-rules', '/etc/thanos/rules/team-a'];
    expect(reloader(made)).toEqual({
      name: 'rule-reloader',
      image: 'quay.io/prometheus-operator/prometheus-config-reloader:v0.93.0',
      args: ['--reload-url=http://127.0.0.1:10902/-/reload', ...folders.map((folder) => `--watched-dir=${folder}`)],
      resources: { requests: { cpu: '10m', memory: '50Mi', 'ephemeral-storage': '64Mi' } },
      securityContext: made.container.securityContext,
      volumeMounts: folders.map((mountPath, i) => ({ name: `rules-${i}`, mountPath, readOnly: true })),
    });
  });

  it('a change of the rules does not roll the pods', () => {
    const template = (expr: string): Json =>
      reloading({ rules: [{ name: 'g', rules: [{ record: 'a', expr }] }] }).template;
    expect(template('vector(1)')).toEqual(template('vector(2)'));
    expect(template('vector(1)').metadata.annotations).not.toHaveProperty('checksum/rules');
  });

  it('calls below the path under which the API is served', () => {
    const { args } = reloader(reloading({ web: { routePrefix: '/ruler' } }));
    expect(args).toContain('--reload-url=http://127.0.0.1:10902/ruler/-/reload');
  });

  it('takes an image and resources', () => {
    const image = { repository: 'registry.example.com/reloader', tag: 'v1' };
    const made = reloading({ ruleReload: { image, resources: { requests: { cpu: '1' } } } });
    expect(reloader(made)).toMatchObject({
      image: 'registry.example.com/reloader:v1',
      resources: { requests: { cpu: '1' } },
    });
  });

  it('without rules there is none, and a warning', () => {
    const made = ruler({ alertmanagers: ALERTMANAGERS, ruleReload: {} });
    expect(reloader(made)).toBeUndefined();
    expect(made.warnings).toEqual(['test/Ruler: ruleReload: has no rules to look at; give rules or ruleConfigMaps']);
  });
});

describe('a stateless ruler', () => {
  const stateless = (remoteWrite: RemoteWriteOptions[], props: RulerProps = {}): Made<Ruler> =>
    ruler({ objstore: undefined, alertmanagers: ALERTMANAGERS, remoteWrite, ...props });
  const URL = 'https://receive.example.com/api/v1/receive';

  it('writes where it is told, with the files of its Secrets and neither CA nor keys of the bucket', () => {
    const secret = { secretName: 'login', key: 'pw' };
    const every: Required<Omit<RemoteWriteOptions, 'bearerToken'>> = {
      url: URL,
      name: 'main',
      headers: { 'THANOS-TENANT': 'team $(X)' },
      timeout: Duration.seconds(90),
      basicAuth: { username: 'me', password: secret },
      tls: { caSecretName: 'ca', caKey: 'root.crt', clientSecretName: 'client', serverName: 'receive' },
    };
    const made = stateless([
      every,
      { url: 'http://other/w', bearerToken: { secretName: 'token' } },
      { url: 'https://third/w', tls: { caConfigMapName: 'roots' } },
    ]);
    const folder = '/etc/thanos/remote-write';
    expect(remoteWrite(made)).toEqual([
      {
        url: URL,
        name: 'main',
        remote_timeout: '1m30s',
        headers: { 'THANOS-TENANT': 'team $(X)' },
        basic_auth: { username: 'me', password_file: `${folder}/0/password/pw` },
        tls_config: {
          ca_file: `${folder}/0/ca/root.crt`,
          cert_file: `${folder}/0/client/tls.crt`,
          key_file: `${folder}/0/client/tls.key`,
          server_name: 'receive',
        },
      },
      { url: 'http://other/w', authorization: { credentials_file: `${folder}/1/token/token` } },
      { url: 'https://third/w', tls_config: { ca_file: `${folder}/2/ca/ca.crt` } },
    ]);
    const volumes = Object.fromEntries(made.pod.volumes.map(({ name, ...source }: Json) => [name, source]));
    const item = (...keys: string[]): Json => ({ defaultMode: 0o440, items: keys.map((key) => ({ key, path: key })) });
    expect(volumes).toEqual({
      'remote-write': { configMap: { name: 'thanos-ruler-remote-write' } },
      'remote-write-0-password': { secret: { secretName: 'login', ...item('pw') } },
      'remote-write-0-ca': { secret: { secretName: 'ca', ...item('root.crt') } },
      'remote-write-0-client': { secret: { secretName: 'client', ...item('tls.crt', 'tls.key') } },
      'remote-write-1-token': { secret: { secretName: 'token', ...item('token') } },
      'remote-write-2-ca': { configMap: { name: 'roots', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    });
    const mounted = Object.fromEntries(made.container.volumeMounts.map((m: Json) => [m.name, m.mountPath]));
    for (const name of Object.keys(volumes).slice(1))
      expect(mounted[name]).toBe(`${folder}/${name.replace('remote-write-', '').replace('-', '/')}`);
    expect(made.args.join()).not.toContain('objstore');
  });

  it('rolls when the config or a revision changes', () => {
    const sum = (url: string, revision?: string): unknown =>
      stateless([{ url, bearerToken: { secretName: 'token', revision } }]).template.metadata.annotations[
        'checksum/remote-write'
      ];
    expect(sum('http://a')).toBe(sum('http://a'));
    expect(sum('http://a')).not.toBe(sum('http://b'));
    expect(sum('http://a', '1')).not.toBe(sum('http://a', '2'));
  });

  it.each<[string, object, string | undefined]>([
    ['a retention', { retention: Duration.days(1) }, 'retention: has no effect with remoteWrite, with which'],
    ['limits', { limits: { series: 1 } }, 'limits: has no effect with remoteWrite, with which there is no StoreAPI'],
    ['labels to ignore', { restoreIgnoredLabels: ['a'] }, undefined],
  ])('warns of %s that does nothing', (_, props, warning) => {
    const { warnings } = stateless([{ url: URL }], props);
    expect(warnings).toEqual(warning === undefined ? [] : [expect.stringContaining(`test/Ruler: ${warning}`)]);
  });
});

it.each<[string, RulerProps, string]>([
  [
    'labels that only a stateless ruler ignores',
    { restoreIgnoredLabels: ['a'] },
    'restoreIgnoredLabels: has no effect',
  ],
  [
    'a timeout beside the file that says it',
    { alertmanagerConfig: { secretName: 'am' }, alertmanagerTimeout: Duration.seconds(1) },
    'alertmanagerTimeout: has no effect with alertmanagerConfig, which says it itself',
  ],
])('warns of %s', (_, props, warning) => {
  const given = props.alertmanagerConfig ? props : { ...props, alertmanagers: ALERTMANAGERS };
  expect(ruler(given).warnings).toEqual([expect.stringContaining(`test/Ruler: ${warning}`)]);
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
    ['a delay that is none', { resendDelay: 3 }, 'resendDelay: is 3, not a Duration'],
    ['no rule at a time', { concurrentEvaluations: 0 }, 'concurrentEvaluations: is 0; it must be a whole number'],
    ['a label to drop', { dropAlertLabels: ['a-b'] }, 'dropAlertLabels: [0]: "a-b" is not a label name'],
    [
      'two forms of Queries',
      { queryConfig: { secretName: 'q' } },
      'queryConfig: is given together with queries, which Thanos refuses; give one of the two',
    ],
    [
      'two forms of Alertmanagers',
      { alertmanagers: ALERTMANAGERS, alertmanagerConfig: { secretName: 'am' } },
      'alertmanagerConfig: is given together with alertmanagers, which Thanos refuses; give one of the two',
    ],
    [
      'a file without a Secret',
      { alertmanagerConfig: {} },
      'alertmanagerConfig: secretName: is missing. Give the name of a Secret',
    ],
    [
      'the secrets of an image',
      { ruleReload: { image: { pullSecrets: ['a'] } } },
      'ruleReload: image: pullSecrets: are',
    ],
    ['a retention of nothing', { retention: Duration.millis(0) }, 'retention: is 0 ms'],
  ])('%s', (_, props, message) => {
    expect(() => new Ruler(chart(), 'Ruler', { queries: QUERIES, ...props })).toThrow(
      `cdk8s-thanos: test/Ruler: ${message}`,
    );
  });
});

describe('errors of remoteWrite', () => {
  const URL = 'https://receive/api/v1/receive';
  const secret = { secretName: 's' };

  it('beside a bucket', () => {
    expect(() => ruler({ remoteWrite: [{ url: URL }] })).toThrow(
      'cdk8s-thanos: test/Ruler: remoteWrite: is given together with objstore: a ruler that sends its results away has no blocks to upload. Drop one of the two',
    );
  });

  it.each<[string, object[], string]>([
    ['nowhere', [], 'is empty: what the rules record would go nowhere. Give one URL'],
    ['no URL', [{}], '[0]: url: is missing. Give the URL of remote-write, such as receiver.remoteWriteUrl'],
    ['no scheme', [{ url: 'receive:19291' }], '[0]: url: "receive:19291" is not a URL with a scheme'],
    ['a URL twice', [{ url: URL }, { url: URL }], '[1]: url: "https://receive/api/v1/receive" appears twice'],
    [
      'a name twice',
      [
        { url: 'http://a', name: 'x' },
        { url: 'http://b', name: 'x' },
      ],
      '[1]: name: "x" appears twice',
    ],
    [
      'two ways to log in',
      [{ url: URL, basicAuth: { username: 'me', password: secret }, bearerToken: secret }],
      '[0]: bearerToken: is given together with basicAuth, which Prometheus refuses; give one of the two',
    ],
    [
      'TLS without TLS',
      [{ url: 'http://a', tls: {} }],
      '[0]: tls: has no effect with "http://a"; write https://, or drop tls',
    ],
    [
      'a header of its own',
      [{ url: URL, headers: { Authorization: 'x' } }],
      '[0]: headers: "Authorization" is set by Thanos itself. Remove it; a password or token is basicAuth or bearerToken',
    ],
    [
      'two CAs',
      [{ url: URL, tls: { caSecretName: 'a', caConfigMapName: 'b' } }],
      '[0]: tls: caConfigMapName: is given together with caSecretName; give one of the two',
    ],
    [
      'a key of no CA',
      [{ url: URL, tls: { caKey: 'a' } }],
      '[0]: tls: caKey: has no effect without caSecretName or caConfigMapName',
    ],
  ])('%s', (_, remoteWrite, message) => {
    expect(() => ruler({ objstore: undefined, remoteWrite: remoteWrite as RemoteWriteOptions[] })).toThrow(
      `cdk8s-thanos: test/Ruler: remoteWrite: ${message}`,
    );
  });

  it('a password in the URL is refused, and not shown', () => {
    const url = 'https://me:s3cr3t@receive/api';
    const failing = (): unknown => ruler({ objstore: undefined, remoteWrite: [{ url }] });
    expect(failing).toThrow('remoteWrite: [0]: url: ');
    expect(failing).not.toThrow('s3cr3t');
  });
});
