import { Duration, Size } from 'cdk8s';
import {
  BlockIssue,
  BlockMarker,
  BlockSelector,
  BlockTime,
  type BucketCleanupOptions,
  type BucketDownsampleOptions,
  type BucketInspectOptions,
  BucketJob,
  type BucketJobOptions,
  type BucketLsOptions,
  type BucketMarkOptions,
  type BucketRetentionOptions,
  type BucketRewriteOptions,
  BucketTool,
  type BucketUnmarkOptions,
  type BucketVerifyOptions,
  Compactor,
  GrantTable,
  HashFunc,
  InspectColumn,
  InspectOutput,
  ObjstoreConfig,
  type ObjstoreConfigProps,
  S3Ca,
  S3Credentials,
  type ThanosPodOptions,
} from '../../src';
import { SECOND_CA } from '../fixtures/certificates';
import { chart, find, type Json, render } from '../render';
import { bucket, quietly } from './made';

const ID = '01DN3SK96XDAEKRB1AN30AAW6E';
const DANGEROUS = { unsafeChangesBlocks: true };

interface MadeJob {
  readonly job: BucketJob;
  readonly json: Json;
  readonly pod: Json;
  readonly args: string[];
}

function made(tool: BucketTool, options: BucketJobOptions = {}, s3: Partial<ObjstoreConfigProps> = {}): MadeJob {
  const scope = chart();
  const job = new BucketJob(scope, 'Job', { objstore: bucket(scope, s3), tool, ...options });
  const json = find(render(scope), job.job.kind, job.jobName);
  const pod = (json.spec.jobTemplate ?? json).spec.template.spec;
  return { job, json, pod, args: pod.containers[0].args };
}

test('it is a Job with the config, the CA and the keys of the components', () => {
  const { json, pod, job } = made(BucketTool.ls());
  expect(job.jobName).toMatch(/^thanos-bucket-ls-[0-9a-f]{8}$/);
  expect(json.metadata.namespace).toBe('monitoring');
  expect(json.spec).toMatchObject({ backoffLimit: 1, template: { spec: { restartPolicy: 'Never' } } });
  expect(Object.keys(json.spec).sort()).toEqual(['backoffLimit', 'template']);
  expect(pod.containers[0].args).toEqual([
    'tools',
    'bucket',
    'ls',
    '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
  ]);
  expect(pod.volumes.map(({ name }: Json) => name)).toEqual(['objstore-config', 's3-ca-cert']);
  expect(pod.containers[0].env.map(({ name }: Json) => name)).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
  const [row] = GrantTable.of(job).rows;
  expect(row).toMatchObject({
    kind: 'Job',
    name: job.jobName,
    objstoreFlag: '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
    caSource: 'Secret/thanos-s3-ca-cert',
    keys: 'env from Secret/thanos-s3-credentials',
  });
});

test('each content has a name of its own, and the same content the same', () => {
  const name = (tool: BucketTool, options?: BucketJobOptions, s3?: Partial<ObjstoreConfigProps>): string =>
    made(tool, options, s3).job.jobName;
  const names = [
    name(BucketTool.ls()),
    name(BucketTool.ls({ output: 'json' })),
    name(BucketTool.ls(), { image: { tag: 'v0.42.3' } }),
    name(BucketTool.ls(), { retries: 3 }),
    name(BucketTool.ls(), {}, { ca: S3Ca.fromPem(SECOND_CA) }),
    name(BucketTool.ls(), {}, { region: 'eu-1' }),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(name(BucketTool.ls())).toBe(names[0]);
});

test('with a schedule it is a CronJob, whose name stays', () => {
  const { json, job, pod } = made(BucketTool.ls(), { schedule: '0 3 * * *', timeZone: 'Europe/Berlin' });
  expect([json.kind, job.jobName]).toEqual(['CronJob', 'thanos-bucket-ls']);
  expect(json.spec).toMatchObject({
    schedule: '0 3 * * *',
    timeZone: 'Europe/Berlin',
    concurrencyPolicy: 'Forbid',
    startingDeadlineSeconds: 86_400,
  });
  expect(pod.restartPolicy).toBe('Never');
  expect(made(BucketTool.ls({ output: 'json' }), { schedule: '@daily' }).job.jobName).toBe(job.jobName);
});

type OwnOptions = Omit<BucketJobOptions, keyof ThanosPodOptions>;
const OWN: { [K in keyof Required<OwnOptions>]: [NonNullable<OwnOptions[K]>, (one: MadeJob) => void, object?] } = {
  name: ['nightly', ({ job }) => expect(job.jobName).toMatch(/^thanos-bucket-verify-nightly-/)],
  schedule: ['@weekly', ({ json }) => expect(json.spec.schedule).toBe('@weekly')],
  timeZone: ['UTC', ({ json }) => expect(json.spec.timeZone).toBe('UTC'), { schedule: '@weekly' }],
  unsafeChangesBlocks: [
    true,
    ({ args }) => expect(args).toContain('--marker=deletion-mark.json'),
    { tool: BucketTool.mark({ ids: [ID], marker: BlockMarker.DELETION, details: 'old' }) },
  ],
  retries: [7, ({ json }) => expect(json.spec.backoffLimit).toBe(7)],
  deadline: [Duration.hours(2), ({ json }) => expect(json.spec.activeDeadlineSeconds).toBe(7200)],
  keepFinished: [Duration.days(1), ({ json }) => expect(json.spec.ttlSecondsAfterFinished).toBe(86400)],
  scratch: [
    { size: Size.gibibytes(50), storageClassName: 'fast' },
    ({ pod }) =>
      expect(pod.volumes[0].ephemeral.volumeClaimTemplate.spec).toEqual({
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'fast',
        resources: { requests: { storage: '50Gi' } },
      }),
  ],
};

test.each(Object.entries(OWN))('%s reaches the manifest', (prop, [value, reaches, beside]) => {
  const { tool = BucketTool.verify(), ...options } = (beside ?? {}) as { tool?: BucketTool };
  reaches(made(tool, { ...options, [prop]: value }));
});

type Cases<P> = { [K in keyof Required<P>]: [NonNullable<P[K]>, ...string[]] };
type Of<P> = [string, (options: P) => BucketTool, Cases<P>, BucketJobOptions?];

const BLOCKS = BlockSelector.labelValues('cluster', ['eu']);
const BLOCKS_FLAG = `--selector.relabel-config=- action: "keep"
  source_labels:
    - "cluster"
  regex: "eu"
`;
const SWEEP: Cases<BucketCleanupOptions> = {
  deleteDelay: [Duration.days(4), '--delete-delay=4d'],
  consistencyDelay: [Duration.minutes(90), '--consistency-delay=1h30m'],
  blockSyncConcurrency: [3, '--block-sync-concurrency=3'],
  blocks: [BLOCKS, BLOCKS_FLAG],
};

const TOOLS: Of<any>[] = [
  of<BucketLsOptions>('ls', BucketTool.ls, {
    output: ['{{ $(X) }}', '--output={{ $$(X) }}'],
    excludeMarked: [true, '--exclude-delete'],
    blocks: [BLOCKS, BLOCKS_FLAG],
    minTime: [BlockTime.ago(Duration.days(3)), '--min-time=-3d'],
    maxTime: [BlockTime.at(new Date(0)), '--max-time=1970-01-01T00:00:00.000Z'],
    timeout: [Duration.minutes(1), '--timeout=1m'],
  }),
  of<BucketInspectOptions>('inspect', BucketTool.inspect, {
    labels: [{ a: 'b"c', d: '$(X)' }, '--selector=a="b\\"c"', '--selector=d="$$(X)"'],
    sortBy: [[InspectColumn.SERIES, InspectColumn.FROM], '--sort-by=#SERIES', '--sort-by=FROM'],
    output: [InspectOutput.TSV, '--output=tsv'],
    timeout: [Duration.minutes(1), '--timeout=1m'],
  }),
  of<BucketVerifyOptions>('verify', BucketTool.verify, {
    issues: [[BlockIssue.INDEX_KNOWN_ISSUES], '--issues=index_known_issues'],
    ids: [[ID], `--id=${ID}`],
  }),
  of<BucketCleanupOptions>('cleanup', BucketTool.cleanup, SWEEP, DANGEROUS),
  of<BucketRetentionOptions>(
    'retention',
    BucketTool.retention,
    {
      retention: [
        { raw: Duration.days(30), fiveMinutes: Duration.days(365), oneHour: Duration.days(0) },
        '--retention.resolution-raw=30d',
        '--retention.resolution-5m=1y',
        '--retention.resolution-1h=0s',
      ],
      ...SWEEP,
    },
    DANGEROUS,
  ),
  of<BucketDownsampleOptions>(
    'downsample',
    BucketTool.downsample,
    {
      waitInterval: [Duration.minutes(9), '--wait-interval=9m'],
      concurrency: [2, '--downsample.concurrency=2'],
      blockFilesConcurrency: [3, '--block-files-concurrency=3'],
      hashFunc: [HashFunc.SHA256, '--hash-func=SHA256'],
    },
    { deadline: Duration.hours(4) },
  ),
  of<BucketMarkOptions>(
    'mark',
    BucketTool.mark,
    {
      ids: [[ID], `--id=${ID}`],
      marker: [BlockMarker.NO_COMPACT, '--marker=no-compact-mark.json'],
      details: ['for $(X)', '--details=for $$(X)'],
    },
    DANGEROUS,
  ),
  of<BucketUnmarkOptions>(
    'mark',
    BucketTool.unmark,
    { ids: [[ID], `--id=${ID}`], marker: [BlockMarker.NO_DOWNSAMPLE, '--marker=no-downsample-mark.json', '--remove'] },
    DANGEROUS,
  ),
  of<BucketRewriteOptions>(
    'rewrite',
    BucketTool.rewrite,
    {
      ids: [[ID], `--id=${ID}`],
      deletions: [
        [{ matchers: '{a="$(X)"}', intervals: [{ from: new Date(5), until: new Date(9) }] }],
        '--rewrite.to-delete-config=- matchers: "{a=\\"\\x24(X)\\"}"\n  intervals:\n    - mint: 5\n      maxt: 9\n',
      ],
      relabel: [
        [{ action: 'labeldrop', regex: 'a' }],
        '--rewrite.to-relabel-config=- action: "labeldrop"\n  regex: "a"\n',
      ],
      dryRun: [false, '--no-dry-run'],
      deleteBlocks: [true, '--delete-blocks'],
      promBlocks: [true, '--prom-blocks'],
      changeLog: [false, '--no-rewrite.add-change-log'],
      hashFunc: [HashFunc.SHA256, '--hash-func=SHA256'],
    },
    DANGEROUS,
  ),
];

function of<P>(word: string, tool: (options: P) => BucketTool, cases: Cases<P>, options?: BucketJobOptions): Of<any> {
  return [word, tool, cases, options];
}

test.each(TOOLS)('%s is told all of its options', (word, tool, cases, options) => {
  const all = Object.entries(cases as Record<string, [unknown, ...string[]]>);
  const { args } = made(tool(Object.fromEntries(all.map(([prop, [value]]) => [prop, value]))), options);
  expect(args.slice(0, 3)).toEqual(['tools', 'bucket', word]);
  const own = args.slice(4).filter((arg) => !/^--(data-dir|tmp\.dir)=/.test(arg));
  expect(own.sort()).toEqual(all.flatMap(([, [, ...flags]]) => flags).sort());
});

test('tools that fetch blocks have room for them, on a volume or on the node', () => {
  const { pod, args } = made(BucketTool.rewrite({ ids: [ID], relabel: [{}] }));
  expect(args).toContain('--tmp.dir=/var/thanos/data');
  expect(pod.volumes[0]).toEqual({ name: 'data', emptyDir: {} });
  expect(pod.containers[0].volumeMounts[0]).toEqual({ name: 'data', mountPath: '/var/thanos/data' });
  expect(made(BucketTool.verify()).pod.containers[0].env[0]).toEqual({ name: 'TMPDIR', value: '/var/thanos/data' });
  expect(made(BucketTool.downsample(), { deadline: Duration.hours(1) }).args).toContain('--data-dir=/var/thanos/data');
});

describe('a tool that changes blocks must be told so', () => {
  const mark = BucketTool.mark({ ids: [ID], marker: BlockMarker.DELETION, details: 'old' });
  const rewrite = (dryRun?: boolean): BucketTool => BucketTool.rewrite({ ids: [ID], relabel: [{}], dryRun });
  const word = 'cdk8s-thanos: test/Job: unsafeChangesBlocks: is missing: the tool';

  test.each<[string, BucketTool, BucketJobOptions]>([
    ['marks blocks', mark, {}],
    ['takes marks away', BucketTool.unmark({ ids: [ID], marker: BlockMarker.DELETION }), {}],
    ['marks blocks for deletion', BucketTool.retention({ retention: { raw: Duration.days(30) } }), {}],
    ['deletes blocks that others may still read', BucketTool.cleanup({ deleteDelay: Duration.hours(1) }), {}],
    ['deletes blocks that others may still read', BucketTool.cleanup(), { extraArgs: ['--delete-delay=0s'] }],
    ['rewrites blocks', rewrite(false), {}],
    ['rewrites blocks', rewrite(), { extraArgs: ['--no-dry-run'] }],
    ['replaces and deletes blocks', BucketTool.verify(), { extraArgs: ['--repair'] }],
    ['marks blocks', mark, { unsafeChangesBlocks: false }],
  ])('%s', (what, tool, options) => {
    expect(() => made(tool, options)).toThrow(`${word} ${what}. Set it to true, if that is what you want`);
    expect(made(tool, { ...options, ...DANGEROUS }).json.spec.backoffLimit).toBe(0);
  });

  test.each<[string, BucketTool]>([
    ['ls', BucketTool.ls()],
    ['a dry run', rewrite(true)],
    ['verify', BucketTool.verify()],
    ['cleanup', BucketTool.cleanup()],
  ])('%s takes no such word', (_, tool) => {
    expect(() => made(tool, DANGEROUS)).toThrow(
      'test/Job: unsafeChangesBlocks: has no effect: the tool changes no blocks as it is told. Drop it',
    );
    expect(made(tool).json.kind).toBe('Job');
  });
});

describe('a compactor on the same bucket', () => {
  const RETENTION = BucketTool.retention({ retention: { raw: Duration.days(30) } });
  const MARK = BucketTool.mark({ ids: [ID], marker: BlockMarker.DELETION, details: 'old' });

  function synth(
    tool: BucketTool,
    options: BucketJobOptions = {},
    more: { name?: string; stands?: boolean } = {},
  ): string {
    const scope = chart();
    const objstore = bucket(scope);
    new BucketJob(scope, 'Job', { objstore, tool, ...options });
    const other = new ObjstoreConfig(scope, 'Other', {
      bucket: more.name ?? 'thanos',
      endpoint: 's3.minio.example.com:9000',
      credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
      instance: 'other',
    });
    const compactor = new Compactor(scope, 'Compactor', { objstore: other, instance: 'other' });
    if (more.stands) compactor.workload.addJsonPatch({ op: 'replace', path: '/spec/replicas', value: 0 } as never);
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      render(scope);
      return stderr.mock.calls.map(([text]) => String(text)).join('');
    } catch (error) {
      return `error: ${(error as Error).message}`;
    } finally {
      stderr.mockRestore();
    }
  }

  test('must not run beside retention, whatever its schedule', () => {
    const text =
      'cdk8s-thanos: test/Job: tool: test/Compactor works on the same bucket (s3.minio.example.com:9000/thanos): a compactor must not run while retention is applied. It has the prop retention itself. Remove one of the two, or scale the compactor to 0 for that time';
    expect(synth(RETENTION, DANGEROUS)).toContain(text);
    expect(synth(RETENTION, { ...DANGEROUS, schedule: '@daily' })).toContain(text);
    expect(synth(BucketTool.verify(), { ...DANGEROUS, extraArgs: ['--repair'] })).toContain(
      'a compactor must be switched off while blocks are repaired',
    );
  });

  test('is no matter on another bucket, or when it stands still', () => {
    expect(synth(RETENTION, DANGEROUS, { name: 'another' })).not.toContain('test/Job');
    expect(synth(RETENTION, DANGEROUS, { stands: true })).not.toContain('test/Job');
  });

  test.each<[string, BucketTool, BucketJobOptions]>([
    ['makes this a no-op where it is just merging the block', MARK, DANGEROUS],
    ['should be switched off', BucketTool.rewrite({ ids: [ID], relabel: [{}], dryRun: false }), DANGEROUS],
    ['downsamples too', BucketTool.downsample(), { deadline: Duration.hours(1) }],
  ])('%s, which is a warning', (text, tool, options) => {
    expect(synth(tool, options)).toContain(`warning: test/Job: tool: test/Compactor works on the same bucket`);
    expect(synth(tool, options)).toContain(`a compactor ${text}`);
  });

  test.each([BucketTool.ls(), BucketTool.inspect(), BucketTool.verify(), BucketTool.cleanup()])(
    'may run beside what only looks, and beside a cleanup',
    (tool) => expect(synth(tool)).not.toContain('test/Job'),
  );

  test('on other blocks is no matter', () => {
    const scope = chart();
    const objstore = bucket(scope);
    const of = (value: string): BlockSelector => BlockSelector.labelValues('cluster', [value]);
    const tool = (blocks?: BlockSelector): BucketTool =>
      BucketTool.retention({ retention: { raw: Duration.days(30) }, blocks });
    new Compactor(scope, 'Compactor', { objstore, blocks: of('eu') });
    new BucketJob(scope, 'Job', { objstore, tool: tool(of('us')), ...DANGEROUS });
    expect(() => quietly(() => render(scope))).not.toThrow();
    new BucketJob(scope, 'All', { objstore, tool: tool(), name: 'all', ...DANGEROUS });
    expect(() => quietly(() => render(scope))).toThrow('test/All: tool: test/Compactor works on the same bucket');
  });
});

test.each<[string, () => unknown, string]>([
  ['no tool', () => made(undefined as never), 'tool: is missing. Say which, such as BucketTool.ls()'],
  ['not a tool', () => made('ls' as never), 'tool: is "ls", not a BucketTool; write BucketTool.ls()'],
  [
    'no bucket',
    () => new BucketJob(chart(), 'Job', { tool: BucketTool.ls() } as never),
    'objstore: is missing. Give an ObjstoreConfig',
  ],
  ['an unknown option', () => made(BucketTool.ls({ a: 1 } as never)), 'tool: has no field "a"'],
  [
    'an id that is none',
    () => made(BucketTool.verify({ ids: ['block'] })),
    'tool: ids: [0]: "block" is not the id of a block; "thanos tools bucket ls" shows them',
  ],
  ['no ids', () => made(BucketTool.verify({ ids: [] })), 'tool: ids: is empty; name at least one block'],
  ['an id twice', () => made(BucketTool.verify({ ids: [ID, ID] })), `tool: ids: names "${ID}" twice`],
  [
    'ids with faults of several blocks',
    () => made(BucketTool.verify({ ids: [ID] })),
    'tool: ids: go with issues: [BlockIssue.INDEX_KNOWN_ISSUES] alone, or Thanos ends',
  ],
  ['a mark of nothing', () => made(BucketTool.mark({} as never)), 'tool: ids: is missing. Name the blocks'],
  [
    'no marker',
    () => made(BucketTool.mark({ ids: [ID], details: 'a' } as never)),
    'tool: marker: is missing. Name the mark',
  ],
  [
    'no reason',
    () => made(BucketTool.mark({ ids: [ID], marker: BlockMarker.DELETION } as never)),
    'tool: details: is missing. Say why, for whoever reads the mark',
  ],
  [
    'a retention of everything',
    () => made(BucketTool.retention({ retention: { raw: Duration.days(0) } })),
    'tool: retention: keeps everything for ever, so that there is nothing to do',
  ],
  [
    'no retention',
    () => made(BucketTool.retention({} as never)),
    'tool: retention: is missing. Say how long which resolution is kept',
  ],
  [
    'nothing to rewrite',
    () => made(BucketTool.rewrite({ ids: [ID] })),
    'tool: deletions: is empty, and so is relabel: there is nothing to rewrite. Give one of the two',
  ],
  [
    'a dry run that deletes',
    () => made(BucketTool.rewrite({ ids: [ID], relabel: [{}], deleteBlocks: true })),
    'tool: deleteBlocks: has no effect in a dry run. Set dryRun: false, or drop it',
  ],
  [
    'an interval that ends before it begins',
    () => {
      const intervals = [{ from: new Date(2), until: new Date(1) }];
      return made(BucketTool.rewrite({ ids: [ID], deletions: [{ matchers: '{a="b"}', intervals }] }));
    },
    'tool: deletions: [0]: intervals: [0]: from: lies after until. Swap them',
  ],
  [
    'labels that are none',
    () => made(BucketTool.inspect({ labels: { 'a-b': 'c' } })),
    'tool: labels: "a-b" is not a label name',
  ],
  [
    'a downsample without an end',
    () => made(BucketTool.downsample()),
    'deadline: is missing: Thanos downsamples until it is stopped, so the Job would never end. Give one',
  ],
  [
    'room for nothing',
    () => made(BucketTool.ls(), { scratch: { size: Size.gibibytes(1) } }),
    'scratch: has no effect: ls fetches no blocks. Drop it',
  ],
  [
    'a time zone alone',
    () => made(BucketTool.ls(), { timeZone: 'UTC' }),
    'timeZone: has no effect without schedule. Set it, or drop this',
  ],
  [
    'a zone that is none',
    () => made(BucketTool.ls(), { timeZone: 'Local', schedule: '@daily' }),
    'timeZone: is "Local"; write a name of the tz database, such as "Europe/Berlin"',
  ],
  ...['every day', '0 3 * *', '@reboot', 'TZ=UTC 0 3 * * *', '', 5].map((schedule): [string, () => unknown, string] => [
    `the schedule ${JSON.stringify(schedule)}`,
    () => made(BucketTool.ls(), { schedule: schedule as string }),
    `schedule: is ${JSON.stringify(schedule)}; write cron's five fields, such as "0 3 * * *"`,
  ]),
  [
    'a name that is too long',
    () => made(BucketTool.downsample(), { deadline: Duration.hours(1), name: 'n'.repeat(40), schedule: '@daily' }),
    'name: "thanos-bucket-downsample-nnn',
  ],
  [
    'a flag of an older Thanos',
    () => made(BucketTool.ls({ timeout: Duration.minutes(1) }), { image: { tag: 'v0.38.0' } }),
    'image: is Thanos 0.38, but "--timeout" needs 0.39 or newer',
  ],
])('errors: %s', (_, make, text) => {
  expect(make).toThrow(`cdk8s-thanos: test/Job: ${text}`);
});

test('two of one tool need names', () => {
  const scope = chart();
  const objstore = bucket(scope);
  for (const id of ['A', 'B']) new BucketJob(scope, id, { objstore, tool: BucketTool.ls(), schedule: '@daily' });
  expect(() => render(scope)).toThrow(/test\/B: name: .*Give one of the two another name/s);
});
