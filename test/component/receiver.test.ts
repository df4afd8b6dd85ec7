import { Duration, Size } from 'cdk8s';
import {
  ForwardCompression,
  HashFunc,
  Receiver,
  type ReceiverOptions,
  type ReceiverProps,
  ReplicationProtocol,
  TenantCertificateField,
  type TsdbOptions,
  VolumeRetention,
} from '../../src/index';
import { parse } from 'yaml';
import { chart, find } from '../render';
import { bucket, make, type Made } from './made';
import { everyPropReachesTheManifest, type OwnProps } from './prop-cases';
import { FORWARDS, grpcTlsCase } from './tls-cases';
import { REQUEST_LOGGING_CASE } from './request-logging-case';

function receiver(props: ReceiverProps = {}): Made<Receiver> {
  return make((scope) => new Receiver(scope, 'Receiver', { objstore: bucket(scope), ...props }));
}

function limitsOf(made: Made<Receiver>, name: string): unknown {
  return parse(find(made.objects, 'ConfigMap', name).data['limits.yml']);
}

function failing(props: object): () => unknown {
  return () => new Receiver(chart(), 'Receiver', props);
}

it('takes the labels by which a controller of rings finds it', () => {
  const made = make((scope) => {
    const one = new Receiver(scope, 'Receiver', { objstore: bucket(scope), ingestOnly: true });
    one.workload.metadata.addLabel('controller.receive.thanos.io', 'thanos-receive-controller');
    return one;
  });
  expect(made.workload.metadata.labels).toMatchObject({
    'app.kubernetes.io/component': 'receiver',
    'controller.receive.thanos.io': 'thanos-receive-controller',
  });
  expect(made.workload.spec.selector.matchLabels).not.toHaveProperty(['controller.receive.thanos.io']);
});

it('has the arguments of the guide: a ketama ring that knows itself by the pod name', () => {
  expect(receiver({ replicas: 3 }).args).toEqual([
    'receive',
    '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
    '--tsdb.path=/var/thanos/data',
    '--label=receive_replica="$(POD_NAME)"',
    '--receive.hashrings-file=/etc/thanos/hashrings/hashrings.json',
    '--receive.hashrings-file-refresh-interval=1m',
    '--receive.hashrings-algorithm=ketama',
    '--receive.local-endpoint=$(POD_NAME).thanos-receiver-headless.monitoring.svc.cluster.local:10901',
    '--receive.replication-factor=3',
    '--tsdb.too-far-in-future.time-window=30m',
  ]);
});

it('lists every pod of the StatefulSet in the ring, by the name that the pod gives itself', () => {
  const made = receiver({ replicas: 4, namespace: 'obs', objstore: undefined });
  const ring = JSON.parse(find(made.objects, 'ConfigMap', 'thanos-receiver-hashrings').data['hashrings.json']);
  expect(ring).toEqual([
    {
      hashring: 'default',
      endpoints: [0, 1, 2, 3].map((i) => `thanos-receiver-${i}.thanos-receiver-headless.obs.svc.cluster.local:10901`),
    },
  ]);
  expect(made.flag('--receive.local-endpoint')).toEqual([
    ring[0].endpoints[0].replace('thanos-receiver-0', '$(POD_NAME)'),
  ]);
  expect(made.workload.spec.serviceName).toBe('thanos-receiver-headless');
});

it('mounts the ring as a directory, since a subPath never sees an update', () => {
  const { container, pod } = receiver();
  const mount = container.volumeMounts.find((m: { name: string }) => m.name === 'hashrings');
  expect(mount).toEqual({ name: 'hashrings', mountPath: '/etc/thanos/hashrings', readOnly: true });
  expect(pod.volumes).toContainEqual({ name: 'hashrings', configMap: { name: 'thanos-receiver-hashrings' } });
});

it.each([
  [1, 1],
  [2, 1],
  [3, 3],
  [7, 3],
])('with %i replicas and nothing said, each sample is stored %i times', (replicas, factor) => {
  expect(receiver({ replicas }).flag('--receive.replication-factor')).toEqual([String(factor)]);
});

it('rolls one pod at a time, slowly enough for the peers, and stops with time to upload', () => {
  const { workload, pod, budgets } = receiver();
  expect(workload.spec).toMatchObject({ replicas: 3, minReadySeconds: 5, podManagementPolicy: 'Parallel' });
  expect(pod.terminationGracePeriodSeconds).toBe(900);
  expect(budgets).toHaveLength(1);
  expect(budgets[0].spec.maxUnavailable).toBe(1);
});

it.each([
  ['nothing', {}, 6, 5],
  ['a minute', { minReady: Duration.minutes(1) }, 6, 35],
  ['ten seconds', { minReady: Duration.seconds(10) }, 3, 0],
  ['checks each 10 s', { probes: { readiness: { period: Duration.seconds(10) } } }, 4, 5],
  ['no wait', { minReady: Duration.seconds(0) }, undefined, 0],
  ['one receiver', { replicas: 1 }, undefined, 30],
  ['one receiver in each zone', { replicas: 1, zone: 'a', ingestOnly: true }, 6, 5],
])('with %s told, a drain and a roll-out wait until it has answered for long enough', (_, props, checks, seconds) => {
  const { workload, container } = receiver(props);
  expect(container.readinessProbe.successThreshold).toBe(checks);
  expect(workload.spec.minReadySeconds).toBe(seconds);
});

it('publishes the addresses of pods that are not ready on its headless Service only', () => {
  const made = receiver();
  expect(find(made.objects, 'Service', 'thanos-receiver-headless').spec.publishNotReadyAddresses).toBe(true);
  expect(made.service.spec).not.toHaveProperty('publishNotReadyAddresses');
});

it('serves remote-write behind its Service and the StoreAPI on each pod', () => {
  const { construct, service } = receiver();
  expect(construct.remoteWriteUrl).toBe('http://thanos-receiver.monitoring.svc.cluster.local:19291/api/v1/receive');
  expect(construct.storeApiAddress).toBe('dnssrv+_grpc._tcp.thanos-receiver-headless.monitoring.svc.cluster.local');
  expect(construct.replicaLabel).toBe('receive_replica');
  expect(service.spec.ports).toContainEqual({ name: 'remote-write', port: 19291, targetPort: 'remote-write' });
});

it('without a bucket it has neither flag nor CA nor keys', () => {
  const made = receiver({ objstore: undefined });
  expect(made.args.join()).not.toContain('objstore');
  expect(made.template.metadata).not.toHaveProperty('annotations');
  expect(made.pod.volumes.map((v: { name: string }) => v.name)).toEqual(['hashrings']);
  expect(made.container.env.map((e: { name: string }) => e.name)).toEqual(['POD_NAME']);
});

const TSDB: Required<TsdbOptions> = {
  outOfOrderWindow: Duration.hours(26),
  outOfOrderChunk: 255,
  futureWindow: Duration.days(0),
  blockDuration: Duration.minutes(1),
  maxSize: Size.kibibytes(1537),
  walCompression: false,
  lockFile: false,
  maxExemplars: 0,
  headPostingsCache: Size.mebibytes(1),
  blockPostingsCache: Size.kibibytes(1),
  writeQueue: 1,
  snapshotOnShutdown: true,
  internLabels: true,
  metricNamesFilter: true,
};
it.each<[string, ReceiverOptions, string[]]>([
  ['nothing', {}, ['30m']],
  ['blocks of an hour', { tsdb: { blockDuration: Duration.hours(1) } }, ['15m']],
  ['a window', { tsdb: { futureWindow: Duration.minutes(1) } }, ['1m']],
  ['a Thanos that does not know the flag', { image: { tag: 'v0.31.0' } }, []],
])('with %s told, samples of a clock that is ahead are taken so far', (_, options, windows) => {
  expect(receiver(options).flag('--tsdb.too-far-in-future.time-window')).toEqual(windows);
});

const TSDB_FLAG = /^--(no-)?(tsdb\.(?!path|retention)|writer|enable-feature)/;
const TSDB_FLAGS = [
  '--tsdb.out-of-order.time-window=1d2h',
  '--tsdb.out-of-order.cap-max=255',
  '--tsdb.too-far-in-future.time-window=0s',
  '--tsdb.min-block-duration=1m',
  '--tsdb.max-block-duration=1m',
  '--tsdb.max-retention-bytes=1537KiB',
  '--no-tsdb.wal-compression',
  '--tsdb.no-lockfile',
  '--tsdb.max-exemplars=0',
  '--tsdb.head.expanded-postings-cache-size=1048576',
  '--tsdb.block.expanded-postings-cache-size=1024',
  '--tsdb.write-queue-size=1',
  '--tsdb.memory-snapshot-on-shutdown',
  '--writer.intern',
  '--enable-feature=metric-names-filter',
];

describe('props', () => {
  type Own = Pick<ReceiverProps, 'hashring'> & OwnProps<ReceiverOptions>;
  everyPropReachesTheManifest<Own, Receiver>(
    {
      grpcTls: grpcTlsCase(FORWARDS),
      requestLogging: REQUEST_LOGGING_CASE,
      replicas: {
        value: 5,
        reaches: (made) => {
          expect(made.workload.spec.replicas).toBe(5);
          expect(find(made.objects, 'ConfigMap', 'thanos-receiver-hashrings').data['hashrings.json']).toContain(
            '"thanos-receiver-4.',
          );
        },
      },
      replicationFactor: {
        value: 2,
        reaches: (made) => expect(made.flag('--receive.replication-factor')).toEqual(['2']),
      },
      ingestOnly: {
        value: true,
        // tried in receive-router.test.ts; it excludes replicationFactor
        overruledBy: 'replicationFactor',
        reaches: (made) => expect(made.args.join()).not.toContain('hashrings'),
      },
      hashring: {
        value: 'gold',
        overruledBy: 'none: it names every object',
        reaches: (made) => expect(made.construct.workloadName).toBe('thanos-receiver-gold'),
      },
      retention: { value: Duration.days(7), reaches: (made) => expect(made.flag('--tsdb.retention')).toEqual(['7d']) },
      externalLabels: {
        value: { cluster: 'eu "1" $(HOME)\n' },
        reaches: (made) =>
          expect(made.flag('--label')).toEqual(['receive_replica="$(POD_NAME)"', 'cluster="eu \\"1\\" $$(HOME)\\n"']),
      },
      tenancy: {
        value: { certificateField: TenantCertificateField.COMMON_NAME, label: 'tenant', splitLabel: 'team' },
        reaches: ({ args }) =>
          expect(args).toEqual(
            expect.arrayContaining([
              '--receive.tenant-certificate-field=commonName',
              '--receive.tenant-label-name=tenant',
              '--receive.split-tenant-label-name=team',
            ]),
          ),
      },
      forwarding: {
        value: { timeout: Duration.seconds(61), compression: ForwardCompression.NONE },
        overruledBy: 'ingestOnly, which hands nothing over',
        reaches: ({ args }) =>
          expect(args).toEqual(
            expect.arrayContaining(['--receive-forward-timeout=1m1s', '--receive.grpc-compression=none']),
          ),
      },
      capnproto: {
        value: true,
        reaches: ({ container, service }) => {
          expect(container.ports).toContainEqual({ name: 'capnproto', containerPort: 19391 });
          expect(service.spec.ports).toContainEqual({ name: 'capnproto', port: 19391, targetPort: 'capnproto' });
        },
      },
      writeLimits: {
        value: { tenants: { a: { requestSamples: 5 } } },
        overruledBy: 'ingestOnly, which takes no writes from outside',
        reaches: (made) => {
          expect(made.flag('--receive.limits-config-file')).toEqual(['/etc/thanos/limits/limits.yml']);
          expect(limitsOf(made, 'thanos-receiver-limits')).toEqual({
            write: {
              global: {},
              default: { request: {} },
              tenants: { a: { request: { samples_limit: 5 } } },
            },
          });
        },
      },
      tsdb: {
        value: TSDB,
        reaches: ({ args }) => expect(args.filter((arg) => TSDB_FLAG.test(arg))).toEqual(TSDB_FLAGS),
      },
      limits: {
        value: { series: 5, samples: 0 },
        reaches: ({ args }) =>
          expect(args).toEqual(
            expect.arrayContaining(['--store.limits.request-series=5', '--store.limits.request-samples=0']),
          ),
      },
      matcherCacheSize: { value: 7, reaches: (made) => expect(made.flag('--matcher-cache-size')).toEqual(['7']) },
      uploadConcurrency: {
        value: 4,
        reaches: (made) => expect(made.flag('--shipper.upload-concurrency')).toEqual(['4']),
      },
      hashFunc: { value: HashFunc.SHA256, reaches: (made) => expect(made.flag('--hash-func')).toEqual(['SHA256']) },
      minReady: {
        value: Duration.minutes(1),
        reaches: (made) => expect(made.workload.spec.minReadySeconds).toBe(60 - 25),
      },
      storage: {
        value: {
          size: Size.tebibytes(1),
          storageClassName: 'fast',
          whenDeleted: VolumeRetention.DELETE,
          whenScaled: VolumeRetention.DELETE,
          labels: { tier: 'gold', 'app.kubernetes.io/name': 'other' },
        },
        reaches: (made) => {
          expect(made.claim.spec).toEqual({
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '1Ti' } },
            storageClassName: 'fast',
          });
          expect(made.claim.metadata.labels).toEqual({ tier: 'gold', ...made.construct.selector });
          expect(made.workload.spec.persistentVolumeClaimRetentionPolicy).toEqual({
            whenDeleted: 'Delete',
            whenScaled: 'Delete',
          });
        },
      },
    },
    (props) =>
      receiver('replicationFactor' in props ? { ...props, ingestOnly: undefined, hashring: undefined } : props),
  );
});

it('says its port of Capn Proto only where that is asked for', () => {
  const ports = (props: ReceiverProps) => receiver(props).container.ports.map(({ name }: { name: string }) => name);
  const forwarding = { protocol: ReplicationProtocol.CAPNPROTO };
  expect(ports({})).toEqual(['http', 'grpc', 'remote-write']);
  expect(ports({ forwarding })).toEqual(['http', 'grpc', 'remote-write', 'capnproto']);
  expect(ports({ forwarding: { protocol: ReplicationProtocol.PROTOBUF } })).toEqual(ports({}));
  expect(ports({ forwarding, capnproto: false })).toEqual(ports({}));
});

describe('warnings', () => {
  const warned = (props: ReceiverProps) => receiver(props).warnings;

  it('a ring that stores each sample once blocks writes while a receiver is away', () => {
    expect(warned({ replicas: 2 })).toContain(
      'test/Receiver: replicationFactor: is 1: while one receiver is away, no write gets through',
    );
    expect(warned({ replicas: 1 })).toEqual([]);
  });

  it('two copies count as written with one, so a lost volume can lose samples', () => {
    expect(warned({ replicas: 3, replicationFactor: 2 }).join()).toMatch(/replicationFactor: is 2: .*use 3/);
  });

  it('receivers that roll faster than their peers notice lose the quorum', () => {
    expect(warned({ minReady: Duration.seconds(29) }).join()).toContain('minReady: is under 30 s');
    expect(warned({ minReady: Duration.seconds(30) })).toEqual([]);
  });

  it('hashmod moves most series when a ring changes', () => {
    const extraArgs = ['--receive.hashrings-algorithm=hashmod'];
    expect(warned({ extraArgs })).toEqual([
      expect.stringMatching(
        /^test\/Receiver: extraArgs: "--receive.hashrings-algorithm=hashmod": .*Leave it at ketama$/,
      ),
    ]);
    expect(warned({ extraArgs: ['--receive.hashrings-algorithm=ketama'] })).toEqual([]);
  });

  it('the factor is judged as Thanos gets it, an extra argument included', () => {
    expect(warned({ extraArgs: ['--receive.replication-factor=2'] }).join()).toContain('replicationFactor: is 2');
    const given = (factor: string) => () => warned({ extraArgs: [`--receive.replication-factor=${factor}`] });
    expect(given('5')).toThrow('replicationFactor: is 5, but there are 3 replicas');
    expect(given('many')).toThrow('replicationFactor: is "many"; it must be a whole number of at least 1');
  });
});

describe('errors', () => {
  it.each<[string, object, string]>([
    [
      'more copies than receivers',
      { replicas: 2, replicationFactor: 3 },
      'replicationFactor: is 3, but there are 2 replicas; a ring needs as many receivers as copies',
    ],
    ['no copy', { replicationFactor: 0 }, 'replicationFactor: is 0; it must be a whole number of at least 1'],
    ['half a copy', { replicationFactor: 1.5 }, 'replicationFactor: is 1.5; it must be a whole number of at least 1'],
    ['negative replicas', { replicas: -1 }, 'replicas: is -1; it must be a whole number of at least 0'],
    ['half a replica', { replicas: 2.5 }, 'replicas: is 2.5; it must be a whole number of at least 0'],
    ['no retention', { retention: Duration.days(0) }, 'retention: is 0 ms; it must be greater than 0'],
    [
      'minReady in fractions',
      { minReady: Duration.millis(1500) },
      'minReady: is 1500 ms; Kubernetes takes whole seconds',
    ],
    [
      'a storage size of nothing',
      { storage: { size: Size.gibibytes(0) } },
      'storage: size: is 0 bytes; it must be greater than 0',
    ],
    ['an ephemeral volume', { storage: { ephemeral: true } }, 'storage: has no field "ephemeral"'],
    [
      'a retention policy that Kubernetes does not know',
      { storage: { whenDeleted: 'delete' } },
      'storage: whenDeleted: "delete" is not one of Retain, Delete',
    ],
    [
      'the replica label as an external one',
      { externalLabels: { receive_replica: 'a' } },
      'externalLabels: "receive_replica" is the replica label, which the pod\'s name fills',
    ],
    [
      'a label name that Prometheus refuses',
      { externalLabels: { 'a-b': 'c' } },
      'externalLabels: "a-b" is not a label name: letters, digits and "_", not starting with a digit or "__"',
    ],
    [
      'a label of Thanos itself',
      { externalLabels: { __tenant: 'c' } },
      'externalLabels: "__tenant" is not a label name',
    ],
    [
      'a label without value',
      { externalLabels: { a: '' } },
      'externalLabels: a has no value; an empty label is not a label',
    ],
    ['half a character', { externalLabels: { a: '\ud800' } }, 'externalLabels: a holds half a character'],
    [
      'a tenant in two places',
      { tenancy: { header: 'A', certificateField: 'commonName' } },
      'tenancy: header: has no effect with certificateField; drop one of the two',
    ],
    [
      'forwarding of what nothing is forwarded of',
      { ingestOnly: true, forwarding: {} },
      'forwarding: has no effect with ingestOnly; give it to the ReceiveRouter, which takes the writes',
    ],
    [
      'limits of writes that do not come',
      { ingestOnly: true, writeLimits: {} },
      'writeLimits: has no effect with ingestOnly; give it to the ReceiveRouter, which takes the writes',
    ],
    [
      'series that nobody counts',
      { writeLimits: { defaults: { headSeries: 0 }, tenants: { a: { headSeries: 1 } } } },
      'writeLimits: tenants: "a": headSeries: has no effect without metaMonitoring, which counts the series',
    ],
    [
      'series of all that nobody counts',
      { writeLimits: { defaults: { headSeries: 1 } } },
      'writeLimits: defaults: headSeries: has no effect without metaMonitoring',
    ],
    [
      'a Prometheus without scheme',
      { writeLimits: { metaMonitoring: { url: 'prometheus:9090' } } },
      'writeLimits: metaMonitoring: url: "prometheus:9090" is not an http or https URL',
    ],
    [
      'a password in a ConfigMap',
      { writeLimits: { metaMonitoring: { url: 'http://me:geheim@prometheus:9090' } } },
      'writeLimits: metaMonitoring: url: holds a user or password, which synth would write into a ConfigMap. Leave them',
    ],
    [
      'nobody to ask',
      { writeLimits: { metaMonitoring: {} } },
      'writeLimits: metaMonitoring: url: is missing. Give the',
    ],
    [
      'no writes at all',
      { writeLimits: { maxConcurrency: 0 } },
      'writeLimits: maxConcurrency: is 0; it must be a whole number of at least 1',
    ],
    [
      'less than nothing',
      { writeLimits: { tenants: { a: { requestSeries: -1 } } } },
      'writeLimits: tenants: "a": requestSeries: is -1; it must be a whole number of at least 0',
    ],
    ['nobody who forwards', { forwarding: { workers: 0 } }, 'forwarding: workers: is 0; it must be a whole number of'],
    [
      'blocks that Thanos panics at',
      { tsdb: { blockDuration: Duration.seconds(59) } },
      'tsdb: blockDuration: is 59000 ms; a block has at least a minute',
    ],
    [
      'a chunk that Thanos refuses',
      { tsdb: { outOfOrderChunk: 256 } },
      'tsdb: outOfOrderChunk: is 256; it must be a whole number from 1 to 255',
    ],
    ['a misspelt field', { replica: 3 }, 'props: has no field "replica"; did you mean "replicas"?'],
  ])('%s', (_, props, message) => {
    expect(failing(props)).toThrow(`cdk8s-thanos: test/Receiver: ${message}`);
  });

  it('a bucket in another namespace, whose Secrets the pods could not mount', () => {
    const scope = chart();
    const objstore = bucket(scope, { namespace: 'elsewhere' });
    expect(() => new Receiver(scope, 'Receiver', { objstore, namespace: 'here' })).toThrow(
      'cdk8s-thanos: test/Receiver: objstore: lies in namespace elsewhere, but the pods are in here, and a pod mounts Secrets of its own namespace only',
    );
  });
});
