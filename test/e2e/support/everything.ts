import { App, Duration, Size } from 'cdk8s';
import {
  AntiAffinity,
  DnsPolicy,
  ExternalTraffic,
  ImagePullPolicy,
  type ComponentOptions,
  LogFormat,
  LogLevel,
  PrometheusRules,
  ServiceType,
  Tracing,
  ThanosStack,
  type ThanosStackProps,
} from 'cdk8s-thanos';
import { componentsOf, RULES } from './every-component';
import { everyS3Option } from './every-s3-option';

/** What may change in a stack that runs. */
export interface Edition {
  readonly caPem: string;
  /** A second edition differs from the first in all that Kubernetes lets a user change. */
  readonly second?: boolean;
}

/** Names of what the stack expects in the cluster. */
const SERVICE_ACCOUNT = 'thanos';
export const PRIORITY_CLASS = 'thanos-e2e';
export const RUNTIME_CLASS = 'thanos-e2e';

/** Manifests of a stack with every component and every option. Its pods are created, but no node suits them. */
export function everythingManifests(namespace: string, edition: Edition): string {
  const app = new App();
  const stack = new ThanosStack(app, 'everything', everything(namespace, edition));
  new PrometheusRules(stack, 'OperatorRules', {
    groups: RULES,
    name: 'everything-rules',
    instance: 'everything',
    labels: { release: 'monitoring' },
  });
  return app.synthYaml();
}

function everything(namespace: string, edition: Edition): ThanosStackProps {
  const pod = podOptions(edition);
  const { image, logLevel, logFormat, security, nodeSelector, tolerations, priorityClassName } = pod;
  return {
    ...{ name: 'everything', namespace, cluster: 'e2e', clusterDomain: 'cluster.local' },
    externalLabels: edition.second ? { cluster: 'e2e', region: 'yes' } : { cluster: 'e2e' },
    objstore: everyS3Option(edition.caPem),
    ...componentsOf(pod, edition.second ?? false),
    ...{ image, logLevel, logFormat, security, nodeSelector, tolerations, priorityClassName },
  };
}

/** Every option that all components share; the compiler asks for the ones that are added later. */
function podOptions({ second = false }: Edition): Required<ComponentOptions> {
  const n = second ? 2 : 1;
  const probe = { initialDelay: Duration.seconds(n), period: Duration.seconds(10 * n), timeout: Duration.seconds(n) };
  return {
    // its resource is no part of Kubernetes
    recommendResources: false,
    image: { tag: second ? 'v0.42.4-later' : 'v0.42.4', pullPolicy: ImagePullPolicy.NEVER, pullSecrets: ['pull'] },
    logLevel: second ? LogLevel.INFO : LogLevel.DEBUG,
    logFormat: second ? LogFormat.LOGFMT : LogFormat.JSON,
    resources: {
      requests: { cpu: `${10 * n}m`, memory: Size.mebibytes(64 * n), ephemeralStorage: Size.mebibytes(10) },
      limits: { cpu: `${n}`, memory: Size.gibibytes(n) },
    },
    probes: { liveness: probe, readiness: probe, startup: { ...probe, failureThreshold: 30 * n } },
    security: { openShift: false, user: 1000 + n, group: 1000 + n, fsGroup: 1000 + n },
    terminationGracePeriod: Duration.seconds(60 * n),
    serviceAccountName: SERVICE_ACCOUNT,
    serviceAccount: {
      annotations: { 'eks.amazonaws.com/role-arn': `arn:aws:iam::${n}:role/thanos` },
      labels: { a: `${n}` },
    },
    ...network(n),
    disruptionBudget: { enabled: true, maxUnavailable: n },
    ...placement(n),
    ...hatches(n),
  };
}

function placement(n: number) {
  const term = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: { app: 'noisy' } },
    // newer than the 1.28 API that the typed classes know
    mismatchLabelKeys: ['pod-template-hash'],
  };
  return {
    antiAffinity: AntiAffinity.REQUIRED,
    topologySpread: [{ topologyKey: 'topology.kubernetes.io/zone', maxSkew: n, required: false }],
    nodeSelector: { 'thanos-e2e/no-such-node': `${n}` },
    tolerations: [{ key: 'k', operator: 'Equal', value: 'v', effect: 'NoExecute', period: Duration.seconds(10 * n) }],
    priorityClassName: PRIORITY_CLASS,
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
  };
}

function network(n: number) {
  return {
    service: {
      type: ServiceType.LOAD_BALANCER,
      annotations: { 'example.com/internal': `${n}` },
      loadBalancerClass: 'example.com/none',
      loadBalancerIp: `10.0.0.${n}`,
      loadBalancerSourceRanges: [`10.${n}.0.0/16`],
      externalTraffic: n === 1 ? ExternalTraffic.CLUSTER : ExternalTraffic.LOCAL,
      nodePorts: {},
    },
    runtimeClassName: RUNTIME_CLASS,
    hostAliases: [{ ip: `10.0.0.${n}`, hostnames: ['s3.minio.example.com'] }],
    dns: {
      policy: DnsPolicy.NONE,
      nameservers: [`10.0.0.${n}`],
      searches: ['example.com'],
      options: [{ name: 'ndots', value: `${n}` }],
    },
    lifecycle: { preStop: { sleep: { seconds: n } } },
    tracing: Tracing.fromSecretName('tracing', { key: `${n}.yml`, revision: `${n}` }),
  };
}

function hatches(n: number) {
  const image = 'quay.io/thanos/thanos:v0.42.4';
  return {
    extraArgs: [`--tracing.config=${n}`],
    env: [
      { name: 'TEXT', value: `yes ${n}` },
      { name: 'FROM_SECRET', secretName: 'other', key: 'key' },
      { name: 'FROM_CONFIG', configMapName: 'other', key: 'key' },
      { name: 'FROM_FIELD', fieldPath: 'status.podIP' },
    ],
    envFrom: [{ secretName: 'other', prefix: 'S_' }, { configMapName: 'other' }],
    volumes: [{ name: 'extra', emptyDir: { sizeLimit: `${n}Mi` } }],
    volumeMounts: [{ name: 'extra', mountPath: '/extra', subPath: `part-${n}`, readOnly: true }],
    // both newer than the 1.28 API: a native sidecar, and the native sleep
    initContainers: [{ name: 'native-sidecar', image, command: ['sh'], restartPolicy: 'Always' }],
    sidecars: [{ name: 'beside', image, command: ['sh'], lifecycle: { preStop: { sleep: { seconds: n } } } }],
    podLabels: { team: `0${n}` },
    podAnnotations: { note: `a: b # ${n}` },
    annotations: { 'example.com/wave': `${n}` },
    serviceAnnotations: { 'example.com/lb': `${n}` },
  };
}
