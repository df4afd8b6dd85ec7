import { App, Duration } from 'cdk8s';
import {
  GrantTable,
  LogLevel,
  type ObjstoreOptions,
  Preflight,
  PreflightHook,
  type PreflightOptions,
  S3Ca,
  S3Credentials,
  ThanosStack,
  type ThanosStackProps,
} from '../../src';
import { ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import { container, find, type Json, render } from '../render';
import { bucket } from '../fixtures/objstore';

function job(
  options: PreflightOptions = {},
  s3: Partial<ObjstoreOptions> = {},
): { job: Json; objects: Json[]; preflight: Preflight } {
  const { chart, objstore } = bucket(s3);
  const preflight = new Preflight(chart, 'Preflight', { objstore, ...options });
  const objects = render(chart);
  return { job: find(objects, 'Job'), objects, preflight };
}

test('it lists a folder that nobody writes to, once, with its own copy of the config', () => {
  const { objects } = job({}, { prefix: '/team/' });
  const text = find(objects, 'ConfigMap', 'thanos-preflight-config').data['objstore.yml'];
  expect(text).toContain('prefix: "team/cdk8s-thanos-preflight"');
  expect(text).toContain('max_retries: 1');
});

test('it ends by itself before the deadline would delete its log', () => {
  const { job: made } = job({ readOnly: true });
  expect(container(made).args).toEqual([
    'tools',
    'bucket',
    'ls',
    '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
    '--timeout=20s',
  ]);
  expect(made.spec).toMatchObject({ activeDeadlineSeconds: 120, backoffLimit: 1, ttlSecondsAfterFinished: 86400 });
  expect(made.spec.template.spec.restartPolicy).toBe('Never');
  expect(container(made).ports).toBeUndefined();
});

test('a missing CA fails at once instead of waiting without a word', () => {
  const volumes = job().job.spec.template.spec.volumes;
  expect(volumes.find((v: Json) => v.name === 's3-ca-cert').secret.optional).toBe(true);
});

test('its name changes with the CA, the config and the image, and with nothing else', () => {
  const name = job().preflight.jobName;
  expect(name).toMatch(/^thanos-preflight-[0-9a-f]{4}-[0-9a-f]{8}$/);
  expect(name.endsWith(bucket().objstore.checksum.slice(0, 8))).toBe(true);
  expect(job().preflight.jobName).toBe(name);
  expect(job({}, { ca: S3Ca.fromPem(SECOND_CA) }).preflight.jobName).not.toBe(name);
  expect(job({}, { region: 'eu-1' }).preflight.jobName).not.toBe(name);
  expect(job({ image: { tag: 'v0.42.3' } }).preflight.jobName).not.toBe(name);
});

test.each([
  [PreflightHook.ARGO_PRE_SYNC, { 'argocd.argoproj.io/hook': 'PreSync' }],
  [PreflightHook.ARGO_SYNC_WAVE, { 'argocd.argoproj.io/sync-wave': '-1' }],
  [PreflightHook.HELM_PRE, { 'helm.sh/hook': 'pre-install,pre-upgrade' }],
])('the hook %s is written as the tool reads it', (hook, annotations) => {
  expect(job({ hook }).job.metadata.annotations).toMatchObject(annotations);
});

test('bad values are refused with path and prop', () => {
  expect(() => job({ retries: -1 })).toThrow(/test\/Preflight: retries: is -1/);
  expect(() => job({ hook: 'argo' as PreflightHook })).toThrow(
    '"argo" is not one of argo-pre-sync, argo-sync-wave, helm-pre; write PreflightHook.ARGO_PRE_SYNC',
  );
  expect(() => job({ timeout: Duration.seconds(0) })).toThrow(/test\/Preflight: timeout: is 0 ms/);
});

describe('it proves put, get and delete', () => {
  const template = (options: PreflightOptions = {}): Json => job(options).job.spec.template;
  const args = ({ args }: Json): string[] => args.filter((arg: string) => !/^--(objstore|timeout|marker)/.test(arg));
  const ID = /^--id=0{10}[0-9A-F]{16}$/;

  test('after the list, each in a container that is named for it, with the config, CA and keys of the list', () => {
    const { spec, metadata } = template({ logLevel: LogLevel.WARN });
    const [list, clean, put] = spec.initContainers;
    const [last] = spec.containers;
    expect([list, clean, put, last].map(({ name }: Json) => name)).toEqual(
      ['', '-clean', '-put', '-delete'].map((end) => `preflight${end}`),
    );
    expect(list.args).toEqual(container(job({ readOnly: true, logLevel: LogLevel.WARN }).job).args);
    const id = expect.stringMatching(ID);
    const mark = ['tools', 'bucket', 'mark', '--log.level=warn', id];
    expect(args(put)).toEqual([...mark, '--details=cdk8s-thanos preflight: may be deleted']);
    for (const removing of [clean, last]) expect(args(removing)).toEqual([...mark, '--remove']);
    for (const { name, args, terminationMessagePolicy, ...rest } of [clean, put, last]) {
      expect(args).toContain('--marker=no-compact-mark.json');
      expect(terminationMessagePolicy).toBe('FallbackToLogsOnError');
      expect({ ...rest, name, args }).toEqual({ ...list, name, args });
    }
    expect(metadata.annotations['kubectl.kubernetes.io/default-container']).toBe('preflight');
  });

  test('but one that is read-only lists alone', () => {
    const { spec, metadata } = template({ readOnly: true });
    expect(spec.containers.map(({ name }: Json) => name)).toEqual(['preflight']);
    expect(spec.initContainers).toBeUndefined();
    expect(Object.keys(metadata.annotations)).toEqual(['checksum/objstore']);
  });

  test('what the user puts before the list stays there, and may not take a name', () => {
    const initContainers = [{ name: 'proxy', image: 'p:1', restartPolicy: 'Always' }];
    expect(template({ initContainers }).spec.initContainers[0].name).toBe('proxy');
    expect(() => template({ sidecars: [{ name: 'preflight-put', image: 'p:1' }] })).toThrow(
      'test/Preflight: props: the name "preflight-put" is taken by the preflight; choose another',
    );
  });

  test('with a file of its own for each stack, cluster and namespace', () => {
    const id = (props: Partial<ThanosStackProps>): string => {
      const objstore = {
        bucket: 'thanos',
        endpoint: 's3.example.com',
        credentials: S3Credentials.fromSecretName('keys'),
      };
      const all = render(new ThanosStack(new App(), 'thanos', { objstore, preflight: {}, receiver: {}, ...props }));
      const words: string[] = container(find(all, 'Job')).args;
      return words.find((arg) => ID.test(arg))!;
    };
    const ids = [{}, { name: 'other' }, { namespace: 'other' }, { cluster: 'eu' }, { cluster: 'us' }].map(id);
    expect(new Set(ids).size).toBe(5);
    expect(id({ preflight: { retries: 3 } })).toBe(ids[0]);
  });

  test.each<[Partial<ThanosStackProps>, boolean]>([
    [{ receiver: {} }, true],
    [{ compactor: {} }, true],
    [{ ruler: { alertmanagers: [], queries: ['http://query:9090'] } }, true],
    [{ storeGateway: {}, bucketWeb: {}, query: {} }, false],
    [{ storeGateway: {}, preflight: { readOnly: false } }, true],
    [{ receiver: {}, preflight: { readOnly: true } }, false],
    [{ receiver: {}, preflight: { readOnly: undefined } }, true],
  ])('in a stack where something writes: %j', (parts, writes) => {
    const objstore = {
      bucket: 'thanos',
      endpoint: 's3.example.com',
      credentials: S3Credentials.fromSecretName('keys'),
    };
    const all = render(new ThanosStack(new App(), 'thanos', { objstore, preflight: {}, ...parts }));
    expect(find(all, 'Job').spec.template.spec.initContainers !== undefined).toBe(writes);
  });
});

function stack(preflightInit: boolean): { app: App; objects: Json[] } {
  const app = new App();
  const objstore = {
    bucket: 'thanos',
    endpoint: 's3.example.com',
    ca: S3Ca.fromPem(ECDSA_CA),
    credentials: S3Credentials.fromSecretName('keys'),
  };
  const made = new ThanosStack(app, 'thanos', { objstore, compactor: {}, query: {}, preflight: {}, preflightInit });
  return { app, objects: render(made) };
}

test('in a stack it stands in the grant table', () => {
  const { app } = stack(false);
  expect(GrantTable.of(app).rows[0].name).toMatch(/^thanos-preflight-/);
});

test('as an init container it has the CA, the keys and its own config, and is let through the CA boundary', () => {
  const pod = find(stack(true).objects, 'StatefulSet').spec.template.spec;
  const [init] = pod.initContainers;
  expect(init.volumeMounts).toEqual([
    { name: 'preflight-config', mountPath: '/etc/thanos/objstore', readOnly: true },
    { name: 's3-ca-cert', mountPath: '/etc/thanos/certs', readOnly: true },
  ]);
  expect(init.env.map((e: Json) => e.name)).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
  const names = pod.volumes.map((v: Json) => v.name);
  expect(names).toEqual(expect.arrayContaining(['preflight-config', 'objstore-config', 's3-ca-cert']));
  expect(find(stack(true).objects, 'Deployment').spec.template.spec.initContainers).toBeUndefined();
});
