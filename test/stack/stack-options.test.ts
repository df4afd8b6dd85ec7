import { ApiObject, App, Chart } from 'cdk8s';
import {
  LogLevel,
  PreflightHook,
  Query,
  S3Credentials,
  StsTrust,
  ThanosStack,
  type ThanosStackProps,
} from '../../src/index';
import { find, type Json } from '../render';
import { quietly } from '../component/made';
import { endpoints, flag } from './arguments';
import { podsOf } from './pods';
import { objects, OBJSTORE, stack, synth } from './stacks';

/** A stack as plain JavaScript may ask for it. */
const made = (props: object) => () => stack(props as Partial<ThanosStackProps>);

const pod = (all: Json[], name: string) => podsOf(all).find((p) => p.name.endsWith(` ${name}`))!;
const image = (all: Json[], name: string) => pod(all, name).containers[0].image;

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('image and security of a component', () => {
  it('are laid over those of the stack field by field', () => {
    const all = objects({
      image: { repository: 'registry.example.com/thanos', pullSecrets: ['pull'] },
      security: { user: 7, fsGroup: 8 },
      receiver: { image: { tag: 'v0.42.9' }, security: { fsGroup: 9 } },
    });
    expect(image(all, 'thanos-receiver')).toBe('registry.example.com/thanos:v0.42.9');
    expect(pod(all, 'thanos-receiver').spec.imagePullSecrets).toEqual([{ name: 'pull' }]);
    expect(pod(all, 'thanos-receiver').spec.securityContext).toMatchObject({ runAsUser: 7, fsGroup: 9 });
    expect(pod(all, 'thanos-store').spec.securityContext).toMatchObject({ runAsUser: 7, fsGroup: 8 });
  });

  it('reach the preflight the same way, and so does the log level', () => {
    const all = objects({
      logLevel: LogLevel.WARN,
      image: { repository: 'registry.example.com/thanos', pullSecrets: ['pull'] },
      preflight: { image: { tag: 'v0.42.9' } },
    });
    const { template } = find(all, 'Job').spec;
    expect(template.spec.initContainers[0].image).toBe('registry.example.com/thanos:v0.42.9');
    expect(template.spec.imagePullSecrets).toEqual([{ name: 'pull' }]);
    expect(template.spec.initContainers[0].args.slice(0, 4)).toEqual(['tools', 'bucket', 'ls', '--log.level=warn']);
  });

  it('a tag of its own does not stand beside the digest of another version, nor a digest beside its tag', () => {
    const of = (stackImage: object, own: object) =>
      image(objects({ image: stackImage, query: { image: own } }), 'thanos-query');
    expect(of({ digest: DIGEST }, { tag: 'v1' })).toBe('quay.io/thanos/thanos:v1');
    expect(of({ tag: 'v1' }, { digest: DIGEST })).toBe(`quay.io/thanos/thanos@${DIGEST}`);
    expect(of({ digest: DIGEST }, { repository: 'mirror/thanos' })).toBe(`mirror/thanos@${DIGEST}`);
    expect(of({ tag: 'v1' }, { tag: undefined })).toBe('quay.io/thanos/thanos:v1');
  });

  it('a component that leaves its ids to OpenShift takes none from the stack', () => {
    const all = objects({ security: { user: 7 }, query: { security: { openShift: true } } });
    expect(pod(all, 'thanos-query').spec.securityContext).not.toHaveProperty('runAsUser');
    expect(made({ security: { openShift: true }, query: { security: { user: 7 } } })).toThrow(
      'cdk8s-thanos: thanos/Query: security: user: has no effect with openShift',
    );
  });
});

describe('what the stack gives its parts is refused in the part, with the place where it belongs', () => {
  it.each<[string, object, string]>([
    [
      'a name',
      { objstore: { ...OBJSTORE, instance: 'a' } },
      ': objstore: instance: comes from the stack; give it as name',
    ],
    [
      'a namespace',
      { receiver: { namespace: 'a' } },
      ': receiver: namespace: comes from the stack; give it as namespace',
    ],
    [
      'a domain',
      { ruler: { clusterDomain: 'a' } },
      ': ruler: clusterDomain: comes from the stack; give it as clusterDomain',
    ],
    [
      'a bucket',
      { compactor: { objstore: {} } },
      ': compactor: objstore: comes from the stack; give objstore, objectStorage or',
    ],
    [
      'an init',
      { storeGateway: { preflightInit: true } },
      ': storeGateway: preflightInit: comes from the stack; give pre',
    ],
    [
      'the bucket of a Query, which never opens it',
      { query: { objstore: {} } },
      '/Query: props: has no field "objstore": this component never opens the bucket, and gets neither its CA nor its keys. Give the bucket to the stack',
    ],
    [
      'the CA of a Query',
      { query: { ca: {} } },
      '/Query: props: has no field "ca": this component never opens the bucket, and gets neither its CA nor its keys. Give ca in objstore of the stack',
    ],
    [
      'keys of a query frontend',
      { queryFrontend: { credentials: {} } },
      '/QueryFrontend: props: has no field "credentials": this component never opens the bucket',
    ],
    [
      'the CA of Grafana',
      { grafana: { ca: {} } },
      '/Grafana: props: has no field "ca": this component never opens the bucket',
    ],
    [
      'the CA of a compactor',
      { compactor: { ca: {} } },
      '/Compactor: props: has no field "ca"; it belongs to the bucket. Give ca in objstore of the stack',
    ],
    ['the CA of the stack', { ca: {} }, ': props: has no field "ca"; it belongs to the bucket. Give ca in objstore'],
    ['sources', { query: { sources: ['x'] } }, ': query: sources: [0]: is "x", not a component with a StoreAPI'],
    [
      'a downstream',
      { queryFrontend: { downstreamUrl: 'http://q' } },
      ': queryFrontend: downstreamUrl: comes from the stack',
    ],
    ['a data source', { grafana: { datasourceUrl: 'http://q' } }, ': grafana: datasourceUrl: comes from the stack'],
    [
      'the bucket of alerts',
      { certificateAlerts: { objstore: {} } },
      ': certificateAlerts: objstore: comes from the stack',
    ],
    ['the bucket of a preflight', { preflight: { objstore: {} } }, ': preflight: objstore: comes from the stack'],
  ])('%s', (_, props, message) => {
    expect(made(props)).toThrow(`cdk8s-thanos: thanos${message}`);
  });
});

describe('values of a wrong type', () => {
  it.each<[string, object, string]>([
    [
      'a number for a part',
      { receiver: 3 },
      'receiver: is 3, not an object with fields; leave it out, or give {} for the defaults',
    ],
    ['a switch for a part', { grafana: false }, 'grafana: is false, not an object with fields'],
    ['nothing for a part', { query: null }, 'query: is null, not an object with fields; leave it out, or give {}'],
    [
      'a switch for monitoring',
      { monitoring: true },
      'monitoring: is true, not an object with fields. Give {} or some of alerts, podMonitor,',
    ],
    [
      'a text for the bucket',
      { objstore: 's3cr3t' },
      'objstore: is a text, not an object with fields; give { bucket: …, endpoint: …, credentials: … }',
    ],
    ['a text for a switch', { createNamespace: 'false' }, 'createNamespace: is "false"; it must be true or false'],
    ['a text for a switch', { preflightInit: 'false' }, 'preflightInit: is "false"; it must be true or false'],
    ['no config', { objstore: undefined, objstoreConfig: {} }, 'objstoreConfig: is an object, not an ObjstoreConfig'],
    ['a list for labels', { labels: ['a'] }, 'labels: is a list, not an object'],
    ['a number in labels', { externalLabels: { a: 3 } }, 'externalLabels: "a": is a number'],
    ['a text for an image', { image: 'thanos:v1' }, 'image: is a text, not an object with fields'],
    ['a log level', { logLevel: 'loud' }, 'logLevel: "loud" is not one of debug, info, warn, error'],
    ['a map for a list', { tolerations: {} }, 'tolerations: is an object, not a list'],
  ])('%s', (_, props, message) => {
    expect(made(props)).toThrow(`cdk8s-thanos: thanos: ${message}`);
  });

  it('a text for the image of a component is refused there', () => {
    expect(made({ image: { tag: 'v1' }, query: { image: 'thanos:v1' } })).toThrow(
      'cdk8s-thanos: thanos/Query: image: is a text, not an object with fields',
    );
  });

  it('no props at all', () => {
    expect(() => new ThanosStack(new App(), 'thanos', undefined as never)).toThrow(
      'cdk8s-thanos: thanos: props: is missing, not an object with fields. Give parts, such as { objstore: …, receiver: {}',
    );
  });
});

describe('a stack without a bucket', () => {
  const without = { objstore: undefined, compactor: undefined, storeGateway: undefined, bucketWeb: undefined };

  it('has receivers and rulers that keep their blocks, and gives them neither config nor CA', () => {
    const all = objects(without);
    expect(flag(all, 'thanos-receiver', '--objstore.config-file')).toEqual([]);
    expect(endpoints(all)).toHaveLength(2);
    expect(JSON.stringify(all)).not.toMatch(/objstore|s3-ca/);
  });

  it.each(['compactor', 'storeGateway', 'bucketWeb', 'preflight', 'certificateAlerts'])('has no %s', (part) => {
    expect(made({ ...without, [part]: {} })).toThrow(
      `cdk8s-thanos: thanos: objstore: is missing, but ${part} can do nothing without the bucket. Give objstore, objectStorage or objstoreConfig`,
    );
  });

  it('has nothing for an init container to prove', () => {
    expect(made({ ...without, preflightInit: true })).toThrow('but preflightInit can do nothing without the bucket');
    expect(made({ ...without, preflightInit: false })).not.toThrow();
  });
});

describe('components', () => {
  it('lists what was made, and nothing else', () => {
    const names = (props: Partial<ThanosStackProps>) => stack(props).components.map((c) => c.workloadName);
    expect(names({}).sort()).toEqual(
      ['bucket-web', 'compactor', 'query', 'query-frontend', 'receive-router', 'receiver', 'ruler', 'store'].map(
        (c) => `thanos-${c}`,
      ),
    );
    expect(new ThanosStack(new App(), 'thanos', { query: {} }).components.map((c) => c.workloadName)).toEqual([
      'thanos-query',
    ]);
    const empty = new ThanosStack(new App(), 'thanos', {});
    expect(empty.components).toEqual([]);
    const later = new Query(empty, 'Later', { endpoints: ['a:1'] });
    expect(empty.components).toEqual([later]);
  });

  it('lets a user reach all of them at once', () => {
    const chart = stack();
    for (const { workload } of chart.components) workload.metadata.addLabel('touched', 'yes');
    const touched = synth(chart).filter((o) => o.metadata.labels?.touched === 'yes');
    expect(touched).toHaveLength(8);
  });
});

describe('arguments of the whole stack', () => {
  it('reach those whose command knows them, under their own', () => {
    const all = objects({
      extraArgs: ['--query.timeout=3m', '--no-enable-auto-gomemlimit'],
      ruler: { queries: ['q:1'], extraArgs: ['--enable-auto-gomemlimit'] },
      query: { extraArgs: ['--query.timeout=4m'] },
      queryFrontend: {},
    });
    expect(flag(all, 'thanos-query', '--query.timeout')).toEqual(['4m']);
    const args = (name: string): string[] =>
      all.find((o) => o.spec?.template && o.metadata.name === name)!.spec.template.spec.containers[0].args;
    for (const name of ['thanos-query', 'thanos-compactor'])
      expect(args(name)).toContain('--no-enable-auto-gomemlimit');
    expect(args('thanos-ruler')).toContain('--enable-auto-gomemlimit');
    expect(args('thanos-ruler')).not.toContain('--no-enable-auto-gomemlimit');
    expect(args('thanos-compactor').join()).not.toContain('--query.timeout');
  });

  it('are refused where nobody knows them', () => {
    expect(made({ extraArgs: ['--query.tiemout=3m'] })).toThrow(
      'extraArgs: "--query.tiemout" is a flag of none of the stack\'s components',
    );
  });

  it("reach an image of the users' own, which may know more", () => {
    const all = objects({ image: { repository: 'r/thanos' }, extraArgs: ['--new-flag=1'] });
    expect(flag(all, 'thanos-query', '--new-flag')).toEqual(['1']);
  });
});

it('an annotation of the stack stands under an own one', () => {
  const all = objects({ annotations: { a: 'stack', b: 'stack' }, query: { annotations: { a: 'own' } } });
  expect(find(all, 'Deployment', 'thanos-query').metadata.annotations).toMatchObject({ a: 'own', b: 'stack' });
  expect(find(all, 'Service', 'thanos-query').metadata.annotations).toMatchObject({ a: 'stack' });
});

describe('waves of Argo CD', () => {
  const WAVE = 'argocd.argoproj.io/sync-wave';
  const HOOK = 'argocd.argoproj.io/hook';
  const waves = (props: Partial<ThanosStackProps>): Json => {
    const all = objects({ createNamespace: true, bucketServiceAccount: {}, preflight: {}, ...props });
    const pairs = all.map(({ kind, metadata }): [string, string] => [kind, metadata.annotations?.[WAVE]]);
    for (const [kind, wave] of pairs) expect([kind, wave]).toEqual([kind, new Map(pairs).get(kind)]);
    return Object.fromEntries(pairs);
  };

  it('bring what pods read first, then the proof of the bucket, then the pods', () => {
    expect(waves({ syncWave: 0 })).toEqual({
      ...{ Namespace: '-3', Secret: '-2', ConfigMap: '-2', ServiceAccount: '-2', Job: '-1' },
      ...{ StatefulSet: '0', Deployment: '0', Service: '0', PodDisruptionBudget: '0' },
    });
    expect(waves({ syncWave: 10 })).toMatchObject({ Namespace: '7', StatefulSet: '10' });
  });

  it('are none unless asked for', () => {
    expect(Object.values(waves({}))).toEqual(Array(9).fill(undefined));
  });

  it('make the preflight a hook, unless it is one already', () => {
    const job = (props: Partial<ThanosStackProps>): Json => find(objects(props), 'Job').metadata.annotations;
    expect(job({ syncWave: 0, preflight: {} })).toEqual({
      ...{ [WAVE]: '-1', [HOOK]: 'Sync' },
      'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
    });
    expect(job({ syncWave: 0, preflight: { hook: PreflightHook.HELM_PRE } })).not.toHaveProperty([HOOK]);
  });

  it('are whole numbers', () => {
    expect(made({ syncWave: 0.5 })).toThrow('syncWave: is 0.5; it must be a whole number from -1000 to 1000');
  });
});

describe('the ServiceAccount of the bucket', () => {
  const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/thanos' };

  it('is made once, for those who open the bucket and nobody else', () => {
    const all = objects({ bucketServiceAccount: { annotations }, preflight: {} });
    const accounts = all.filter((o) => o.kind === 'ServiceAccount');
    expect(accounts.map((o) => [o.metadata.name, o.metadata.annotations])).toEqual([['thanos', annotations]]);
    const users = podsOf(all).filter(({ spec }) => spec.serviceAccountName === 'thanos');
    expect(users.map(({ labels }) => labels['app.kubernetes.io/component']).sort()).toEqual([
      'bucket-web',
      'compactor',
      'preflight',
      'receiver',
      'ruler',
      'store',
    ]);
    for (const { spec } of podsOf(all)) expect(spec.automountServiceAccountToken).toBe(false);
  });

  it('is the one that the keys name', () => {
    const credentials = S3Credentials.fromWebIdentity({ serviceAccountName: 'reader' });
    const objstore = { ...OBJSTORE, credentials, stsTrust: StsTrust.S3_CA };
    const all = objects({ objstore, bucketServiceAccount: {} });
    expect(find(all, 'ServiceAccount').metadata.name).toBe('reader');
  });

  it('means nothing without a bucket', () => {
    const without = { objstore: undefined, compactor: undefined, storeGateway: undefined, bucketWeb: undefined };
    expect(made({ ...without, bucketServiceAccount: {} })).toThrow('but bucketServiceAccount can do nothing without');
  });
});

describe('a Namespace of the user beside createNamespace', () => {
  const synthesize = (namespace: string | undefined, name = 'obs') => {
    const app = new App();
    stack({ namespace: 'obs', createNamespace: true }, app);
    const own = new Chart(app, 'own', { namespace });
    new ApiObject(own, 'Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    return () => quietly(() => app.synthYaml());
  };

  it.each([undefined, 'obs', 'other'])('is refused, whatever namespace its chart has (%p)', (namespace) => {
    expect(synthesize(namespace)).toThrow(/own\/Namespace: \w+: Namespace obs exists already at thanos/);
  });

  it('is taken when it has another name', () => {
    expect(synthesize(undefined, 'else')).not.toThrow();
  });
});
