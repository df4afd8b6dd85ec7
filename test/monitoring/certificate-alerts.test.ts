import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { stringify } from 'yaml';
import { Duration } from 'cdk8s';
import { CertificateAlerts, type CertificateAlertsOptions, S3Ca } from '../../src';
import { AppRegistry } from '../../src/app/registry';
import { CA_BUNDLE, rsaCa } from '../fixtures/certificates';
import { program, testWith } from '../programs/program';
import { find, type Json, render } from '../render';
import { bucket } from '../fixtures/objstore';
import { objects } from '../stack/stacks';

function rules(options: CertificateAlertsOptions = {}, ca = S3Ca.fromPem(CA_BUNDLE)): Json {
  const { chart, objstore } = bucket({ ca });
  new CertificateAlerts(chart, 'Alerts', { objstore, ...options });
  return find(render(chart), 'PrometheusRule');
}

test('every root of a bundle gets a warning and a critical alert, and the server one pair', () => {
  const alerts = rules().spec.groups[0].rules.map((r: Json) => `${r.alert} ${r.labels.severity} ${r.for ?? '-'}`);
  expect(alerts).toEqual([
    ...['S3CaExpiring warning 1d', 'S3CaExpiring critical -', 'S3CaExpiring warning 1d', 'S3CaExpiring critical -'],
    ...['S3CertificateExpiring warning 1d', 'S3CertificateExpiring critical -'],
  ]);
});

test('the metric of the server certificate is settable', () => {
  const made = rules({ serverMetric: 'ssl_certificate_not_after', serverSelector: 'job="minio"' });
  expect(made.spec.groups[0].rules.at(-1).expr).toBe('ssl_certificate_not_after{job="minio"} - time() < 604800');
});

test('each alert leads to its runbook, by the URL of the stack where none is its own', () => {
  const urls = ({ spec }: Json): string[] => [
    ...new Set<string>(spec.groups[0].rules.map(({ annotations }: Json) => annotations.runbook_url)),
  ];
  const pages = (url: string): string[] => ['S3CaExpiring', 'S3CertificateExpiring'].map((name) => `${url}/${name}.md`);
  expect(urls(rules())).toEqual([undefined]);
  expect(urls(rules({ runbookUrl: 'https://wiki.example.com/s3/' }))).toEqual(pages('https://wiki.example.com/s3'));
  const inStack = (certificateAlerts: CertificateAlertsOptions): Json =>
    find(
      objects({ certificateAlerts, monitoring: { alerts: { runbookUrl: 'https://wiki.example.com/' } } }),
      'PrometheusRule',
      'thanos-s3-certificates',
    );
  expect(urls(inStack({}))).toEqual(pages('https://wiki.example.com'));
  expect(urls(inStack({ runbookUrl: 'https://s3.example.com' }))).toEqual(pages('https://s3.example.com'));
});

test('a CA that is only referenced has no end that synth knows, so only the server is watched', () => {
  const alerts = rules({}, S3Ca.fromSecretName('ca')).spec.groups[0].rules.map((r: Json) => r.alert);
  expect(alerts).toEqual(['S3CertificateExpiring', 'S3CertificateExpiring']);
});

test('a CA that nobody watches is said at synth, and one that an exporter watches is not', () => {
  const warnings = (options: CertificateAlertsOptions, ca?: S3Ca) => {
    const { chart, objstore } = bucket({ ca });
    new CertificateAlerts(chart, 'Alerts', { objstore, ...options });
    return AppRegistry.of(chart)
      .standing()
      .warnings.filter((text) => text.startsWith('test/Alerts'));
  };
  const referenced = S3Ca.fromSecretName('ca');
  expect(warnings({}, referenced)).toEqual([
    'test/Alerts: objstore: its CA is only referenced, so synth does not know when it ends and no alert tells. Give the CA as text or file, or watch it with an exporter and name its metric in serverMetric',
  ]);
  expect(warnings({ serverSelector: 'job="minio"' }, referenced)).toEqual([]);
  expect(warnings({ serverMetric: 'ssl_certificate_not_after' }, referenced)).toEqual([]);
  expect(warnings({}, S3Ca.fromPem(CA_BUNDLE))).toEqual([]);
  expect(warnings({}, undefined)).toEqual([]);
});

test.each<[object, string]>([
  [{ warn: Duration.days(3) }, 'props: has no field "warn"'],
  [{ warnings: Duration.days(3) }, 'props: has no field "warnings"; did you mean "warning"?'],
  [{ runbookUrl: 'docs' }, 'runbookUrl: "docs" is not a URL with scheme'],
  [{ warning: '30d' }, 'warning: is "30d", not a Duration; write Duration.days(30)'],
  [{ labels: { release: 3 } }, 'labels: "release": 3 is not the value of a label'],
  [{ objstore: undefined }, 'objstore: is missing. Give an ObjstoreConfig'],
])('%p is refused', (options, message) => {
  expect(() => rules(options)).toThrow(`cdk8s-thanos: test/Alerts: ${message}`);
});

test('a metric that is none, and a critical alert before the warning, are refused', () => {
  expect(() => rules({ serverMetric: 'a-b' })).toThrow(/test\/Alerts: serverMetric: "a-b" is not a metric name/);
  const { warning, critical } = { warning: Duration.days(5), critical: Duration.days(7) };
  expect(() => rules({ warning, critical })).toThrow(/test\/Alerts: critical: is not later than warning/);
});

/** Time runs from 1970 in promtool's tests, so the CA ends soon after. */
const DAY = 24 * 3600;
const END_DAYS = 40;

testWith(['promtool'], 'promtool: the alerts fire 30 and 7 days before the end, and not before', () => {
  const notAfter = new Date(END_DAYS * DAY * 1000);
  const made = rules({}, S3Ca.fromPem(rsaCa({ notBefore: new Date(0), notAfter })));
  const folder = mkdtempSync(path.join(tmpdir(), 'promtool-'));
  const file = path.join(folder, 'rules.yaml');
  writeFileSync(file, stringify(made.spec));
  const [warning, critical] = made.spec.groups[0].rules;
  const fired = (rule: Json) => [{ exp_labels: rule.labels, exp_annotations: rule.annotations }];
  const at = (days: number, exp_alerts: Json[]) => ({ eval_time: `${days}d`, alertname: 'S3CaExpiring', exp_alerts });
  const server = (days: number, severities: string[]) => ({
    eval_time: `${days}d`,
    alertname: 'S3CertificateExpiring',
    exp_alerts: severities.map((severity) => ({
      exp_labels: { severity, instance: 'minio' },
      exp_annotations: {
        description: made.spec.groups[0].rules[2].annotations.description,
        summary: `The S3 server's certificate expires in ${END_DAYS - days}d 0h 0m 0s`,
      },
    })),
  });
  const tests = {
    rule_files: [file],
    evaluation_interval: '1h',
    tests: [
      {
        interval: '1h',
        input_series: [
          { series: 'probe_ssl_earliest_cert_expiry{instance="minio"}', values: `${END_DAYS * DAY}x1000` },
        ],
        alert_rule_test: [
          ...[
            at(9, []),
            at(12, fired(warning)),
            at(32, fired(warning)),
            at(34, [...fired(warning), ...fired(critical)]),
          ],
          ...[server(9, []), server(12, ['warning']), server(34, ['warning', 'critical'])],
        ],
      },
    ],
  };
  writeFileSync(path.join(folder, 'tests.yaml'), stringify(tests));
  const check = spawnSync(program('promtool')!, ['check', 'rules', file], { encoding: 'utf8' });
  expect([check.status, check.stderr]).toEqual([0, expect.anything()]);
  const run = spawnSync(program('promtool')!, ['test', 'rules', path.join(folder, 'tests.yaml')], { encoding: 'utf8' });
  expect(run.stdout + run.stderr).toContain('SUCCESS');
  expect(run.status).toBe(0);
});
