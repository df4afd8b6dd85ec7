import { Duration, Size } from 'cdk8s';
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
    [{ affinity: 'a' }, 'affinity: is a text, not an object with fields'],
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
    [
      'a host alias',
      { hostAliases: [{ ip: 'minio', hostnames: ['a'] }] },
      'hostAliases: [0]: ip: "minio" is not an IP',
    ],
    ['an alias without names', { hostAliases: [{ ip: '::1' }] }, 'hostAliases: [0]: hostnames: is missing. Give its'],
    ['a name server', { dns: { nameservers: ['dns'] } }, 'dns: nameservers: [0]: "dns" is not an IP address'],
    [
      'four name servers',
      { dns: { nameservers: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] } },
      'dns: nameservers: has 4; Kubernetes takes 3 at most',
    ],
    ['no name server', { dns: { policy: 'None' } }, 'dns: nameservers: is empty, but policy None asks no other server'],
    ['a lifecycle', { lifecycle: { preStop: 'sleep' } }, 'lifecycle: preStop: is "sleep", not an object'],
    ['a Service type', { service: { type: 'Extern' } }, 'service: type: "Extern" is not one of ClusterIP, NodePort'],
    [
      'a balancer without its type',
      { service: { loadBalancerIp: '10.0.0.1' } },
      'service: loadBalancerIp: has no effect with type ClusterIP; give type LoadBalancer, or drop it',
    ],
    [
      'node ports without their type',
      { service: { nodePorts: { http: 30000 } } },
      'service: nodePorts: has no effect with type ClusterIP; give NodePort or LoadBalancer, or drop it',
    ],
    [
      'a network',
      { service: { loadBalancerSourceRanges: ['10.0.0.0/33'] } },
      'service: loadBalancerSourceRanges: [0]: "10.0.0.0/33" is not a network, such as',
    ],
    [
      'one port twice',
      { service: { type: 'NodePort', nodePorts: { http: 30000, grpc: 30000 } } },
      'service: nodePorts: 30000 is given twice',
    ],
    [
      'a port that it lacks',
      { service: { type: 'NodePort', nodePorts: { remoteWrite: 30000 } } },
      'service: nodePorts: remoteWrite: the Service has no such port; it has http, grpc',
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
      { sidecars: [{ name: 's', image: 's:1', volumeMounts: [{ name: 'extra', mountPath: '/extra' }] }] },
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
    ['a key of a taint', { tolerations: [{ key: 'a b' }] }, 'tolerations: [0]: key: "a b" is not a key'],
    [
      'a value of a taint',
      { tolerations: [{ key: 'a', value: 'b c' }] },
      'tolerations: [0]: value: "b c" is not the value',
    ],
    ['a key of a label', { podLabels: { 'a b': 'c' } }, 'podLabels: "a b" is not a key'],
    ['a key of a label with two slashes', { podLabels: { 'a/b/c': 'd' } }, 'podLabels: "a/b/c" is not a key'],
    ['a key of an annotation', { annotations: { 'a_b/c': 'd' } }, 'annotations: "a_b/c" is not a key'],
    ['too many annotations', { podAnnotations: { a: 'x'.repeat(2 ** 18) } }, 'podAnnotations: has 262145 bytes'],
    ['a variable', { env: [{ name: '1A', value: 'b' }] }, 'env: [0]: name: "1A" is not the name of a variable'],
    [
      'a field',
      { env: [{ name: 'A', fieldPath: 'spec.hostname' }] },
      'env: [0]: fieldPath: "spec.hostname" is not a field',
    ],
    ['a prefix', { envFrom: [{ secretName: 'a', prefix: '1' }] }, 'envFrom: [0]: prefix: "1" is not the name'],
    [
      'a path',
      { volumeMounts: [{ name: 'a', mountPath: 'b' }] },
      'volumeMounts: [0]: mountPath: "b" is not a path in the',
    ],
    [
      'a path above',
      { volumeMounts: [{ name: 'a', mountPath: '/b', subPath: '../c' }] },
      'volumeMounts: [0]: subPath: "../c"',
    ],
    ['a volume without a name', { volumes: [{ emptyDir: {} }] }, 'volumes: [0]: name: is missing'],
    ['a name of a volume', { volumes: [{ name: 'A' }] }, 'volumes: [0]: name: "A" is not a DNS label'],
    ['a sidecar without an image', { sidecars: [{ name: 'a' }] }, 'sidecars: [0]: image: is missing'],
    [
      'mounts of a sidecar',
      { sidecars: [{ name: 'a', image: 'b', volumeMounts: {} }] },
      'sidecars: [0]: volumeMounts: is an object',
    ],
    [
      'a mount of nothing',
      { sidecars: [{ name: 'a', image: 'b', volumeMounts: [null] }] },
      'sidecars: [0]: volumeMounts: [0]: is null, not an',
    ],
    [
      'a field of affinity',
      { affinity: { podAfinity: {} } },
      'affinity: has no field "podAfinity"; did you mean "podAffinity"',
    ],
    [
      'a spread twice',
      { topologySpread: [{ topologyKey: 'zone' }, { topologyKey: 'zone' }] },
      'topologySpread: "zone" appears twice',
    ],
    ['too many pods', { replicas: 2 ** 31 }, 'replicas: is 2147483648; Kubernetes takes 2147483647 at most'],
    [
      'a long wait',
      { probes: { liveness: { period: Duration.days(30000) } } },
      'probes: liveness: period: is 2592000000; Kub',
    ],
    ['an id', { security: { fsGroup: 2 ** 31 } }, 'security: fsGroup: is 2147483648; Kubernetes takes'],
    [
      'a tag in the name',
      { image: { repository: 'thanos:v1' } },
      'image: repository: "thanos:v1" is not an image name',
    ],
    ['a Map', { resources: new Map() }, 'resources: is a Map, not an object with fields. Give Object.fromEntries(it)'],
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
  const sidecar = { name: 's', image: 's:1', volumeMounts: [{ name: 'data', mountPath: '/d' }] };
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

it.each(KINDS.filter((kind) => !/^query|router/.test(kind)))(
  'the init container of %s has the requests of the Job',
  (kind) => {
    const { pod } = makeKind(kind, { preflightInit: true } as object);
    expect(pod.initContainers[0].resources).toEqual({
      requests: { cpu: '10m', memory: '64Mi', 'ephemeral-storage': '64Mi' },
    });
  },
);
