import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, type Chart, Duration, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { parse, stringify } from 'yaml';
import {
  BucketReplicate,
  ObjstoreConfig,
  Query,
  Ruler,
  S3Credentials,
  ThanosAlerts,
  ThanosStack,
  type ThanosAlertsOptions,
  type ThanosStackProps,
} from '../../src';
import { program, testWith } from '../programs/program';
import { quietly } from '../component/made';
import { chart, find, type Json, render } from '../render';
import { OBJSTORE, objects, stack, synth } from '../stack/stacks';
import { ALERT_CASES, type AlertCase } from './alert-cases';

const RUNBOOKS = path.join(__dirname, '../../docs/runbooks');

function groups(alerts: ThanosAlertsOptions = {}, props: Partial<ThanosStackProps> = {}): Json[] {
  return find(objects({ ...props, monitoring: { alerts } }), 'PrometheusRule', 'thanos-alerts').spec.groups;
}

function replicate(scope: Chart): BucketReplicate {
  const bucketOf = (name: string): ObjstoreConfig =>
    new ObjstoreConfig(scope, name, {
      ...{ instance: name, bucket: name, endpoint: 's3.example.com' },
      credentials: S3Credentials.fromSecretName(`${name}-keys`),
    });
  return new BucketReplicate(scope, 'Copy', { objstore: bucketOf('one'), destination: bucketOf('two') });
}

const rulesOf = (all: Json[]): Json[] => all.flatMap(({ rules }) => rules);
const alertsOf = (all: Json[]): Json[] => rulesOf(all).filter(({ alert }) => alert !== undefined);
const names = (all: Json[]): string[] => [...new Set(alertsOf(all).map(({ alert }) => alert))].sort();

test('a stack without monitoring has no rules', () => {
  expect(objects().filter(({ kind }) => kind === 'PrometheusRule')).toEqual([]);
});

test('every alert has a case below and a runbook, and no runbook is of another', () => {
  const expected = names(groups());
  expect([...new Set(ALERT_CASES.map(({ alert }) => alert))].sort()).toEqual(expected);
  const pages = [...expected, 'S3CaExpiring', 'S3CertificateExpiring'].sort();
  expect(readdirSync(RUNBOOKS).sort()).toEqual(pages.map((name) => `${name}.md`));
  for (const file of readdirSync(RUNBOOKS)) {
    const titles = readFileSync(path.join(RUNBOOKS, file), 'utf8').match(/^#+ .*/gm);
    expect(titles).toEqual([`# ${file.slice(0, -3)}`, '## What it means', '## What to look at', '## What to do']);
  }
});

test('only what the stack has is watched', () => {
  const scope = chart();
  new ThanosAlerts(scope, 'Alerts', { components: [new Query(scope, 'Query', { endpoints: ['a:10901'] })] });
  const made = find(render(scope), 'PrometheusRule').spec.groups;
  expect(names(made)).toEqual([
    ...['ThanosDnsFailing', 'ThanosPartAbsent', 'ThanosPodDown', 'ThanosQueriesSlow', 'ThanosReadBudgetBurns'],
    'ThanosStoreApiFailing',
  ]);
  for (const { expr } of rulesOf(made).filter(({ record }) => record)) expect(expr).toContain('job="thanos-query"');
});

test.each(['after', 'before'])('a component that is made %s the alerts is watched', (order) => {
  const scope = new ThanosStack(new App(), 'thanos', {
    ...{ objstore: OBJSTORE, receiver: {} },
    ...(order === 'after' ? { monitoring: { alerts: {} } } : {}),
  });
  const first = scope.alerts?.groups ?? [];
  const query = new Query(new Construct(scope, 'Own'), 'Query', { endpoints: ['a:10901'] });
  const alerts = scope.alerts ?? new ThanosAlerts(scope, 'Alerts', { components: [...scope.components, query] });
  expect(names(first)).not.toContain('ThanosQueriesSlow');
  const { groups: made } = find(synth(scope), 'PrometheusRule').spec;
  expect(made).toEqual(parse(alerts.rulesFile).groups);
  expect(
    alertsOf(made)
      .filter(({ alert }) => alert === 'ThanosPartAbsent')
      .map(({ labels }) => labels.job),
  ).toEqual(['thanos-receiver', 'thanos-query']);
  expect(names(made)).toContain('ThanosQueriesSlow');
  expect(made.map(({ name }: Json) => name)).toContain('thanos-read-objective');
});

test('a component of another stack that is made in the same chart is not watched', () => {
  const scope = new ThanosStack(new App(), 'thanos', {
    ...{ objstore: OBJSTORE, receiver: {}, monitoring: { alerts: {} } },
  });
  new Query(scope, 'Other', { endpoints: ['a:10901'], instance: 'other' });
  new Query(scope, 'Elsewhere', { endpoints: ['a:10901'], namespace: 'elsewhere' });
  expect(names(find(synth(scope), 'PrometheusRule').spec.groups)).not.toContain('ThanosQueriesSlow');
});

test('what a patch does after the alerts were made counts', () => {
  const scope = stack({ monitoring: { alerts: {} } });
  scope.storeGateway!.workload.addJsonPatch(JsonPatch.add('/spec/replicas', 0));
  scope.ruler!.node.scope!.node.tryRemoveChild('Ruler');
  const text = JSON.stringify(
    find(
      quietly(() => scope.toJson()),
      'PrometheusRule',
    ),
  );
  expect(text).toContain('thanos-compactor');
  expect(text).not.toMatch(/thanos-(store|ruler)/);
});

test('a limit of less than a second stands in the expression as a part of one', () => {
  const [slow] = alertsOf(groups({ slowRequest: Duration.millis(500) })).filter(
    ({ alert }) => alert === 'ThanosQueriesSlow',
  );
  expect(slow.expr).toMatch(/ > 0\.5$/);
});

test('slow writes are told of by the longest time that the histogram of each part knows', () => {
  const limits = (props: Partial<ThanosStackProps>, alerts: ThanosAlertsOptions = {}) => {
    const [{ expr }] = alertsOf(groups(alerts, props)).filter(({ alert }) => alert === 'ThanosWritesSlow');
    return [...expr.matchAll(/job=~?"([^"]*)",handler="receive"[^>]*>= ([\d.]+)/g)].map(([, job, limit]) => [
      job,
      limit,
    ]);
  };
  const timeout = (seconds: number) => ({ forwarding: { timeout: Duration.seconds(seconds) } });
  const both = 'thanos-receiver|thanos-receive-router';
  expect(limits({})).toEqual([[both, '5']]);
  expect(limits({}, { slowRequest: Duration.seconds(2) })).toEqual([[both, '2']]);
  expect(limits({ receiveRouter: { replicas: 2, ...timeout(3) } })).toEqual([[both, '5']]);
  expect(limits({ receiveRouter: { replicas: 2, ...timeout(8) } })).toEqual([
    ['thanos-receiver', '5'],
    ['thanos-receive-router', '8'],
  ]);
  const written = { extraArgs: ['--receive-forward-timeout=1m30s'] };
  expect(limits({ receiver: written, receiveRouter: undefined })).toEqual([['thanos-receiver', '10']]);
  const slowRequest = Duration.minutes(3);
  expect(limits({ receiver: written, receiveRouter: undefined }, { slowRequest })).toEqual([['thanos-receiver', '90']]);
});

test('a limit that a range can not have is refused by its prop', () => {
  expect(() => groups({ noCompaction: Duration.millis(1500) })).toThrow(/monitoring: alerts: noCompaction: is 1500 ms/);
});

test('a part of which no pod is asked for is not missed', () => {
  const made = groups({}, { storeGateway: { replicas: 0 } });
  const absent = alertsOf(made).filter(({ alert }) => alert === 'ThanosPartAbsent');
  expect(absent.map(({ expr }) => expr).join()).not.toContain('thanos-store');
});

test('parts that are absent are alerts apart', () => {
  const absent = alertsOf(groups()).filter(({ alert }) => alert === 'ThanosPartAbsent');
  const jobs = absent.map(({ labels: { namespace, job } }) => `${namespace}/${job}`);
  expect(new Set(jobs).size).toBe(absent.length);
  expect(jobs).toContain('monitoring/thanos-receiver');
});

test('what works by the clock alone can not be watched', () => {
  const compactor = { schedule: { cron: '@daily' } };
  expect(
    () => new ThanosStack(new App(), 'thanos', { objstore: OBJSTORE, compactor, monitoring: { alerts: {} } }),
  ).toThrow('thanos: monitoring: alerts and dashboards have no pods to watch');
});

test('a workload that patches left without containers is watched all the same', () => {
  const scope = chart();
  const query = new Query(scope, 'Query', { endpoints: ['a:10901'] });
  query.workload.addJsonPatch(JsonPatch.remove('/spec/template/spec/containers'));
  expect(() => new ThanosAlerts(scope, 'Alerts', { components: [query] })).not.toThrow();
});

test('a copier of blocks is seen when it is down, and when it fails at a bucket', () => {
  const scope = chart();
  const copy = replicate(scope);
  new ThanosAlerts(scope, 'Alerts', { components: [copy] });
  const rule = find(
    quietly(() => render(scope)),
    'PrometheusRule',
  );
  expect(names(rule.spec.groups)).toEqual(['ThanosBucketOperationsFailing', 'ThanosPartAbsent', 'ThanosPodDown']);
});

test('a ruler without a bucket is not watched for uploads', () => {
  const scope = chart();
  const ruler = new Ruler(scope, 'Ruler', {
    queries: ['q:10902'],
    remoteWrite: [{ url: 'http://r:19291/api/v1/receive' }],
  });
  new ThanosAlerts(scope, 'Alerts', { components: [ruler] });
  expect(names(find(render(scope), 'PrometheusRule').spec.groups)).not.toContain('ThanosUploadsFailing');
});

test('options reach the rules', () => {
  const all = groups({
    alertLabels: { team: 'storage', severity: 'no' },
    without: ['ThanosPodDown'],
    runbookUrl: 'https://wiki.example.com/thanos/',
    criticalSeverity: 'page',
    warningSeverity: 'ticket',
    errorRatio: 0.2,
    slowRequest: Duration.seconds(3),
    noUpload: Duration.hours(1),
    noCompaction: Duration.hours(2),
    writeObjective: 0.95,
    readObjective: 0.9,
  });
  const alert = (name: string): Json => alertsOf(all).find((rule) => rule.alert === name);
  expect(names(all)).not.toContain('ThanosPodDown');
  expect([...new Set(alertsOf(all).map(({ labels }) => labels.severity))].sort()).toEqual(['page', 'ticket']);
  for (const { alert: name, labels, annotations } of alertsOf(all)) {
    expect(labels.team).toBe('storage');
    expect(annotations.runbook_url).toBe(`https://wiki.example.com/thanos/${name}.md`);
  }
  expect(alert('ThanosReplicationFailing').expr).toMatch(/ > 0\.2$/);
  expect(alert('ThanosWritesSlow').expr).toMatch(/ >= 3$/);
  expect(alert('ThanosNoUpload').expr).toContain('> 3600 and');
  expect(alert('ThanosCompactHasNotRun').expr).toContain('[7200s]');
  expect(alert('ThanosWriteBudgetBurns').expr).toContain('> 14.4 * 0.05 and');
  expect(alert('ThanosReadBudgetBurns').expr).toContain('> 14.4 * 0.1 and');
  expect(
    find(objects({ monitoring: { alerts: { labels: { release: 'kps' } } } }), 'PrometheusRule').metadata.labels,
  ).toEqual({
    ...{ release: 'kps', 'app.kubernetes.io/name': 'thanos', 'app.kubernetes.io/instance': 'thanos' },
  });
});

test('the same rules are a file for a Prometheus without operator', () => {
  const { alerts } = stack({ monitoring: { alerts: {} } }, new App());
  expect(parse(alerts!.rulesFile)).toEqual({ groups: groups() });
});

test.each<[object, string]>([
  [{ without: ['ThanosPodsDown'] }, 'without: "ThanosPodsDown" is no alert; there are ThanosPodDown, '],
  [{ errorRatio: 5 }, 'errorRatio: is 5; give a share of more than 0 and less than 1'],
  [{ runbookUrl: 'docs' }, 'runbookUrl: "docs" is not a URL with scheme'],
  [{ slowRequest: 3 }, 'slowRequest: is 3, not a Duration'],
])('%p is refused', (alerts, message) => {
  expect(() => groups(alerts as ThanosAlertsOptions)).toThrow(message);
});

test('components of two stacks, and none, are refused', () => {
  const scope = chart();
  const query = (instance: string) => new Query(scope, instance, { endpoints: ['a:10901'], instance });
  const both = [query('a'), query('b')];
  expect(() => new ThanosAlerts(scope, 'Both', { components: both })).toThrow(
    'test/Both: components: test/b is of stack b in monitoring, test/a of a in monitoring. Make ThanosAlerts for each',
  );
  expect(() => new ThanosAlerts(scope, 'None', { components: [] })).toThrow('test/None: components: is empty');
});

testWith(['promtool'], 'promtool: each alert fires at its fault, and keeps quiet without', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'promtool-'));
  const promtool = (...args: string[]) => spawnSync(program('promtool')!, args, { encoding: 'utf8' });
  // promtool compares whole alerts; that one fires is counted instead
  const count = (alert: string) => `count(ALERTS{alertname="${alert}",alertstate="firing"}) > bool 0 or vector(0)`;
  const look = ({ alert, at }: AlertCase, input: AlertCase['fires'], value: number) => ({
    interval: '1m',
    input_series: input.map(([series, values]) => ({ series, values })),
    promql_expr_test: [{ expr: count(alert), eval_time: `${at}m`, exp_samples: [{ labels: '{}', value }] }],
  });
  const hour = Duration.hours(1);
  // a file for each group: promtool evaluates all rules of a file in each test
  const files = groups({ noUpload: hour, noCompaction: hour }).map((group) => {
    const file = path.join(folder, `${group.name}.yaml`);
    writeFileSync(file, stringify({ groups: [group] }));
    const cases = ALERT_CASES.filter(({ alert }) => names([group]).includes(alert));
    const tests = cases.flatMap((one) => [look(one, one.fires, 1), look(one, one.quiet, 0)]);
    const test = path.join(folder, `${group.name}.test.yaml`);
    writeFileSync(
      test,
      stringify({ rule_files: [file], evaluation_interval: '1m', tests }, { aliasDuplicateObjects: false }),
    );
    return { file, test };
  });
  const check = promtool('check', 'rules', ...files.map(({ file }) => file));
  expect([check.status, check.stderr]).toEqual([0, expect.anything()]);
  const run = promtool('test', 'rules', ...files.map(({ test }) => test));
  expect([run.status, run.stdout + run.stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
});
