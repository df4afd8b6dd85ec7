import { ApiObject, App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import * as kplus28 from 'cdk8s-plus-28';
import {
  GrantTable,
  HttpConfig,
  LogFormat,
  LogLevel,
  ObjstoreConfig,
  Query,
  S3Ca,
  ThanosSidecar,
  type ThanosSidecarProps,
  ThanosStack,
  TlsCa,
  TlsCertificate,
} from '../../src';
import { AppRegistry } from '../../src/app/registry';
import { bucket } from '../fixtures/bucket';
import { ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import { Construct } from 'constructs';
import { prometheusContainer, prometheusSet, UPLOADABLE } from '../fixtures/workloads';
import { chart, find, type Json, render } from '../render';

const BLOCKS = ['--storage.tsdb.min-block-duration=2h', '--storage.tsdb.max-block-duration=2h'];

/** A Prometheus of one's own. */
function statefulSet(scope: Chart, args: string[] = UPLOADABLE, volume = 'data'): ApiObject {
  const ports = [{ name: 'http', containerPort: 9090 }];
  const volumeMounts = [{ name: volume, mountPath: '/prometheus' }];
  return prometheusSet(scope, {
    spec: {
      securityContext: { fsGroup: 65534 },
      containers: [prometheusContainer({ args, ports, volumeMounts })],
      volumes: [{ name: volume, emptyDir: {} }],
    },
  });
}

const mounts = [{ name: 'data', mountPath: '/prometheus' }];

/** The same whose container has other fields. */
function patched(scope: Chart, args: string[], fields: Json, more: Json[] = []): ApiObject {
  const set = statefulSet(scope, args);
  for (const [field, value] of Object.entries(fields))
    set.addJsonPatch(JsonPatch.add(`/spec/template/spec/containers/0/${field}`, value));
  for (const container of more) set.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/-', container));
  return set;
}

/** A Prometheus of the operator. */
function resource(scope: Chart, spec: Json = {}, kind = 'Prometheus'): ApiObject {
  return new ApiObject(scope, 'prometheus', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    metadata: { name: 'k8s', namespace: 'monitoring' },
    spec: { replicas: 2, ...spec },
  } as any);
}

interface Made {
  readonly app: App;
  readonly scope: Chart;
  readonly objstore: ObjstoreConfig;
  readonly prometheus: ApiObject;
  readonly sidecar: ThanosSidecar;
  objects(): Json[];
}

function make(of: (scope: Chart) => ApiObject, props: Partial<ThanosSidecarProps> = {}): Made {
  const app = new App();
  const scope = new Chart(app, 'test', { namespace: 'monitoring', disableResourceNameHashes: true });
  const objstore = new ObjstoreConfig(scope, 'Bucket', bucket({ ca: S3Ca.fromPem(ECDSA_CA) }));
  const prometheus = of(scope);
  const sidecar = new ThanosSidecar(scope, 'Sidecar', { prometheus, objstore, ...props });
  return { app, scope, objstore, prometheus, sidecar, objects: () => render(scope) };
}

const GRANTED = [
  { name: 'objstore-config', mountPath: '/etc/thanos/objstore', readOnly: true },
  { name: 's3-ca-cert', mountPath: '/etc/thanos/certs', readOnly: true },
];

describe('beside a workload of one’s own', () => {
  test('is a container with the Grant, which the others do not get', () => {
    const { app, objects, objstore } = make(statefulSet);
    const { spec, metadata } = find(objects(), 'StatefulSet').spec.template;
    const [own, sidecar] = spec.containers;
    expect(own.volumeMounts).toEqual([{ name: 'data', mountPath: '/prometheus' }]);
    expect(sidecar).toMatchObject({
      name: 'thanos-sidecar',
      args: [
        'sidecar',
        '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
        '--prometheus.url=http://localhost:9090',
        '--tsdb.path=/prometheus',
      ],
      volumeMounts: [{ name: 'data', mountPath: '/prometheus' }, ...GRANTED],
      livenessProbe: { httpGet: { path: '/-/healthy', port: 10902 } },
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
    });
    expect(sidecar.env.map(({ name }: Json) => name)).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']);
    expect(metadata.annotations).toEqual({ 'checksum/objstore': objstore.checksum });
    expect(GrantTable.of(app).rows).toMatchObject([{ kind: 'StatefulSet', caPath: '/etc/thanos/certs/ca.crt' }]);
  });

  test('is a source of Query: a headless Service with the ports by number', () => {
    const { scope, sidecar, objects } = make(statefulSet);
    new Query(scope, 'Query', { sources: [sidecar] });
    const all = objects();
    expect(find(all, 'Service', 'thanos-sidecar-headless').spec).toMatchObject({
      clusterIP: 'None',
      selector: { app: 'prometheus' },
      ports: [
        { name: 'http', port: 10902, targetPort: 10902 },
        { name: 'grpc', port: 10901, targetPort: 10901 },
      ],
    });
    const { args } = find(all, 'Deployment', 'thanos-query').spec.template.spec.containers[0];
    expect(args.join(' ')).toContain('dnssrv+_grpc._tcp.thanos-sidecar-headless.monitoring.svc.cluster.local');
    expect(args).toContain('--query.replica-label=prometheus_replica');
  });

  test('is a source of the Query of a stack, beside its own', () => {
    const { app, objstore, sidecar } = make(statefulSet);
    const stack = new ThanosStack(app, 'stack', {
      objstoreConfig: objstore,
      storeGateway: {},
      query: { sources: [sidecar] },
    });
    const { args } = find(render(stack), 'Deployment', 'thanos-query').spec.template.spec.containers[0];
    expect(args.join(' ')).toMatch(/_grpc\._tcp\.thanos-store-headless[^]*_grpc\._tcp\.thanos-sidecar-headless/);
    expect(args).toContain('--query.replica-label=prometheus_replica');
    expect(args).toContain('--deduplication.func=penalty');
  });

  const TLS = { certificate: TlsCertificate.fromSecretName('tls') };
  test.each<[string, object, object, RegExp | undefined]>([
    [
      'one serves TLS',
      { grpcTls: TLS },
      {},
      /Query: grpcTls: is missing, but the part asks test\/Sidecar, which serves TLS/,
    ],
    [
      'one asks over TLS',
      {},
      { grpcTls: TLS },
      /Sidecar: grpcTls: is missing, but the part is asked by test\/Query over TLS/,
    ],
    ['both do', { grpcTls: TLS }, { grpcTls: TLS }, undefined],
    ['neither does', {}, {}, undefined],
  ])('is known by its address where %s', (_, own, asked, message) => {
    const { scope, sidecar } = make(statefulSet, own);
    new Query(scope, 'Query', { endpoints: [sidecar.storeApiAddress], ...asked });
    if (message) expect(() => render(scope)).toThrow(message);
    else expect(() => render(scope)).not.toThrow();
  });

  test.each([
    'thanos-sidecar-headless.monitoring.svc:10901',
    'dns+thanos-sidecar-headless.monitoring.svc.cluster.local:10901',
  ])('is known as %s', (address) => {
    const { scope } = make(statefulSet, { grpcTls: TLS });
    new Query(scope, 'Query', { endpoints: [address] });
    expect(() => render(scope)).toThrow(/Query: grpcTls: is missing/);
  });

  test('another of the same name in another namespace is not', () => {
    const { scope } = make(statefulSet, { grpcTls: TLS });
    new Query(scope, 'Query', { endpoints: ['thanos-sidecar-headless.other.svc:10901'] });
    expect(() => render(scope)).not.toThrow();
  });

  const beside = (of: (scope: Chart) => ApiObject, props: Partial<ThanosSidecarProps> = {}): Json =>
    find(make(of, props).objects(), 'StatefulSet').spec.template.spec.containers.find(
      ({ name }: Json) => name === 'thanos-sidecar',
    );
  const writes = (folder: string) => [`--storage.tsdb.path=${folder}`, ...BLOCKS];

  test.each<[string, string[], Json, string, Json]>([
    ['by a subPath', UPLOADABLE, { volumeMounts: [{ ...mounts[0], subPath: 'prometheus-db' }] }, '/prometheus', {}],
    [
      'by a subPath of each pod',
      UPLOADABLE,
      { volumeMounts: [{ ...mounts[0], subPathExpr: '$(POD_NAME)' }] },
      '/prometheus',
      {},
    ],
    ['at another path', writes('/data'), { volumeMounts: [{ name: 'data', mountPath: '/data' }] }, '/data', {}],
    ['below the mount', writes('/prometheus/tsdb/'), {}, '/prometheus/tsdb', {}],
    ['beside its working directory', writes('tsdb'), { workingDir: '/prometheus' }, '/prometheus/tsdb', {}],
    ['by its default there', BLOCKS, { workingDir: '/prometheus' }, '/prometheus/data', {}],
    ['as two words', ['--storage.tsdb.path', '/prometheus/x', ...BLOCKS], {}, '/prometheus/x', {}],
    [
      'in a script of a shell',
      [],
      { command: ['sh', '-c', `prometheus ${writes('/prometheus/y').join(' ')}`] },
      '/prometheus/y',
      {},
    ],
    [
      'in quotes of a script',
      [],
      { command: ['sh', '-c', `exec prometheus "--storage.tsdb.path=/prometheus/y" ${BLOCKS.join(' ')}`] },
      '/prometheus/y',
      {},
    ],
    [
      'by two mounts of one volume',
      writes('/db/data'),
      {
        volumeMounts: [
          { name: 'data', mountPath: '/etc/x', subPath: 'x' },
          { name: 'data', mountPath: '/db', subPath: 'db', readOnly: false },
        ],
      },
      '/db/data',
      { mountPath: '/db', subPath: 'db' },
    ],
  ])('finds the blocks where Prometheus writes them: %s', (_, args, fields, folder, mount) => {
    const { args: own, volumeMounts } = beside((scope) => patched(scope, args, fields));
    expect(own).toContain(`--tsdb.path=${folder}`);
    const [first = mounts[0]] = fields.volumeMounts ?? [];
    expect(volumeMounts[0]).toEqual({ ...first, ...mount });
  });

  test('finds the container of Prometheus among others that mount its volume', () => {
    const backup = { name: 'backup', image: 'b', volumeMounts: [{ name: 'data', mountPath: '/backup' }] };
    const { volumeMounts } = beside((scope) => {
      const set = patched(scope, UPLOADABLE, {});
      set.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0', backup));
      return set;
    });
    expect(volumeMounts[0]).toEqual(mounts[0]);
  });

  test.each<[string, string[], string]>([
    ['a port of its own', ['--web.listen-address=:9091'], 'http://localhost:9091'],
    ['IPv6', ['--web.listen-address=[::]:9092'], 'http://localhost:9092'],
    ['two addresses', ['--web.listen-address=10.0.0.1:80', '--web.listen-address=127.0.0.1:81'], 'http://localhost:81'],
    ['a path', ['--web.route-prefix=/prom'], 'http://localhost:9090/prom'],
    ['the path of its URL', ['--web.external-url=https://example.com/p/'], 'http://localhost:9090/p'],
    ['the path that is all of its URL', ['--web.external-url=/p/'], 'http://localhost:9090/p'],
    ['what is a host and no path', ['--web.external-url=prom.svc:9090/p'], 'http://localhost:9090'],
    [
      'a URL whose path a proxy takes away',
      ['--web.external-url=https://example.com/p', '--web.route-prefix=/'],
      'http://localhost:9090',
    ],
  ])('asks Prometheus at %s', (_, flags, url) => {
    expect(beside((scope) => statefulSet(scope, [...UPLOADABLE, ...flags])).args).toContain(`--prometheus.url=${url}`);
  });

  test('asks a proxy before Prometheus where that is said', () => {
    const proxy = { name: 'proxy', image: 'p', ports: [{ containerPort: 8080 }] };
    const of = (scope: Chart) => patched(scope, [...UPLOADABLE, '--web.listen-address=127.0.0.1:9090'], {}, [proxy]);
    const prometheusUrl = 'http://localhost:8080';
    expect(beside(of, { prometheusUrl }).args).toContain(`--prometheus.url=${prometheusUrl}`);
  });

  test.each<[string, Json, string]>([
    ['that names its ports in its flags alone', { args: ['--http-address=0.0.0.0:8080'] }, 'containers'],
    [
      'that is started as an init container',
      { ports: [{ containerPort: 8080 }], restartPolicy: 'Always' },
      'initContainers',
    ],
  ])('asks a proxy %s', (_, more, field) => {
    const { prometheus, objects } = make(
      (scope) => statefulSet(scope, [...UPLOADABLE, '--web.listen-address=127.0.0.1:9090']),
      { prometheusUrl: 'http://localhost:8080' },
    );
    const proxy = { name: 'proxy', image: 'p', ...more };
    const at = `/spec/template/spec/${field}`;
    prometheus.addJsonPatch(field === 'containers' ? JsonPatch.add(`${at}/-`, proxy) : JsonPatch.add(at, [proxy]));
    expect(objects).not.toThrow();
  });

  test.each<[string, string[], string[]]>([
    ['compacts, and the sidecar is told to upload all the same', [], ['--shipper.ignore-unequal-block-size']],
    ['says two hours in two ways', ['min-block-duration=2h', 'max-block-duration=120m'], []],
  ])('uploads where Prometheus %s', (_, blocks, extraArgs) => {
    const args = [UPLOADABLE[0], ...blocks.map((flag) => `--storage.tsdb.${flag}`)];
    expect(make((scope) => statefulSet(scope, args), { extraArgs }).objects).not.toThrow();
  });

  test('leaves a URL with a variable to Thanos', () => {
    const extraArgs = ['--prometheus.url=$(PROMETHEUS)'];
    expect(beside(statefulSet, { extraArgs }).args).toContain(extraArgs[0]);
  });

  test.each<[string, JsonPatch, string]>([
    ['an empty container', JsonPatch.add('/spec/template/spec/containers/-', null), ''],
    ['a mount without a path', JsonPatch.add('/spec/template/spec/containers/0/volumeMounts/0', { name: 'x' }), ''],
    [
      'a number for a path',
      JsonPatch.replace('/spec/template/spec/containers/0/volumeMounts/0/mountPath', 1),
      'container "prometheus" writes to /prometheus, which lies in none of its volumes',
    ],
  ])('reads a workload that has %s', (_, patch, message) => {
    const { prometheus, objects } = make(statefulSet);
    prometheus.addJsonPatch(patch);
    if (message === '') expect(objects).not.toThrow();
    else expect(objects).toThrow(message);
  });

  test('keeps what the workload is told afterwards', () => {
    const { prometheus, objects } = make(statefulSet);
    prometheus.addJsonPatch(JsonPatch.add('/spec/replicas', 2));
    expect(find(objects(), 'StatefulSet').spec.replicas).toBe(2);
  });

  test('takes an L2 of cdk8s-plus', () => {
    const { objects } = make((scope) => {
      const set = new kplus28.StatefulSet(scope, 'L2', {
        metadata: { name: 'prom', namespace: 'monitoring' },
        service: new kplus28.Service(scope, 'S', { ports: [{ port: 9090 }] }),
        containers: [{ image: 'prom', portNumber: 9090, args: UPLOADABLE }],
        securityContext: { fsGroup: 65534 },
      });
      set.containers[0].mount('/prometheus', kplus28.Volume.fromEmptyDir(scope, 'V', 'data'));
      return ApiObject.of(set);
    });
    expect(find(objects(), 'StatefulSet').spec.template.spec.containers).toHaveLength(2);
  });

  test('without a bucket uploads nothing, and has nothing of it', () => {
    const { objects } = make((scope) => statefulSet(scope, []), { objstore: undefined });
    expect(JSON.stringify(find(objects(), 'StatefulSet'))).not.toMatch(/objstore|certs|AWS/);
  });

  /** What each option must do to the container: a new one without an entry does not compile. */
  const EVERY: { [K in keyof Required<ThanosSidecarProps>]: [ThanosSidecarProps[K], (c: Json, all: Json[]) => void] } =
    {
      prometheus: [undefined as any, (c) => expect(c.name).toBe('thanos-sidecar')],
      objstore: [undefined, (c) => expect(JSON.stringify(c)).not.toContain('objstore')],
      dataVolume: ['tsdb', (c) => expect(c.volumeMounts[0].name).toBe('tsdb')],
      podLabels: [{ a: 'b' }, (_, all) => expect(find(all, 'Service').spec.selector).toEqual({ a: 'b' })],
      replicaLabel: ['r', (_, all) => expect(all.length).toBeGreaterThan(0)],
      instance: ['eu', (_, all) => expect(find(all, 'Service').metadata.name).toBe('eu-sidecar-headless')],
      namespace: ['monitoring', (_, all) => expect(find(all, 'Service').metadata.namespace).toBe('monitoring')],
      clusterDomain: ['example.org', (_, all) => expect(all.length).toBeGreaterThan(0)],
      prometheusUrl: [
        'http://127.0.0.1:9091/p',
        (c) => expect(c.args).toContain('--prometheus.url=http://127.0.0.1:9091/p'),
      ],
      tsdbPath: ['/prometheus/data', (c) => expect(c.args).toContain('--tsdb.path=/prometheus/data')],
      uploadCompacted: [true, (c) => expect(c.args).toContain('--shipper.upload-compacted')],
      readyTimeout: [Duration.minutes(1), (c) => expect(c.args).toContain('--prometheus.ready_timeout=1m')],
      image: [{ tag: 'v0.42.9' }, (c) => expect(c.image).toMatch(/:v0\.42\.9$/)],
      logLevel: [LogLevel.DEBUG, (c) => expect(c.args).toContain('--log.level=debug')],
      logFormat: [LogFormat.JSON, (c) => expect(c.args).toContain('--log.format=json')],
      resources: [{ limits: { memory: Size.gibibytes(1) } }, (c) => expect(c.resources.limits.memory).toBe('1Gi')],
      probes: [{ startup: {} }, (c) => expect(c.startupProbe.httpGet.port).toBe(10902)],
      env: [[{ name: 'A', value: 'b' }], (c) => expect(c.env).toContainEqual({ name: 'A', value: 'b' })],
      envFrom: [[{ secretName: 'x' }], (c) => expect(c.envFrom).toEqual([{ secretRef: { name: 'x' } }])],
      grpcTls: [
        { certificate: TlsCertificate.fromSecretName('parts') },
        (c) => expect(c.args).toContain('--grpc-server-tls-cert=/etc/thanos/grpc-tls/tls.crt'),
      ],
      httpConfig: [
        HttpConfig.fromSecretName('web'),
        (c) => expect(c.args).toContain('--http.config=/etc/thanos/http-config/web.yml'),
      ],
      extraArgs: [['--min-time=-2w'], (c) => expect(c.args).toContain('--min-time=-2w')],
    };
  test.each(Object.entries(EVERY))('every option reaches the manifest: %s', (name, [value, reaches]) => {
    const options = name === 'prometheus' ? {} : { [name]: value };
    const args = name === 'tsdbPath' ? BLOCKS : UPLOADABLE;
    const { objects } = make((scope) => statefulSet(scope, args, name === 'dataVolume' ? 'tsdb' : 'data'), options);
    const all = objects();
    (reaches as (c: Json, all: Json[]) => void)(find(all, 'StatefulSet').spec.template.spec.containers[1], all);
  });

  test.each<[string, (scope: Chart) => ApiObject, Partial<ThanosSidecarProps>, string]>([
    [
      'that compacts',
      (scope) => statefulSet(scope, []),
      {},
      'Sidecar: prometheus: StatefulSet prometheus lets Prometheus compact blocks, and the sidecar would refuse to upload them. Give Prometheus --storage.tsdb.min-block-duration=2h and --storage.tsdb.max-block-duration=2h',
    ],
    [
      'without the volume',
      statefulSet,
      { dataVolume: 'other' },
      'StatefulSet prometheus has no volume "other"; it has data, objstore-config, s3-ca-cert. Give its name as dataVolume',
    ],
    [
      'that does not mount the volume',
      (scope) => patched(scope, UPLOADABLE, { volumeMounts: [] }),
      {},
      'Sidecar: prometheus: StatefulSet prometheus: container "prometheus" does not mount the volume "data", so the sidecar would upload nothing. Mount it there, or give the volume of Prometheus\' data as dataVolume',
    ],
    [
      'that writes outside of the volume',
      (scope) => statefulSet(scope, ['--storage.tsdb.path=/var/tsdb', ...BLOCKS]),
      {},
      'container "prometheus" writes to /var/tsdb, which lies in none of its volumes, while "data" is mounted at /prometheus. Give it a --storage.tsdb.path below that, or the volume of the data as dataVolume',
    ],
    [
      'that writes into another volume',
      (scope) =>
        patched(scope, ['--storage.tsdb.path=/prometheus/wal', ...BLOCKS], {
          volumeMounts: [...mounts, { name: 'fast', mountPath: '/prometheus/wal' }],
        }),
      {},
      'writes to /prometheus/wal, which lies in the volume "fast", while "data" is mounted at /prometheus',
    ],
    [
      'that does not say where it writes',
      (scope) => statefulSet(scope, BLOCKS),
      {},
      'where container "prometheus" writes can\'t be told. Give it --storage.tsdb.path=/prometheus, or say the folder as tsdbPath',
    ],
    [
      'whose folder comes from a variable',
      (scope) => statefulSet(scope, ['--storage.tsdb.path=$(TSDB)', ...BLOCKS]),
      {},
      'where container "prometheus" writes can\'t be told',
    ],
    [
      'that writes elsewhere than is said',
      statefulSet,
      { tsdbPath: '/prometheus/data' },
      'container "prometheus" writes to /prometheus, but tsdbPath is "/prometheus/data". Leave tsdbPath out',
    ],
    [
      'that answers at another port than is said',
      (scope) => statefulSet(scope, [...UPLOADABLE, '--web.listen-address=:9091']),
      { prometheusUrl: 'http://localhost:9090' },
      'Sidecar: prometheusUrl: is "http://localhost:9090", but container "prometheus" answers at http://localhost:9091. Leave prometheusUrl out',
    ],
    [
      'that answers at another path than is said',
      (scope) => statefulSet(scope, [...UPLOADABLE, '--web.external-url=https://example.com/prom/']),
      { extraArgs: ['--prometheus.url=http://127.0.0.1:9090'] },
      'is "http://127.0.0.1:9090", but container "prometheus" answers at http://localhost:9090/prom. Leave prometheusUrl out',
    ],
    ...['--agent', '--enable-feature=exemplar-storage,agent'].map(
      (flag): [string, (scope: Chart) => ApiObject, Partial<ThanosSidecarProps>, string] => [
        `that is an Agent by ${flag}`,
        (scope) => statefulSet(scope, [flag, '--storage.agent.path=/prometheus']),
        {},
        'Sidecar: prometheus: StatefulSet prometheus runs Prometheus as an Agent, which keeps no blocks and answers no queries. Let it write to a Receiver (remote_write), and remove the sidecar',
      ],
    ),
    [
      'whose path comes from a variable',
      (scope) => statefulSet(scope, [...UPLOADABLE, '--web.route-prefix=/$(PREFIX)']),
      {},
      'Sidecar: prometheusUrl: is missing, and container "prometheus" answers at a path that can\'t be told, "/$(PREFIX)". Give the URL',
    ],
    [
      'whose port comes from a variable',
      (scope) => statefulSet(scope, [...UPLOADABLE, '--web.listen-address=:$(PORT)']),
      {},
      'Sidecar: prometheusUrl: is missing, and container "prometheus" listens on ":$(PORT)" alone. Give the URL',
    ],
    [
      'that listens on one address alone',
      (scope) => statefulSet(scope, [...UPLOADABLE, '--web.listen-address=$(POD_IP):9090']),
      {},
      'Sidecar: prometheusUrl: is missing, and container "prometheus" listens on "$(POD_IP)" alone. Give the URL at which it answers',
    ],
    [
      'of another namespace',
      (scope) => {
        const set = statefulSet(scope);
        set.addJsonPatch(JsonPatch.replace('/metadata/namespace', 'x'));
        return set;
      },
      {},
      'StatefulSet prometheus is in namespace x',
    ],
  ])('a Prometheus %s is an error at synth', (_, of, props, message) => {
    expect(make(of, props).objects).toThrow(message);
  });

  test.each<[string, (made: Made) => unknown, object, string]>([
    ['nothing', () => undefined, {}, 'Sidecar2: prometheus: is missing. Give the workload of Prometheus'],
    ['a Query', ({ scope }) => new Query(scope, 'Query', { endpoints: ['a:1'] }), {}, 'prometheus: '],
    [
      'a component’s object',
      ({ scope }) => new Query(scope, 'Query', { endpoints: ['a:1'] }).workload,
      {},
      'is a component of this library, no Prometheus',
    ],
    [
      'a ConfigMap',
      ({ objstore }) => new ApiObject(objstore, 'cm', { apiVersion: 'v1', kind: 'ConfigMap' }),
      {},
      'prometheus: is a ConfigMap. Give the StatefulSet',
    ],
    ['another app’s', () => statefulSet(new Chart(new App(), 'other')), {}, 'belongs to another App'],
    [
      'a URL with a password',
      ({ prometheus }) => prometheus,
      { prometheusUrl: 'http://u:pw@h' },
      'prometheusUrl: is not a plain URL',
    ],
    [
      'a path',
      ({ prometheus }) => prometheus,
      { tsdbPath: 'data' },
      'tsdbPath: "data" is not the absolute path of a directory',
    ],
    [
      'the Grant’s flag',
      ({ prometheus }) => prometheus,
      { extraArgs: ['--objstore.config=x'] },
      'is set by the objstore alone',
    ],
    ['a misspelt option', ({ prometheus }) => prometheus, { prometheusURL: 'x' }, 'did you mean "prometheusUrl"?'],
  ])('%s is refused', (_, of, props, message) => {
    const made = make(statefulSet);
    const prometheus = of(made) as ApiObject;
    expect(() => new ThanosSidecar(made.scope, 'Sidecar2', { prometheus, instance: 'b', ...props } as any)).toThrow(
      message,
    );
  });
});

describe('of a custom resource', () => {
  test('fills the fields of a Prometheus, in the container that the operator makes', () => {
    const { app, objects, objstore } = make((scope) => resource(scope, { containers: [{ name: 'x', image: 'y' }] }));
    const all = objects();
    const { spec } = find(all, 'Prometheus');
    expect(spec.thanos).toEqual({ objectStorageConfigFile: '/etc/thanos/objstore/objstore.yml' });
    expect(spec.containers[0]).toEqual({ name: 'x', image: 'y' });
    expect(spec.containers[1]).toMatchObject({ name: 'thanos-sidecar', volumeMounts: GRANTED });
    expect(spec.containers[1].env).toHaveLength(2);
    expect(spec.volumes.map(({ name }: Json) => name)).toEqual(['objstore-config', 's3-ca-cert']);
    expect(spec.podMetadata.annotations).toEqual({ 'checksum/objstore': objstore.checksum });
    expect(find(all, 'Service').spec.selector).toEqual({ 'app.kubernetes.io/name': 'prometheus', prometheus: 'k8s' });
    expect(GrantTable.of(app).rows).toMatchObject([
      {
        kind: 'Prometheus',
        objstoreFlag: '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
        caPath: '/etc/thanos/certs/ca.crt',
        keys: 'env from Secret/thanos-s3-keys',
      },
    ]);
  });

  test('a ThanosRuler takes the Grant by grantTo', () => {
    const app = new App();
    const scope = new Chart(app, 'test', { namespace: 'monitoring' });
    const objstore = new ObjstoreConfig(scope, 'Bucket', bucket({ ca: S3Ca.fromPem(ECDSA_CA) }));
    objstore.grantTo(resource(scope, { queryEndpoints: ['q'] }, 'ThanosRuler'));
    const { spec } = find(render(scope), 'ThanosRuler');
    expect(spec).toMatchObject({
      queryEndpoints: ['q'],
      objectStorageConfigFile: '/etc/thanos/objstore/objstore.yml',
      containers: [{ name: 'thanos-ruler', volumeMounts: GRANTED }],
    });
  });

  test.each<[string, Json, string]>([
    [
      'mounts the CA into Prometheus itself',
      { volumes: [], containers: [{ name: 'prometheus', volumeMounts: [{ name: 's3-ca-cert', mountPath: '/ca' }] }] },
      "gives the CA (Secret thanos-s3-ca-cert) to the container prometheus, which doesn't open the bucket",
    ],
    [
      'mounts the keys everywhere',
      { secrets: ['thanos-s3-keys'] },
      'spec.secrets[0]: uses the S3 keys (Secret thanos-s3-keys)',
    ],
    [
      'has a config of its own',
      { thanos: { objectStorageConfig: { name: 'a', key: 'b' } } },
      'Prometheus k8s sets objectStorageConfig, which the operator would take instead',
    ],
    [
      'names another file',
      { thanos: { objectStorageConfigFile: '/a' } },
      "sets objectStorageConfigFile to another file than the Grant's",
    ],
    [
      'has a volume of the name',
      { volumes: [{ name: 's3-ca-cert', emptyDir: {} }] },
      'Prometheus k8s has a volume "s3-ca-cert" already',
    ],
  ])('that %s is an error', (_, spec, message) => {
    expect(make((scope) => resource(scope, spec)).objects).toThrow(message);
  });

  test('an option of the container is refused: the operator makes it', () => {
    expect(() => make((scope) => resource(scope), { logLevel: LogLevel.DEBUG })).toThrow(
      'Sidecar: logLevel: has no effect on a Prometheus of the operator. Say it in its spec.thanos',
    );
  });
});

test.each<[string, (scope: Chart) => ApiObject]>([
  ['a StatefulSet', statefulSet],
  ['a Prometheus of the operator', resource],
])('removed, or with what is around it, it leaves nothing in %s', (_, prometheus) => {
  const tls = { certificate: TlsCertificate.fromSecretName('http') };
  const make = (around: (scope: Chart) => Construct): { scope: Chart; workload: ApiObject; around: Construct } => {
    const scope = chart();
    const workload = prometheus(scope);
    const objstore = new ObjstoreConfig(scope, 'Bucket', bucket({ ca: S3Ca.fromPem(ECDSA_CA) }));
    const place = around(scope);
    new ThanosSidecar(place, 'S', { prometheus: workload, objstore, grpcTls: tls, httpConfig: HttpConfig.tls(tls) });
    return { scope, workload, around: place };
  };
  const own = chart();
  const bare = prometheus(own).toJson();
  const inChart = make((scope) => scope);
  expect(inChart.workload.toJson()).not.toEqual(bare);
  inChart.scope.node.tryRemoveChild('S');
  expect(inChart.workload.toJson()).toEqual(bare);
  expect(GrantTable.of(inChart.scope).toString()).not.toContain('prometheus');
  const inGroup = make((scope) => new Construct(scope, 'Group'));
  inGroup.scope.node.tryRemoveChild('Group');
  expect(find(render(inGroup.scope), bare.kind)).toEqual(bare);
});

describe('that serves TLS', () => {
  const grpcTls = { certificate: TlsCertificate.fromSecretName('parts'), ca: TlsCa.fromPem(SECOND_CA) };
  const VOLUMES = ['grpc-tls', 'grpc-ca'];
  const MOUNTS = VOLUMES.map((name) => ({ name, mountPath: `/etc/thanos/${name}`, readOnly: true }));

  test('beside a workload has the files in its own container alone, and rolls when the CA changes', () => {
    const { objects } = make(statefulSet, { grpcTls });
    const { metadata, spec } = find(objects(), 'StatefulSet').spec.template;
    const [own, sidecar] = spec.containers;
    expect(sidecar.args).toEqual(
      expect.arrayContaining([
        '--grpc-server-tls-cert=/etc/thanos/grpc-tls/tls.crt',
        '--grpc-server-tls-key=/etc/thanos/grpc-tls/tls.key',
        '--grpc-server-tls-client-ca=/etc/thanos/grpc-ca/ca.crt',
      ]),
    );
    expect(sidecar.volumeMounts).toEqual(expect.arrayContaining(MOUNTS));
    expect(JSON.stringify(own)).not.toContain('grpc');
    expect(spec.volumes.map(({ name }: Json) => name)).toEqual(expect.arrayContaining(VOLUMES));
    expect(metadata.annotations['checksum/grpc-ca']).toBeDefined();
    expect(find(objects(), 'ConfigMap', 'thanos-sidecar-grpc-ca').data['ca.crt']).toBe(SECOND_CA);
  });

  test('of the operator is told so by files, beside what the resource says itself', () => {
    const given = { thanos: { image: 'x', volumeMounts: [{ name: 'a', mountPath: '/a' }] }, volumes: [{ name: 'a' }] };
    const { objects } = make((scope) => resource(scope, given), { grpcTls: { ...grpcTls, mutual: false } });
    const { thanos, volumes, podMetadata } = find(objects(), 'Prometheus').spec;
    expect(thanos.image).toBe('x');
    expect(thanos.grpcServerTlsConfig).toEqual({
      certFile: '/etc/thanos/grpc-tls/tls.crt',
      keyFile: '/etc/thanos/grpc-tls/tls.key',
    });
    // whom a server without mutual TLS lets in, it asks nobody
    expect(thanos.volumeMounts.map(({ name }: Json) => name)).toEqual(expect.arrayContaining(['a', 'grpc-tls']));
    expect(volumes.map(({ name }: Json) => name)).toEqual(expect.arrayContaining(['a', 'grpc-tls']));
    expect(podMetadata?.annotations?.['checksum/grpc-ca']).toBeUndefined();
  });

  test('is asked over TLS, or not at all', () => {
    const { app, scope, sidecar } = make(statefulSet);
    new Query(scope, 'Query', { sources: [sidecar], grpcTls });
    expect(() => app.synth()).toThrow(
      'Sidecar: grpcTls: is missing, but the part is asked by test/Query over TLS. Give grpcTls to both, or to neither',
    );
  });

  test('trusts another CA than the bucket’s', () => {
    const { app } = make(statefulSet, { grpcTls: { ...grpcTls, ca: TlsCa.fromPem(ECDSA_CA) } });
    expect(() => app.synth()).toThrow(/Sidecar: grpcTls: ca: is the CA of the bucket/);
  });
});

describe('whose HTTP port has a web config', () => {
  const tls = { certificate: TlsCertificate.fromSecretName('http') };
  const login = HttpConfig.fromSecretName('web', { tls, basicAuth: { secretName: 'login' } });
  const FILES = ['http-tls', 'http-config'];

  test('beside a workload has the file and the certificate in its own container alone, and is probed over HTTPS', () => {
    const { objects } = make(statefulSet, { httpConfig: HttpConfig.tls(tls) });
    const { metadata, spec } = find(objects(), 'StatefulSet').spec.template;
    const [own, sidecar] = spec.containers;
    expect(sidecar.args).toContain('--http.config=/etc/thanos/http-config/web.yml');
    expect(sidecar.volumeMounts.map(({ name }: Json) => name)).toEqual(expect.arrayContaining(FILES));
    expect(JSON.stringify(own)).not.toContain('http-');
    for (const probe of ['livenessProbe', 'readinessProbe'])
      expect(sidecar[probe].httpGet).toMatchObject({ port: 10902, scheme: 'HTTPS' });
    expect(find(objects(), 'ConfigMap', 'thanos-sidecar-http-config').data['web.yml']).toContain(
      '/etc/thanos/http-tls/tls.key',
    );
    // Thanos reads both again
    expect(Object.keys(metadata.annotations)).toEqual(['checksum/objstore']);
  });

  test('with a password is probed by its ports, by their numbers', () => {
    const { objects } = make(statefulSet, { httpConfig: login, probes: { startup: {} } });
    const [, sidecar] = find(objects(), 'StatefulSet').spec.template.spec.containers;
    expect(sidecar.livenessProbe).toMatchObject({ tcpSocket: { port: 10902 } });
    expect(sidecar.startupProbe).toMatchObject({ tcpSocket: { port: 10902 } });
    expect(sidecar.readinessProbe).toMatchObject({ tcpSocket: { port: 10901 } });
    expect(sidecar.livenessProbe.httpGet).toBeUndefined();
  });

  test('of the operator is told so by an argument, beside those that the resource has and the TLS of gRPC', () => {
    const own = { name: 'shipper.upload-compacted' };
    const given = { thanos: { additionalArgs: [own] } };
    const { objects } = make((scope) => resource(scope, given), { httpConfig: login, grpcTls: tls });
    const { thanos, volumes } = find(objects(), 'Prometheus').spec;
    expect(thanos.additionalArgs).toEqual([own, { name: 'http.config', value: '/etc/thanos/http-config/web.yml' }]);
    expect(thanos.grpcServerTlsConfig.certFile).toBe('/etc/thanos/grpc-tls/tls.crt');
    expect(thanos.volumeMounts.map(({ name }: Json) => name)).toEqual(['grpc-tls', ...FILES]);
    expect(volumes.map(({ name }: Json) => name)).toEqual(expect.arrayContaining(['grpc-tls', ...FILES]));
  });

  test('of the operator without any keeps the arguments that it has', () => {
    const { objects } = make((scope) => resource(scope, {}));
    expect(Object.keys(find(objects(), 'Prometheus').spec.thanos)).toEqual(['objectStorageConfigFile']);
  });

  test('of the operator that is told twice is an error: Thanos would end', () => {
    const given = { thanos: { additionalArgs: [{ name: 'http.config', value: '/x' }] } };
    expect(make((scope) => resource(scope, given), { httpConfig: login }).objects).toThrow(
      'Sidecar: httpConfig: has http.config in spec.thanos.additionalArgs too, and Thanos takes it once. Remove it there',
    );
  });

  test('as an argument of one’s own is warned of: probes would know nothing of it', () => {
    const { sidecar } = make(statefulSet, { extraArgs: ['--http.config=/x'] });
    expect(AppRegistry.of(sidecar).standing().warnings.join()).toContain(
      'Sidecar: extraArgs: has "--http.config", of which probes and those who ask know nothing',
    );
  });

  test('trusts another CA than the bucket’s', () => {
    const { app } = make(statefulSet, { httpConfig: HttpConfig.tls({ ...tls, ca: TlsCa.fromPem(ECDSA_CA) }) });
    expect(() => app.synth()).toThrow(/Sidecar: httpConfig: .*is the CA of the bucket/);
  });
});
