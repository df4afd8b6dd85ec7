import { type Chart, Duration, JsonPatch } from 'cdk8s';
import { parse } from 'yaml';
import {
  BlockTime,
  BucketJob,
  BucketReplicate,
  type BucketReplicateProps,
  BucketTool,
  type ComponentOptions,
  GrantTable,
  ObjectStorage,
  ObjstoreConfig,
  type ObjstoreConfigProps,
  type ReplicationOptions,
  S3Ca,
  S3Credentials,
} from '../../src/index';
import { problems } from '../app/boundary/boundary';
import { ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import { chart, find, type Json, render } from '../render';
import { bucket, make, type Made, quietly } from './made';
import { everyPropReachesTheManifest } from './prop-cases';

function archive(scope: Chart, over: Partial<ObjstoreConfigProps> = {}): ObjstoreConfig {
  return new ObjstoreConfig(scope, 'Archive', {
    instance: 'archive',
    bucket: 'archive',
    endpoint: 's3.archive.example.com',
    ca: S3Ca.fromPem(SECOND_CA),
    credentials: S3Credentials.fromSecretName('archive-keys', { sessionTokenKey: 'token' }),
    ...over,
  });
}

function replicate(props: Partial<BucketReplicateProps> = {}): Made<BucketReplicate> {
  return make(
    (scope) => new BucketReplicate(scope, 'Copy', { objstore: bucket(scope), destination: archive(scope), ...props }),
  );
}

const CONFIG = '/etc/thanos/to/objstore/objstore.yml';

it('opens both buckets, each by a flag, an objstore.yml, a CA and keys of its own', () => {
  const made = replicate();
  expect(made.args).toEqual([
    'tools',
    'bucket',
    'replicate',
    '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
    `--objstore-to.config-file=${CONFIG}`,
  ]);
  expect(made.container.volumeMounts.map(({ name, mountPath }: Json) => [name, mountPath])).toEqual([
    ['to-objstore-config', '/etc/thanos/to/objstore'],
    ['to-s3-ca-cert', '/etc/thanos/to/certs'],
    ['objstore-config', '/etc/thanos/objstore'],
    ['s3-ca-cert', '/etc/thanos/certs'],
  ]);
  expect(made.container.env.map(({ name, valueFrom }: Json) => [name, valueFrom.secretKeyRef.name])).toEqual([
    ['TO_AWS_ACCESS_KEY_ID', 'archive-keys'],
    ['TO_AWS_SECRET_ACCESS_KEY', 'archive-keys'],
    ['TO_AWS_SESSION_TOKEN', 'archive-keys'],
    ['AWS_ACCESS_KEY_ID', 'thanos-s3-credentials'],
    ['AWS_SECRET_ACCESS_KEY', 'thanos-s3-credentials'],
  ]);
  const volume = made.pod.volumes.find(({ name }: Json) => name === 'to-s3-ca-cert');
  expect(volume.secret.secretName).toBe('archive-s3-ca-cert');
  expect(made.workload).toMatchObject({ kind: 'Deployment', spec: { replicas: 1 } });
});

it("names the second bucket's files and variables in an objstore.yml of its own, without the keys", () => {
  const { objects } = replicate();
  const text: string = find(objects, 'ConfigMap', 'archive-objstore-to-config').data['objstore.yml'];
  expect(parse(text).config).toMatchObject({
    bucket: 'archive',
    access_key: '$(TO_AWS_ACCESS_KEY_ID)',
    secret_key: '$(TO_AWS_SECRET_ACCESS_KEY)',
    session_token: '$(TO_AWS_SESSION_TOKEN)',
    http_config: { tls_config: { ca_file: '/etc/thanos/to/certs/ca.crt' } },
  });
  // others that open the archive have it as ever
  expect(find(objects, 'ConfigMap', 'archive-objstore-config').data['objstore.yml']).toContain(
    '/etc/thanos/certs/ca.crt',
  );
});

it('rolls when the config or CA of either changes', () => {
  const sums = (made: Made<BucketReplicate>): Json => made.template.metadata.annotations;
  const twin = make((scope) => {
    const destination = archive(scope, { ca: S3Ca.fromPem(ECDSA_CA) });
    return new BucketReplicate(scope, 'Copy', { objstore: bucket(scope), destination });
  });
  expect(Object.keys(sums(twin)).sort()).toEqual(['checksum/objstore', 'checksum/objstore-to']);
  expect(sums(twin)['checksum/objstore']).toBe(sums(replicate())['checksum/objstore']);
  expect(sums(twin)['checksum/objstore-to']).not.toBe(sums(replicate())['checksum/objstore-to']);
});

describe('props', () => {
  everyPropReachesTheManifest<Omit<ReplicationOptions, keyof ComponentOptions | 'destination'>, BucketReplicate>(
    {
      matchers: {
        value: ['cluster="eu $(X)"', 'tier!~"a|b"'],
        reaches: (made) => expect(made.flag('--matcher')).toEqual(['{cluster="eu $$(X)",tier!~"a|b"}']),
      },
      resolutions: {
        value: [Duration.seconds(0), Duration.hours(1)],
        reaches: (made) => expect(made.flag('--resolution')).toEqual(['0s', '1h']),
      },
      compactionLevels: {
        value: [2, 3],
        reaches: (made) => expect(made.flag('--compaction')).toEqual(['2', '3']),
      },
      minTime: {
        value: BlockTime.ago(Duration.days(2)),
        reaches: (made) => expect(made.flag('--min-time')).toEqual(['-2d']),
      },
      maxTime: {
        value: BlockTime.ago(Duration.days(1)),
        reaches: (made) => expect(made.flag('--max-time')).toEqual(['-1d']),
      },
      skipMarked: { value: true, reaches: ({ args }) => expect(args).toContain('--ignore-marked-for-deletion') },
    },
    replicate,
  );
});

describe('the boundary', () => {
  const app = (change: (made: BucketReplicate) => void = () => {}): Chart => {
    const scope = chart();
    change(new BucketReplicate(scope, 'Copy', { objstore: bucket(scope), destination: archive(scope) }));
    return scope;
  };
  const containers = '/spec/template/spec/containers/0';

  it('knows both Grants, and the table has a line for each', () => {
    const scope = app();
    expect(problems(scope)).toEqual([]);
    expect(
      GrantTable.of(scope).rows.map(({ name, objstoreFlag, caSource, caPath, keys }) => ({
        name,
        objstoreFlag,
        caSource,
        caPath,
        keys,
      })),
    ).toEqual([
      {
        name: 'thanos-bucket-replicate',
        objstoreFlag: '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
        caSource: 'Secret/thanos-s3-ca-cert',
        caPath: '/etc/thanos/certs/ca.crt',
        keys: 'env from Secret/thanos-s3-credentials',
      },
      {
        name: 'thanos-bucket-replicate',
        objstoreFlag: `--objstore-to.config-file=${CONFIG}`,
        caSource: 'Secret/archive-s3-ca-cert',
        caPath: '/etc/thanos/to/certs/ca.crt',
        keys: 'env from Secret/archive-keys',
      },
    ]);
  });

  it.each<[string, string, string]>([
    ['a mount', `${containers}/volumeMounts/1`, 'lost the volume to-s3-ca-cert at /etc/thanos/to/certs by a patch'],
    ['a variable', `${containers}/env/0`, 'lost TO_AWS_ACCESS_KEY_ID, which opening the bucket takes'],
    ['the flag', `${containers}/args/4`, `no longer name ${CONFIG}: Thanos would run without the bucket`],
    [
      'the checksum',
      '/spec/template/metadata/annotations/checksum~1objstore-to',
      'is not the checksum of the config and the CA',
    ],
  ])('notices when a patch takes %s of the second', (_, path, text) => {
    const scope = app(({ workload }) => workload.addJsonPatch(JsonPatch.remove(path)));
    expect(problems(scope).join('\n')).toContain(text);
  });

  it('keeps others of the app away from what the second bucket has', () => {
    const scope = app();
    const volumes = [{ name: 'x', configMap: { name: 'archive-objstore-to-config' } }];
    const [one] = problems(scope);
    expect(one).toBeUndefined();
    new BucketJob(scope, 'Job', {
      objstore: scope.node.findChild('Objstore') as ObjstoreConfig,
      tool: BucketTool.ls(),
      volumes,
      volumeMounts: [{ name: 'x', mountPath: '/x' }],
    });
    expect(problems(scope).join('\n')).toContain('ConfigMap archive-objstore-to-config');
  });
});

it('runs once, or by a schedule, as a BucketJob', () => {
  const scope = chart();
  const tool = BucketTool.replicate({ destination: archive(scope), matchers: ['a="b"'] });
  const job = new BucketJob(scope, 'Job', { objstore: bucket(scope), tool, schedule: '0 3 * * *' });
  const { spec, metadata } = find(
    quietly(() => render(scope)),
    'CronJob',
  );
  expect(metadata.name).toBe('thanos-bucket-replicate');
  expect(job.jobName).toBe(metadata.name);
  const { template } = spec.jobTemplate.spec;
  expect(template.spec.containers[0].args.slice(3)).toEqual([
    '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
    `--objstore-to.config-file=${CONFIG}`,
    '--matcher={a="b"}',
    '--single-run',
  ]);
  expect(Object.keys(template.metadata.annotations)).toEqual(['checksum/objstore', 'checksum/objstore-to']);
  expect(problems(scope)).toEqual([]);
});

it('copies to another kind of store, whose secrets have variables of their own too', () => {
  const made = make((scope) => {
    const storage = ObjectStorage.azure({
      storageAccount: 'a',
      container: 'c',
      accountKey: { secretName: 'azure', key: 'k' },
    });
    const destination = ObjstoreConfig.fromStorage(scope, 'Archive', storage, { instance: 'archive' });
    return new BucketReplicate(scope, 'Copy', { objstore: bucket(scope), destination });
  });
  const text = find(made.objects, 'ConfigMap', 'archive-objstore-to-config').data['objstore.yml'];
  const [{ name }] = made.container.env;
  expect(name).toMatch(/^TO_OBJSTORE_/);
  expect(text).toContain(`$(${name})`);
});

describe('errors', () => {
  const secondKeys = 'destination: must have its keys in a Secret (S3Credentials.fromSecretName)';
  it.each<[string, (scope: Chart) => ObjstoreConfig, string]>([
    [
      'one bucket twice',
      (scope) => archive(scope, { bucket: 'thanos', endpoint: 's3.minio.example.com:9000' }),
      'destination: is the same bucket as the source (s3.minio.example.com:9000/thanos). Give another one',
    ],
    [
      'a bucket of another namespace',
      (scope) => archive(scope, { namespace: 'other' }),
      'destination: lies in namespace other, but the pods are in monitoring',
    ],
    [
      'an identity',
      (scope) => archive(scope, { ca: undefined, credentials: S3Credentials.fromServiceAccountName('x') }),
      secondKeys,
    ],
    ['a file of keys', (scope) => archive(scope, { credentials: S3Credentials.fromCredentialsFile('x') }), secondKeys],
    ['no keys', (scope) => archive(scope, { credentials: S3Credentials.anonymous() }), secondKeys],
    [
      'an objstore.yml of the user',
      (scope) => ObjstoreConfig.fromStorage(scope, 'Own', ObjectStorage.fromSecretName('own'), { instance: 'own' }),
      'destination: names files and variables in an objstore.yml of yours',
    ],
    ['no destination', () => undefined as never, 'destination: is missing. Give an ObjstoreConfig'],
  ])('%s', (_, destination, message) => {
    const scope = chart();
    expect(
      () => new BucketReplicate(scope, 'Copy', { objstore: bucket(scope), destination: destination(scope) }),
    ).toThrow(`cdk8s-thanos: test/Copy: ${message}`);
  });

  it.each<[string, Partial<ReplicationOptions>, string]>([
    ['a matcher', { matchers: ['cluster=eu'] }, 'matchers: [0]: "cluster=eu" is not a matcher; write cluster="eu"'],
    ['a resolution', { resolutions: [Duration.minutes(7)] }, 'resolutions: [0]: is no resolution of Thanos'],
    ['a level', { compactionLevels: [0] }, 'compactionLevels: [0]: is 0; it must be a whole number of at least 1'],
  ])('%s', (_, options, message) => {
    expect(() => replicate(options)).toThrow(`cdk8s-thanos: test/Copy: ${message}`);
  });

  it('of a Job name its tool', () => {
    const scope = chart();
    const objstore = bucket(scope);
    const tool = BucketTool.replicate({
      destination: archive(scope, { bucket: 'thanos', endpoint: 's3.minio.example.com:9000' }),
    });
    expect(() => new BucketJob(scope, 'Job', { objstore, tool })).toThrow(
      'cdk8s-thanos: test/Job: tool: destination: is the same bucket as the source',
    );
  });
});
