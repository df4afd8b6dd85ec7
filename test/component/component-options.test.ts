import { AntiAffinity } from '../../src/index';
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
      extraArgs: [],
      image: { pullSecrets: [] },
    });
    expect(empty.objects).toEqual(makeKind(kind).objects);
  });
});

it('a digest alone stands without a tag', () => {
  expect(makeKind('query', { image: { digest: DIGEST } }).container.image).toBe(`quay.io/thanos/thanos@${DIGEST}`);
});

it('no requests and no limits mean no resources', () => {
  expect(makeKind('query', { resources: {} }).container).not.toHaveProperty('resources');
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
