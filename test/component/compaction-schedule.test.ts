import { ApiObject, App, Duration, JsonPatch, Size } from 'cdk8s';
import {
  BucketJob,
  BucketTool,
  Compactor,
  type CompactorOptions,
  LogLevel,
  ThanosStack,
  VolumeRetention,
} from '../../src/index';
import { chart, find, render } from '../render';
import { objects, OBJSTORE, synth } from '../stack/stacks';
import { bucket, make, type Made, quietly } from './made';

const SCHEDULE = { cron: '0 */6 * * *' };

function compactor(options: CompactorOptions = {}): Made<Compactor> {
  return make(
    (scope) => new Compactor(scope, 'Compactor', { objstore: bucket(scope), schedule: SCHEDULE, ...options }),
  );
}

it('is a CronJob of its own name, never two at once, that ends each pass', () => {
  const schedule = { ...SCHEDULE, timeZone: 'Europe/Berlin', deadline: Duration.hours(5), retries: 2 };
  const { workload, objects: all } = compactor({ schedule, annotations: { a: 'b' } });
  expect(workload).toMatchObject({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'thanos-compactor', annotations: { a: 'b' } },
    spec: {
      schedule: '0 */6 * * *',
      timeZone: 'Europe/Berlin',
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { backoffLimit: 2, activeDeadlineSeconds: 18000 } },
    },
  });
  const { template } = workload.spec.jobTemplate.spec;
  expect(template.spec.restartPolicy).toBe('Never');
  expect(template.metadata.labels['app.kubernetes.io/component']).toBe('compactor');
  expect(template.metadata.annotations).toHaveProperty('checksum/objstore');
  expect(template.spec.containers[0].args).toEqual([
    'compact',
    '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
    '--data-dir=/var/thanos/data',
  ]);
  expect(all.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name)).toEqual([
    'thanos-compactor',
  ]);
});

it('has room on a volume that comes and goes with the pod', () => {
  const room = (storage?: CompactorOptions['storage']) =>
    compactor({ storage }).workload.spec.jobTemplate.spec.template.spec.volumes.find(
      ({ name }: { name: string }) => name === 'data',
    ).ephemeral.volumeClaimTemplate.spec;
  expect(room()).toEqual({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '100Gi' } } });
  const spec = room({ size: Size.gibibytes(3), storageClassName: 'fast' });
  expect(spec).toMatchObject({ storageClassName: 'fast', resources: { requests: { storage: '3Gi' } } });
});

it('keeps the hatches, the fields that Kubernetes 1.28 does not know included', () => {
  const initContainers = [{ name: 'beside', image: 'a', restartPolicy: 'Always' }];
  const { spec } = compactor({ initContainers, logLevel: LogLevel.DEBUG, preflightInit: true } as CompactorOptions)
    .workload.spec.jobTemplate.spec.template;
  expect(spec.initContainers.map(({ name }: { name: string }) => name)).toEqual(['preflight', 'beside']);
  expect(spec.initContainers[1].restartPolicy).toBe('Always');
  expect(spec.containers[0].args).toContain('--log.level=debug');
});

it('in a stack it holds the CA like one that stays, each shard of it too', () => {
  const shards = { hash: { total: 2, labels: ['cluster'] } };
  const all = objects({ compactor: { schedule: SCHEDULE, shards } });
  const jobs = all.filter(({ kind }) => kind === 'CronJob');
  expect(jobs.map(({ metadata }) => metadata.name)).toEqual(['thanos-compactor-h0', 'thanos-compactor-h1']);
  for (const { spec } of jobs)
    expect(JSON.stringify(spec.jobTemplate.spec.template.spec.volumes)).toContain('thanos-s3-ca-cert');
});

describe('as a compactor among others', () => {
  it('two on one bucket are an error, however they run', () => {
    const two = (second: CompactorOptions) => () => {
      const app = new App();
      const one = new ThanosStack(app, 'one', { name: 'one', objstore: OBJSTORE, compactor: { schedule: SCHEDULE } });
      new ThanosStack(app, 'two', { name: 'two', objstore: OBJSTORE, compactor: second });
      return synth(one);
    };
    const text = 'two/Compactor: objstore: a second compactor on the bucket of one/Compactor';
    expect(two({})).toThrow(text);
    expect(two({ schedule: SCHEDULE })).toThrow(text);
  });

  it('a tool that needs it to stand still is refused, unless it is suspended', () => {
    const beside = (suspended: boolean) => () => {
      const scope = chart();
      const objstore = bucket(scope);
      const { workload } = new Compactor(scope, 'Compactor', { objstore, schedule: SCHEDULE });
      if (suspended) workload.addJsonPatch(JsonPatch.add('/spec/suspend', true));
      const tool = BucketTool.retention({ retention: { raw: Duration.days(30) } });
      new BucketJob(scope, 'Job', { objstore, tool, unsafeChangesBlocks: true });
      return quietly(() => render(scope));
    };
    expect(beside(false)).toThrow('or scale the compactor to 0 for that time (a CronJob: suspend it)');
    expect(beside(true)).not.toThrow();
  });

  it('nobody else may have what its pods hold', () => {
    const scope = chart();
    const objstore = bucket(scope);
    new Compactor(scope, 'Compactor', { objstore, schedule: SCHEDULE });
    const template = {
      spec: { containers: [], volumes: [{ name: 'a', secret: { secretName: 'thanos-s3-ca-cert' } }] },
    };
    const spec = { jobTemplate: { spec: { template } } };
    new ApiObject(scope, 'Other', { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'o' }, spec } as any);
    expect(() => render(scope)).toThrow('test/Other: spec.jobTemplate.spec.template.spec.volumes[0].secret');
  });
});

it('its name leaves room for those of its Jobs', () => {
  const instance = 'a'.repeat(43);
  const make = () => objects({ name: instance, compactor: { schedule: SCHEDULE } });
  expect(make).toThrow(/over the limit of 52/);
  expect(
    find(
      objects({ name: 'a'.repeat(35), compactor: { schedule: SCHEDULE } }),
      'CronJob',
      `${'a'.repeat(35)}-compactor`,
    ),
  ).toBeDefined();
});

it('is not told to wait', () => {
  expect(() => compactor({ extraArgs: ['--wait'] })).toThrow(
    'test/Compactor: extraArgs: "--wait" is set: Thanos would never end, but schedule makes a pass that does. Remove it',
  );
});

describe('errors', () => {
  const whole = (prop: string) =>
    `leaves ${prop} without effect: it is for a compactor that stays. Drop one of the two`;
  it.each<[string, CompactorOptions, string]>([
    ['cron alone', { schedule: '0 * * * *' as never }, 'is a text, not an object with fields. Give { cron: … }'],
    ['no time', { schedule: {} as never }, "cron: is missing. Write cron's five fields"],
    ['a time that is none', { schedule: { cron: 'daily' } }, 'cron: is "daily"; write cron'],
    ['tries below none', { schedule: { ...SCHEDULE, retries: -1 } }, 'retries: is -1'],
    ['an interval', { waitInterval: Duration.hours(1) }, whole('waitInterval')],
    ['a page', { page: {} }, whole('page')],
    ['standing still', { haltOnError: false }, whole('haltOnError')],
    ['a disruption budget', { disruptionBudget: { enabled: true } }, whole('disruptionBudget')],
    ['a time that never comes', { schedule: { cron: '99 * * * *' } }, 'cron: is "99 * * * *": 99 is no minute'],
    ['a volume that stays', { storage: { whenDeleted: VolumeRetention.DELETE } }, whole('whenDeleted')],
    ['a container beside', { sidecars: [{ name: 'a', image: 'b' }] }, 'does not go with sidecars'],
  ])('%s', (_, options, text) => {
    expect(() => compactor(options)).toThrow(`test/Compactor: schedule: ${text}`);
  });
});
