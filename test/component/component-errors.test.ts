import { Duration, Size } from 'cdk8s';
import { makeKind } from './kinds';

/** Options as plain JavaScript may hand them over. */
function failing(options: object, kind = 'query'): () => unknown {
  return () => makeKind(kind, options);
}

it.each<[string, object, string]>([
  ['a misspelt field', { extraArg: [] }, 'props: has no field "extraArg"; did you mean "extraArgs"?'],
  [
    'a field that it has not',
    { colour: 'red' },
    'props: has no field "colour"; it has affinity, annotations, antiAffinity',
  ],
  ['a log level', { logLevel: 'loud' }, 'logLevel: "loud" is not one of debug, info, warn, error'],
  ['a log format', { logFormat: 'xml' }, 'logFormat: "xml" is not one of logfmt, json, journald'],
  [
    'a tag in the repository',
    { image: { repository: 'quay.io/thanos/thanos@sha256' } },
    'image: repository: "quay.io/thanos/thanos@sha256" is not an image name; give the tag in "tag" and the digest in "digest"',
  ],
  ['a tag', { image: { tag: 'v 1' } }, 'image: tag: "v 1" is not a tag'],
  ['a digest', { image: { digest: 'sha256:12' } }, 'image: digest: "sha256:12" is not "sha256:" and 64 hex digits'],
  ['a misspelt image field', { image: { tga: 'v1' } }, 'image: has no field "tga"; did you mean "tag"?'],
  [
    'a CPU amount',
    { resources: { requests: { cpu: '500M' } } },
    'resources: requests: cpu: "500M" is not an amount greater than 0; write "500m" or "2"',
  ],
  ['no CPU', { resources: { limits: { cpu: '0' } } }, 'resources: limits: cpu: "0" is not an amount greater than 0'],
  ['no memory', { resources: { limits: { memory: Size.kibibytes(0) } } }, 'resources: limits: memory: is 0 bytes'],
  [
    'a misspelt resource',
    { resources: { limits: { mem: Size.gibibytes(1) } } },
    'resources: limits: has no field "mem"',
  ],
  [
    'a threshold of no failures',
    { probes: { liveness: { failureThreshold: 0 } } },
    'probes: liveness: failureThreshold: is 0; it must be a whole number of at least 1',
  ],
  [
    'a probe period in fractions',
    { probes: { readiness: { period: Duration.millis(500) } } },
    'probes: readiness: period: is 500 ms; Kubernetes takes whole seconds',
  ],
  ['a misspelt probe', { probes: { live: {} } }, 'probes: has no field "live"'],
  [
    'a misspelt security field',
    { security: { openshift: true } },
    'security: has no field "openshift"; did you mean "openShift"?',
  ],
  [
    'a switch that is a text',
    { security: { openShift: 'false' } },
    'security: openShift: is "false"; it must be true or false',
  ],
  [
    'a user that is not an id',
    { security: { user: -1 } },
    'security: user: is -1; it must be a whole number of at least 1',
  ],
  ['root', { security: { user: 0 } }, 'security: user: is 0, but the pods never run as root'],
  [
    'a budget switch',
    { disruptionBudget: { enabled: 'no' } },
    'disruptionBudget: enabled: is "no"; it must be true or false',
  ],
  ['a switch of a component', { autoDownsampling: 'no' }, 'autoDownsampling: is "no"; it must be true or false'],
  [
    'no time to stop',
    { terminationGracePeriod: Duration.seconds(0) },
    'terminationGracePeriod: is 0 ms; it must be greater than 0',
  ],
  [
    'a budget of no pod',
    { disruptionBudget: { maxUnavailable: 0 } },
    'disruptionBudget: maxUnavailable: is 0; it must be a whole number of at least 1, or no node could be drained',
  ],
  [
    'a misspelt budget field',
    { disruptionBudget: { enable: false } },
    'disruptionBudget: has no field "enable"; did you mean "enabled"?',
  ],
  ['an anti-affinity', { antiAffinity: 'soft' }, 'antiAffinity: "soft" is not one of none, preferred, required'],
  [
    'a spread without a key',
    { topologySpread: [{}] },
    'topologySpread: [0]: topologyKey: is missing. Give a node label such as "topology.kubernetes.io/zone"',
  ],
  [
    'a spread without skew',
    { topologySpread: [{ topologyKey: 'zone', maxSkew: 0 }] },
    'topologySpread: [0]: maxSkew: is 0; it must be a whole number of at least 1',
  ],
  [
    'a misspelt toleration',
    { tolerations: [{ keys: 'a' }] },
    'tolerations: [0]: has no field "keys"; did you mean "key"?',
  ],
  [
    'a misspelt mount field',
    { volumeMounts: [{ name: 'a', mountPath: '/a', readonly: true }] },
    'volumeMounts: [0]: has no field "readonly"; did you mean "readOnly"?',
  ],
  [
    'a variable without a name',
    { env: [{ name: '', value: 'a' }] },
    'env: [0]: name: "" is not the name of a variable',
  ],
  [
    'a variable with two sources',
    { env: [{ name: 'A', value: 'a', secretName: 'b' }] },
    'env: [0]: A needs exactly one of value, secretName, configMapName and fieldPath',
  ],
  [
    'a variable without a key',
    { env: [{ name: 'A', secretName: 'b' }] },
    'env: [0]: A needs the key of the Secret or ConfigMap',
  ],
  ['an envFrom of nothing', { envFrom: [{}] }, 'envFrom: [0]: needs exactly one of secretName and configMapName'],
  ['an instance', { instance: 'My_Stack' }, 'instance: "My_Stack" is not a DNS label'],
  ['a namespace', { namespace: 'a.b' }, 'namespace: "a.b" is not a DNS label'],
  ['a cluster domain', { clusterDomain: 'cluster local' }, 'clusterDomain: "cluster local" is not a DNS domain'],
  ['a negative number of pods', { replicas: -2 }, 'replicas: is -2; it must be a whole number of at least 0'],
])('refuses %s', (_, options, message) => {
  expect(failing(options)).toThrow(`cdk8s-thanos: test/Component: ${message}`);
});

it('counts the characters of a name that is too long for the pods of a StatefulSet', () => {
  const instance = 'a'.repeat(44);
  expect(failing({ instance }, 'receiver')).toThrow(
    `cdk8s-thanos: test/Component: instance: "${instance}-receiver" has 53 characters, 1 over the limit of 52; choose a shorter name`,
  );
  expect(makeKind('receiver', { instance: 'a'.repeat(43) }).workload.metadata.name).toHaveLength(52);
});

it('counts the characters of a name that is too long for a label', () => {
  const instance = 'a'.repeat(59);
  expect(failing({ instance })).toThrow(`"${instance}-query" has 65 characters, 2 over the limit of 63`);
});
