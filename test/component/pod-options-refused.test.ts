import { Size } from 'cdk8s';
import { Preflight } from '../../src/index';
import { chart } from '../render';
import { KINDS, makeKind } from './kinds';
import { bucket } from './made';

/** Options as plain JavaScript may hand them over. */
const failing = (options: object) => () => makeKind('query', options);

describe('wrong shapes name the prop', () => {
  it.each<[object, string]>([
    [{ env: { A: 'b' } }, 'env: is an object, not a list'],
    [{ tolerations: {} }, 'tolerations: is an object, not a list'],
    [{ image: { pullSecrets: 'x' } }, 'image: pullSecrets: is "x", not a list'],
    [{ extraArgs: '--a' }, 'extraArgs: is "--a", not a list'],
    [{ affinity: 'a' }, 'affinity: is "a", not an object'],
    [{ volumes: {} }, 'volumes: is an object, not a list'],
    [{ probes: 3 }, 'probes: is 3, not an object with fields'],
    [{ podLabels: ['a'] }, 'podLabels: is a list, not an object'],
  ])('%j', (options, message) => {
    expect(failing(options)).toThrow(`cdk8s-thanos: test/Component: ${message}`);
  });
});

describe('what the API server refuses is refused at once', () => {
  const requests = { cpu: '2', memory: Size.gibibytes(2) };
  it.each<[string, object, string]>([
    ['an annotation that is no text', { podAnnotations: { a: true } }, 'podAnnotations: "a": is a boolean; Kubernetes'],
    [
      'an annotation of a Service',
      { serviceAnnotations: { a: 1 } },
      'serviceAnnotations: "a": is a number; Kubernetes',
    ],
    ['a label', { podLabels: { a: 'b c' } }, 'podLabels: "a": "b c" is not the value of a label'],
    ['a variable that is a number', { env: [{ name: 'A', value: 12345 }] }, 'env: [0]: value: is a number; Kubernetes'],
    [
      'a variable twice',
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
      'env: A appears twice; give it once',
    ],
    [
      'a mount without its volume',
      { volumeMounts: [{ name: 'extra', mountPath: '/extra' }] },
      'props: volumeMounts: query mounts "extra", but the pod has no such volume; add it to volumes',
    ],
    [
      'a mount of a sidecar without its volume',
      { sidecars: [{ name: 's', volumeMounts: [{ name: 'extra', mountPath: '/extra' }] }] },
      'props: sidecars: s mounts "extra", but the pod has no such volume',
    ],
    [
      'CPU over its limit',
      { resources: { requests, limits: { cpu: '1500m' } } },
      'resources: requests: cpu: is 2, over the limit of 1500m',
    ],
    [
      'memory over its limit',
      { resources: { requests, limits: { memory: Size.mebibytes(2047) } } },
      'resources: requests: memory: is 2Gi, over the limit of 2047Mi',
    ],
    ['an operator', { tolerations: [{ operator: 'exists' }] }, 'tolerations: [0]: operator: "exists" is not one of'],
    ['an effect', { tolerations: [{ key: 'a', effect: 'NoRun' }] }, 'tolerations: [0]: effect: "NoRun" is not one of'],
    [
      'a value beside Exists',
      { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
      'tolerations: [0]: value: has no effect with operator Exists',
    ],
    ['a toleration of nothing', { tolerations: [{}] }, 'tolerations: [0]: key: is missing; give the key of the taint'],
    [
      'ids beside openShift',
      { security: { openShift: true, fsGroup: 5 } },
      'security: fsGroup: has no effect with openShift',
    ],
  ])('%s', (_, options, message) => {
    expect(failing(options)).toThrow(`cdk8s-thanos: test/Component: ${message}`);
  });

  it('requests up to the limits are taken', () => {
    expect(failing({ resources: { requests, limits: { cpu: '2000m', memory: Size.mebibytes(2048) } } })).not.toThrow();
  });

  it('the value of a variable is never shown', () => {
    expect(failing({ env: [{ name: 'A', value: 12345 }] })).not.toThrow(/12345/);
  });
});

it('a volume of a claim may be mounted by a sidecar', () => {
  const sidecar = { name: 's', volumeMounts: [{ name: 'data', mountPath: '/d' }] };
  expect(() => makeKind('receiver', { sidecars: [sidecar] })).not.toThrow();
});

describe('a preflight takes only what works', () => {
  it.each(['probes', 'disruptionBudget', 'serviceAnnotations', 'antiAffinity', 'topologySpread', 'logLevl'])(
    'no %s',
    (prop) => {
      const scope = chart();
      expect(() => new Preflight(scope, 'Preflight', { objstore: bucket(scope), [prop]: {} })).toThrow(
        `cdk8s-thanos: test/Preflight: props: has no field "${prop}"`,
      );
    },
  );

  it('no props at all', () => {
    expect(() => new Preflight(chart(), 'Preflight', undefined as never)).toThrow(
      'cdk8s-thanos: test/Preflight: props: is missing, not an object with fields',
    );
  });
});

it.each(KINDS.filter((kind) => !kind.startsWith('query')))(
  'the init container of %s has the requests of the Job',
  (kind) => {
    const { pod } = makeKind(kind, { preflightInit: true } as object);
    expect(pod.initContainers[0].resources).toEqual({ requests: { cpu: '10m', memory: '64Mi' } });
  },
);
