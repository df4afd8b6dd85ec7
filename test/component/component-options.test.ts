import { Size } from 'cdk8s';
import { AntiAffinity, ImagePullPolicy, type ResourceOptions } from '../../src/index';
import { COMPONENT_CASES, DIGEST } from './component-cases';
import { KINDS, makeKind } from './kinds';
import { everyPropReachesTheManifest } from './prop-cases';

describe.each(KINDS)('%s', (kind) => {
  everyPropReachesTheManifest(COMPONENT_CASES, (props) => makeKind(kind, props));

  it('is named after its stack and kind, and found by exactly three labels', () => {
    const { workload, service, construct } = makeKind(kind);
    const labels = {
      'app.kubernetes.io/name': 'thanos',
      'app.kubernetes.io/instance': 'thanos',
      'app.kubernetes.io/component': kind,
    };
    expect(workload.metadata).toEqual({ name: `thanos-${kind}`, namespace: 'monitoring', labels });
    expect(workload.spec.selector).toEqual({ matchLabels: labels });
    expect(service.spec.selector).toEqual(labels);
    expect(construct.httpAddress).toBe(`thanos-${kind}.monitoring.svc.cluster.local:10902`);
  });

  it('empty lists and maps are left out', () => {
    const empty = makeKind(kind, {
      tolerations: [],
      topologySpread: [],
      nodeSelector: {},
      envFrom: [],
      env: [],
      volumes: [],
      volumeMounts: [],
      initContainers: [],
      sidecars: [],
      podLabels: {},
      podAnnotations: {},
      annotations: {},
      serviceAnnotations: {},
      service: { annotations: {}, loadBalancerSourceRanges: undefined },
      hostAliases: [],
      dns: { nameservers: [], searches: [], options: [] },
      extraArgs: [],
      image: { pullSecrets: [] },
    });
    expect(empty.objects).toEqual(makeKind(kind).objects);
  });
});

it('a digest alone stands without a tag', () => {
  expect(makeKind('query', { image: { digest: DIGEST } }).container.image).toBe(`quay.io/thanos/thanos@${DIGEST}`);
});

describe('resources, amount by amount', () => {
  const resources = (given: ResourceOptions) => makeKind('query', { resources: given }).container.resources;
  const requests = { cpu: '25m', memory: '128Mi', 'ephemeral-storage': '64Mi' };

  it.each<[string, ResourceOptions, object]>([
    ['nothing', {}, { requests }],
    ['empty requests and limits', { requests: {}, limits: {} }, { requests }],
    ['a limit', { limits: { memory: Size.gibibytes(1) } }, { requests, limits: { memory: '1Gi' } }],
    ['a request', { requests: { cpu: '2' } }, { requests: { ...requests, cpu: '2' } }],
    [
      'limits below what is measured',
      { limits: { cpu: '0.01', memory: Size.mebibytes(64), ephemeralStorage: Size.mebibytes(32) } },
      {
        requests: { cpu: '0.01', memory: '64Mi', 'ephemeral-storage': '32Mi' },
        limits: { cpu: '0.01', memory: '64Mi', 'ephemeral-storage': '32Mi' },
      },
    ],
  ])('%s', (_, given, expected) => {
    expect(resources(given)).toEqual(expected);
  });
});

it('the init container that proves the bucket has the limits of the pod, and its own small requests', () => {
  const { pod } = makeKind('store', {
    image: { pullPolicy: ImagePullPolicy.ALWAYS },
    resources: { limits: { memory: Size.gibibytes(4) } },
    preflightInit: true,
  } as object);
  expect(pod.initContainers[0]).toMatchObject({
    imagePullPolicy: 'Always',
    resources: {
      requests: { cpu: '10m', memory: '64Mi', 'ephemeral-storage': '64Mi' },
      limits: { memory: '4Gi' },
    },
  });
});

it('without a pull policy none is written', () => {
  expect(makeKind('query').container).not.toHaveProperty('imagePullPolicy');
});

it('with antiAffinity NONE there is no affinity', () => {
  expect(makeKind('query', { antiAffinity: AntiAffinity.NONE }).pod).not.toHaveProperty('affinity');
});

it('a disruption budget is left out where it is not wanted, or where one pod is all there is', () => {
  expect(makeKind('query', { disruptionBudget: { enabled: false } }).budgets).toEqual([]);
  expect(makeKind('compactor').budgets).toEqual([]);
  expect(makeKind('query').budgets).toHaveLength(1);
});

it('OpenShift chooses user, group and fsGroup when asked, and the pod stays non-root', () => {
  expect(makeKind('store', { security: { openShift: true } }).pod.securityContext).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
});

it('the checksum that rolls the pods can not be annotated away', () => {
  const { template } = makeKind('store', { podAnnotations: { 'checksum/objstore': 'mine' } });
  expect(template.metadata.annotations['checksum/objstore']).toMatch(/^[0-9a-f]{64}$/);
});

it.each(['receiver', 'compactor', 'store', 'ruler'])(
  'the two Services of a %s have one selector and different labels: a ServiceMonitor can take one of them',
  (kind) => {
    const { service, construct } = makeKind(kind);
    const headless = construct.headlessService!.toJson();
    expect(headless.spec.selector).toEqual(service.spec.selector);
    expect(headless.metadata.labels).toEqual({ ...service.metadata.labels, 'thanos.io/service': 'headless' });
  },
);
