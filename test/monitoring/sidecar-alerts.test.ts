import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ApiObject, App, Duration } from 'cdk8s';
import { SidecarPodMonitor, ThanosSidecar, type ThanosSidecarProps, ThanosStack } from 'cdk8s-thanos';
import { stringify } from 'yaml';
import { program, testWith } from '../programs/program';
import { find, type Json } from '../render';
import { OBJSTORE, synth } from '../stack/stacks';

const JOB = 'thanos-sidecar';

/** The rules of a stack with a sidecar, and which of them read it. */
function made(props: (stack: ThanosStack) => Partial<ThanosSidecarProps>, isScraped = true) {
  const stack = new ThanosStack(new App(), 'thanos', {
    objstore: OBJSTORE,
    storeGateway: {},
    monitoring: { alerts: { noUpload: Duration.hours(1) } },
  });
  const kind = { apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus' };
  const prometheus = new ApiObject(stack, 'Prometheus', { ...kind, metadata: { name: 'k8s' } });
  const sidecar = new ThanosSidecar(stack, 'Sidecar', { prometheus, ...props(stack) });
  if (isScraped) new SidecarPodMonitor(stack, 'Scrape', { sidecar });
  const { groups } = find(synth(stack), 'PrometheusRule').spec;
  const rules: Json[] = groups.flatMap((group: Json) => group.rules);
  return { groups, reading: rules.filter(({ expr }) => expr.includes(JOB)).map(({ alert }) => alert) };
}

const ofBucket = (stack: ThanosStack) => ({ objstore: stack.objstore });
const PODS = ['ThanosPodDown', 'ThanosPartAbsent'];
const BUCKET = ['ThanosBucketOperationsFailing', 'ThanosUploadsFailing', 'ThanosNoUpload'];

test.each<[string, string[], (stack: ThanosStack) => Partial<ThanosSidecarProps>, boolean]>([
  ['with the bucket', [...PODS, ...BUCKET], ofBucket, true],
  ['without a bucket', PODS, () => ({}), true],
  ['that nothing scrapes', [], ofBucket, false],
  ['of another instance', [], (stack) => ({ ...ofBucket(stack), instance: 'other' }), true],
])('the alerts of a stack watch a sidecar %s: %j', (_, alerts, props, isScraped) => {
  expect(made(props, isScraped).reading).toEqual(alerts);
});

testWith(
  ['promtool'],
  'promtool: a sidecar beside a Prometheus that is up must upload, and one beside none need not',
  () => {
    const { groups } = made(ofBucket);
    const folder = mkdtempSync(path.join(tmpdir(), 'sidecar-'));
    const labels = `{namespace="monitoring",job="${JOB}",pod="prometheus-k8s-0"}`;
    writeFileSync(path.join(folder, 'rules.yaml'), stringify({ groups }));
    const count = 'count(ALERTS{alertname="ThanosNoUpload",alertstate="firing"}) > bool 0 or vector(0)';
    const look = (up: number, last: string, value: number): Json => ({
      interval: '1m',
      input_series: [
        { series: `thanos_sidecar_prometheus_up${labels}`, values: `${up}x120` },
        { series: `process_start_time_seconds${labels}`, values: '0x120' },
        { series: `thanos_objstore_bucket_last_successful_upload_time${labels}`, values: last },
      ],
      promql_expr_test: [{ expr: count, eval_time: '110m', exp_samples: [{ labels: '{}', value }] }],
    });
    const tests = [look(1, '0x120', 1), look(0, '0x120', 0), look(1, '0x60 5400x60', 0)];
    const file = path.join(folder, 'test.yaml');
    writeFileSync(
      file,
      stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }, { aliasDuplicateObjects: false }),
    );
    const run = spawnSync(program('promtool')!, ['test', 'rules', file], { encoding: 'utf8' });
    expect([run.status, run.stdout + run.stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
  },
);
