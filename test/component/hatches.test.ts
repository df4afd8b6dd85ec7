import { JsonPatch } from 'cdk8s';
import { LogFormat, Preflight, Receiver, type ThanosComponent } from '../../src/index';
import { DIGEST } from './component-cases';
import { chart, find, type Json, render } from '../render';
import { KINDS, makeKind } from './kinds';
import { bucket, make, quietly } from './made';

describe('extraArgs', () => {
  const args = (kind: string, ...extraArgs: string[]) => makeKind(kind, { extraArgs }).args;

  it('an argument that is set already is replaced in its place, since Thanos refuses a repeated flag', () => {
    const before = args('receiver');
    const after = args('receiver', '--tsdb.path=/elsewhere');
    expect(after).toEqual(before.map((a) => (a.startsWith('--tsdb.path=') ? '--tsdb.path=/elsewhere' : a)));
  });

  it('a switch and its negation are one flag', () => {
    const { args: kept } = makeKind('compactor', {
      downsampling: false,
      extraArgs: ['--no-downsampling.disable'],
    } as object);
    expect(kept.filter((arg) => arg.includes('downsampling'))).toEqual(['--no-downsampling.disable']);
    expect(args('query', '--no-query.partial-response').slice(-1)).toEqual(['--no-query.partial-response']);
  });

  it('a config as text and as a file are one setting, of which Thanos refuses both', () => {
    const after = args('query', '--endpoint.sd-config-file=/sd.yaml');
    expect(after.filter((a) => a.startsWith('--endpoint.sd-config'))).toEqual(['--endpoint.sd-config-file=/sd.yaml']);
  });

  it('a repeatable flag is added to those that are set', () => {
    const labels = args('receiver', '--label=a="b"', '--label=c="d"').filter((a) => a.startsWith('--label='));
    expect(labels).toEqual(['--label=receive_replica="$(POD_NAME)"', '--label=a="b"', '--label=c="d"']);
  });

  it('whether a flag may repeat is known per command: the label of the bucket page is one, those of a receiver are many', () => {
    const before = makeKind('bucket-web', { label: 'a' } as object).args;
    const after = makeKind('bucket-web', { label: 'a', extraArgs: ['--label=b'] } as object).args;
    expect(after).toEqual(before.map((arg) => (arg === '--label=a' ? '--label=b' : arg)));
    const features = ['--enable-feature=a', '--enable-feature=b'];
    expect(args('query', ...features).slice(-2)).toEqual(features);
  });

  it('a value is passed on with every character, newlines and $(NAME) included', () => {
    const arg = '--selector.relabel-config=- action: keep\n  regex: "$(POD_NAME) = a"';
    expect(args('store', arg)).toContain(arg);
  });

  it.each(['--objstore.config=a', '--objstore.config-file=/a', '--objstore-parquet.config=a'])(
    '%s is refused in every component: flag and CA belong together',
    (arg) => {
      for (const kind of KINDS) {
        expect(() => args(kind, arg)).toThrow(
          `cdk8s-thanos: test/Component: extraArgs: "${arg.split('=')[0]}" is set by the objstore alone, with the CA and keys that belong to it. Remove it`,
        );
      }
    },
  );

  it.each(['wait', '-w', '--log.level debug', '', '--'])('%j is not a flag', (arg) => {
    expect(() => args('compactor', arg)).toThrow(
      `cdk8s-thanos: test/Component: extraArgs: ${JSON.stringify(arg)} is not a flag; write "--flag=value" or "--flag" as one string`,
    );
  });

  it.each([
    ['compactor', '--wait=false', '"--wait" is a switch and takes no value; write "--no-wait"'],
    ['compactor', '--wait=true', '"--wait" is a switch and takes no value; write "--wait"'],
    ['compactor', '--no-wait=false', '"--no-wait" is a switch and takes no value; write "--wait"'],
    ['compactor', '--delete-delay', '"--delete-delay" needs a value; write "--delete-delay=value" as one string'],
    ['query', '--no-query.timeout', '"--no-query.timeout" is not a flag of "thanos query"'],
    ['bucket-web', '--nonsense=1', '"--nonsense" is not a flag of "thanos tools bucket web"'],
    [
      'receiver',
      '--tsdb.retenton=1d',
      '"--tsdb.retenton" is not a flag of "thanos receive"; did you mean "--tsdb.retention"?',
    ],
  ])('a %s refuses %s', (kind, arg, text) => {
    expect(() => args(kind, arg)).toThrow(`cdk8s-thanos: test/Component: extraArgs: ${text}`);
  });

  it.each([
    ['twice', ['--delete-delay=1h', '--delete-delay=2h'], '--delete-delay'],
    ['with its negation', ['--wait', '--no-wait'], '--no-wait'],
    ['as text and as a file', ['--tracing.config-file=a', '--tracing.config=b'], '--tracing.config'],
  ])('a flag %s is refused', (_, given, name) => {
    expect(() => args('compactor', ...given)).toThrow(
      `cdk8s-thanos: test/Component: extraArgs: "${name}" is set twice, which Thanos refuses. Remove one of the two`,
    );
  });

  it.each([{ tag: 'v0.43.0' }, { repository: 'registry.example.com/thanos' }, { digest: DIGEST }])(
    'an image of your own, %j, may know more flags: a warning',
    (image) => {
      const { args: given, warnings } = makeKind('store', { image, extraArgs: ['--store.new=1', '--store.new=2'] });
      expect(given.slice(-2)).toEqual(['--store.new=1', '--store.new=2']);
      expect(warnings).toContain(
        'test/Component: extraArgs: "--store.new" is not a flag that this library knows; Thanos gets it',
      );
    },
  );
});

describe('a Thanos that is older than a flag is refused', () => {
  it.each([
    ['query', { image: { tag: 'v0.37.2' } }, '--deduplication.func', 37, 38],
    ['query', { image: { tag: '0.37.2-debian-12-r1', repository: 'example.com/thanos' } }, '--deduplication', 37, 38],
    [
      'store',
      { image: { tag: 'v0.41.0' }, extraArgs: ['--grpc-server-tls-curves=X25519'] },
      '--grpc-server-tls-curves',
      41,
      42,
    ],
    ['store', { image: { tag: 'v0.41.0' }, logFormat: LogFormat.JOURNALD }, '--log.format=journald', 41, 42],
    [
      'receiver',
      { image: { tag: 'v0.34.0', digest: DIGEST }, extraArgs: ['--enable-auto-gomemlimit'] },
      '--enable',
      34,
      35,
    ],
  ])('%s, %j', (kind, options, name, given, needed) => {
    expect(() => makeKind(kind, options)).toThrow(
      new RegExp(
        `test/Component: image: is Thanos 0.${given}, but "${name}[^"]*" needs 0.${needed} or newer. Take a newer tag`,
      ),
    );
  });

  it('unless nothing says how old it is', () => {
    for (const image of [{ digest: DIGEST }, { tag: 'main-2026-01-01' }, { tag: 'latest' }])
      expect(makeKind('query', { image }).args).toContain('query');
  });

  it('in the preflight and in the init container too, which give "tools bucket ls" a time limit', () => {
    const text = 'is Thanos 0.38, but "--timeout" needs 0.39 or newer';
    const image = { tag: 'v0.38.0' };
    expect(() => makeKind('store', { image, preflightInit: true } as object)).toThrow(
      `test/Component: objstore: preflightInit: image: ${text}`,
    );
    const scope = chart();
    expect(() => new Preflight(scope, 'Preflight', { objstore: bucket(scope), image })).toThrow(
      `test/Preflight: image: ${text}`,
    );
  });
});

describe('env', () => {
  it('replaces a variable that is set already, in its place', () => {
    const { container } = makeKind('receiver', { env: [{ name: 'POD_NAME', value: 'other' }] });
    const names = container.env.map(({ name }: { name: string }) => name);
    expect(container.env[names.indexOf('POD_NAME')]).toEqual({ name: 'POD_NAME', value: 'other' });
    expect(names).toEqual([...new Set(names)]);
    expect(names.indexOf('POD_NAME')).toBeLessThan(names.length - 1);
  });

  it('keeps the order of what is new, since Kubernetes expands earlier variables in later ones', () => {
    const env = [
      { name: 'B', value: '1' },
      { name: 'A', value: '$(B)$(POD_NAME)' },
    ];
    expect(makeKind('receiver', { env }).container.env.slice(-2)).toEqual(env);
  });
});

describe('labels and annotations', () => {
  it('pod labels can not change the three by which the pods are found', () => {
    for (const kind of KINDS) {
      const { template, workload } = makeKind(kind, {
        podLabels: { 'app.kubernetes.io/name': 'x', 'app.kubernetes.io/component': 'y', more: 'z' },
      });
      expect(template.metadata.labels).toEqual({ more: 'z', ...workload.spec.selector.matchLabels });
    }
  });
});

/** Kubernetes JSON with fields that came after the 1.28 API, whose typed classes drop them. */
const NEW_CONTAINER = {
  name: 'new',
  image: 'new:1',
  resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }],
  restartPolicy: 'Always',
  restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
  lifecycle: { stopSignal: 'SIGTERM', preStop: { sleep: { seconds: 5 } } },
  securityContext: {
    allowPrivilegeEscalation: false,
    appArmorProfile: { type: 'RuntimeDefault' },
    capabilities: { drop: ['ALL'] },
  },
  volumeMounts: [{ name: 'image', mountPath: '/image', recursiveReadOnly: 'Enabled' }],
};
const NEW_VOLUMES = [
  { name: 'image', image: { reference: 'quay.io/thanos/rules:v1', pullPolicy: 'IfNotPresent' } },
  { name: 'bundle', projected: { sources: [{ clusterTrustBundle: { name: 'roots', path: 'roots.pem' } }] } },
];
const NEW_AFFINITY = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        topologyKey: 'kubernetes.io/hostname',
        labelSelector: { matchLabels: { a: 'b' } },
        matchLabelKeys: ['pod-template-hash'],
        mismatchLabelKeys: ['tenant'],
      },
    ],
  },
};

describe.each(KINDS)('fields newer than Kubernetes 1.28 arrive unchanged in %s', (kind) => {
  it('in sidecars', () => {
    expect(makeKind(kind, { sidecars: [NEW_CONTAINER], volumes: NEW_VOLUMES }).pod.containers[1]).toEqual(
      NEW_CONTAINER,
    );
  });

  it('in init containers', () => {
    const { pod } = makeKind(kind, { initContainers: [NEW_CONTAINER], volumes: NEW_VOLUMES });
    expect(pod.initContainers).toEqual([NEW_CONTAINER]);
  });

  it('in volumes', () => {
    expect(makeKind(kind, { volumes: NEW_VOLUMES }).pod.volumes.slice(-2)).toEqual(NEW_VOLUMES);
  });

  it('in affinity, which takes the place of the library own', () => {
    expect(makeKind(kind, { affinity: NEW_AFFINITY }).pod.affinity).toEqual(NEW_AFFINITY);
  });

  it('in patches of the workload', () => {
    const { pod, container } = patched(kind, (component) =>
      component.workload.addJsonPatch(
        JsonPatch.add('/spec/template/spec/resources', { limits: { memory: '4Gi' } }),
        JsonPatch.add('/spec/template/spec/containers/0/resizePolicy', NEW_CONTAINER.resizePolicy),
      ),
    );
    expect(pod.resources).toEqual({ limits: { memory: '4Gi' } });
    expect(container.resizePolicy).toEqual(NEW_CONTAINER.resizePolicy);
  });

  it('in patches of the Service', () => {
    const { objects } = patched(kind, (component) =>
      component.service.addJsonPatch(JsonPatch.add('/spec/trafficDistribution', 'PreferSameZone')),
    );
    expect(find(objects, 'Service', `thanos-${kind}`).spec.trafficDistribution).toBe('PreferSameZone');
  });
});

function patched(kind: string, patch: (component: ThanosComponent) => void) {
  const { construct } = makeKind(kind);
  patch(construct);
  return make(() => construct);
}

it('headless Service and disruption budget take patches too', () => {
  const { construct } = makeKind('receiver');
  construct.headlessService!.addJsonPatch(JsonPatch.add('/spec/ipFamilyPolicy', 'PreferDualStack'));
  construct.disruptionBudget!.addJsonPatch(JsonPatch.replace('/spec/maxUnavailable', '20%'));
  const { objects } = make(() => construct);
  expect(find(objects, 'Service', 'thanos-receiver-headless').spec.ipFamilyPolicy).toBe('PreferDualStack');
  expect(find(objects, 'PodDisruptionBudget').spec.maxUnavailable).toBe('20%');
});

it('a container whose security context lacks what Pod Security "restricted" wants gets it', () => {
  const sidecars = [{ name: 's', image: 's:1' }];
  const { pod } = makeKind('query', { sidecars, initContainers: [{ name: 'i', image: 'i:1', securityContext: {} }] });
  const admitted = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  expect([...pod.containers.slice(1), ...pod.initContainers].map((c: Json) => c.securityContext)).toEqual([
    admitted,
    admitted,
  ]);
});

it("the user's JSON is left as it was", () => {
  const sidecar = Object.freeze({ name: 's', image: 's:1' });
  makeKind('query', { sidecars: [sidecar], volumes: [Object.freeze({ name: 'v', emptyDir: {} })] });
  expect(sidecar).toEqual({ name: 's', image: 's:1' });
});

describe('errors', () => {
  it.each<[string, object, string]>([
    [
      'a volume of the library again',
      { volumes: [{ name: 's3-ca-cert' }] },
      'volumes: the name "s3-ca-cert" is taken; choose another',
    ],
    [
      'a sidecar named as the component',
      { sidecars: [{ name: 'store', image: 'a:1' }] },
      'sidecars: the name "store" is taken',
    ],
    [
      'a sidecar and an init container of one name',
      { sidecars: [{ name: 'a', image: 'a:1' }], initContainers: [{ name: 'a', image: 'a:1' }] },
      'sidecars: the name "a" is taken',
    ],
    [
      'a mount over the CA',
      { volumeMounts: [{ name: 'data', mountPath: '/etc/thanos/certs' }] },
      'volumeMounts: "/etc/thanos/certs" is mounted already; choose another path',
    ],
  ])('%s', (_, options, message) => {
    expect(() => makeKind('store', options)).toThrow(`cdk8s-thanos: test/Component: props: ${message}`);
  });

  it('a container that is nothing', () => {
    expect(() => makeKind('store', { sidecars: [null] })).toThrow(
      'cdk8s-thanos: test/Component: sidecars: [0]: is null, not an object',
    );
  });
});

it('a hatch can not carry the CA into a container that does not open the bucket', () => {
  const scope = chart();
  new Receiver(scope, 'Receiver', {
    objstore: bucket(scope),
    sidecars: [{ name: 'spy', image: 'spy:1', volumeMounts: [{ name: 's3-ca-cert', mountPath: '/ca' }] }],
  });
  expect(() => quietly(() => render(scope))).toThrow(/gives the CA \(Secret thanos-s3-ca-cert\) to the container spy/);
});
