import { Duration, Size } from 'cdk8s';
import {
  AntiAffinity,
  DnsPolicy,
  ExternalTraffic,
  ServiceType,
  Tracing,
  type ComponentOptions,
  HttpConfig,
  type HttpPartOptions,
  ImagePullPolicy,
  LogFormat,
  LogLevel,
  type ComponentPlacementProps,
  type ThanosComponent,
  TlsCertificate,
} from '../../src/index';
import { find, type Json } from '../render';
import type { PropCases } from './prop-cases';

/** A digest of no image. */
export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const AFFINITY = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } } };

type All = ComponentOptions & HttpPartOptions & ComponentPlacementProps;

/** What every component can be told, and what each must do to the manifest. */
export const COMPONENT_CASES: PropCases<All, ThanosComponent> = {
  image: {
    value: {
      repository: 'registry.example.com:5000/thanos',
      tag: 'v0.42.5',
      digest: DIGEST,
      pullPolicy: ImagePullPolicy.ALWAYS,
      pullSecrets: ['pull'],
    },
    reaches: ({ pod, container }) => {
      expect(container.image).toBe(`registry.example.com:5000/thanos:v0.42.5@${DIGEST}`);
      expect(container.imagePullPolicy).toBe('Always');
      expect(pod.imagePullSecrets).toEqual([{ name: 'pull' }]);
    },
  },
  logLevel: { value: LogLevel.WARN, reaches: (made) => expect(made.flag('--log.level')).toEqual(['warn']) },
  logFormat: { value: LogFormat.JSON, reaches: (made) => expect(made.flag('--log.format')).toEqual(['json']) },
  resources: {
    value: {
      requests: { cpu: '1.5', memory: Size.gibibytes(1), ephemeralStorage: Size.mebibytes(10) },
      limits: { memory: Size.gibibytes(2) },
    },
    reaches: ({ container }) =>
      expect(container.resources).toEqual({
        requests: { cpu: '1.5', memory: '1Gi', 'ephemeral-storage': '10Mi' },
        limits: { memory: '2Gi' },
      }),
  },
  probes: {
    value: {
      liveness: { failureThreshold: 9, period: Duration.seconds(7) },
      readiness: { timeout: Duration.seconds(3) },
      startup: { initialDelay: Duration.seconds(0) },
    },
    reaches: ({ container }) => {
      expect(container.livenessProbe).toMatchObject({ failureThreshold: 9, periodSeconds: 7 });
      expect(container.readinessProbe).toMatchObject({ timeoutSeconds: 3, periodSeconds: 5 });
      expect(container.startupProbe).toEqual({
        httpGet: expect.objectContaining({ path: '/-/healthy', port: 'http' }),
        initialDelaySeconds: 0,
        periodSeconds: 5,
        failureThreshold: 60,
      });
    },
  },
  security: {
    value: { user: 1001, group: 1002, fsGroup: 1003 },
    reaches: ({ pod }) =>
      expect(pod.securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 1001,
        runAsGroup: 1002,
        fsGroup: 1003,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      }),
  },
  terminationGracePeriod: {
    value: Duration.minutes(20),
    reaches: ({ pod }) => expect(pod.terminationGracePeriodSeconds).toBe(1200),
  },
  serviceAccountName: {
    value: 'thanos',
    reaches: ({ pod }) => {
      expect(pod.serviceAccountName).toBe('thanos');
      expect(pod.automountServiceAccountToken).toBe(false);
    },
  },
  disruptionBudget: {
    value: { enabled: true, maxUnavailable: 2 },
    reaches: (made) => {
      const budget = find(made.objects, 'PodDisruptionBudget', made.construct.workloadName);
      expect(budget.spec.maxUnavailable).toBe(2);
      expect(budget.spec.selector.matchLabels).toEqual(made.construct.selector);
    },
  },
  antiAffinity: {
    value: AntiAffinity.REQUIRED,
    overruledBy: 'affinity',
    reaches: ({ pod, construct }) =>
      expect(pod.affinity).toEqual({
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: construct.selector } },
          ],
        },
      }),
  },
  topologySpread: {
    value: [{ topologyKey: 'topology.kubernetes.io/zone', maxSkew: 2, required: true }, { topologyKey: 'rack' }],
    reaches: ({ pod, construct }) => {
      const labelSelector = { matchLabels: construct.selector };
      expect(pod.topologySpreadConstraints).toEqual([
        { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 2, whenUnsatisfiable: 'DoNotSchedule', labelSelector },
        { topologyKey: 'rack', maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
      ]);
    },
  },
  nodeSelector: {
    value: { disk: 'ssd' },
    overruledBy: 'zone, which joins it',
    reaches: ({ pod }) => expect(pod.nodeSelector).toEqual({ disk: 'ssd' }),
  },
  tolerations: {
    value: [{ key: 'gpu', operator: 'Equal', value: 'no', effect: 'NoExecute', period: Duration.seconds(30) }],
    reaches: ({ pod }) =>
      expect(pod.tolerations).toEqual([
        { key: 'gpu', operator: 'Equal', value: 'no', effect: 'NoExecute', tolerationSeconds: 30 },
      ]),
  },
  priorityClassName: { value: 'high', reaches: ({ pod }) => expect(pod.priorityClassName).toBe('high') },
  runtimeClassName: { value: 'gvisor', reaches: ({ pod }) => expect(pod.runtimeClassName).toBe('gvisor') },
  hostAliases: {
    value: [{ ip: '10.0.0.7', hostnames: ['s3.minio.example.com', 'minio'] }],
    reaches: ({ pod }) =>
      expect(pod.hostAliases).toEqual([{ ip: '10.0.0.7', hostnames: ['s3.minio.example.com', 'minio'] }]),
  },
  dns: {
    value: {
      policy: DnsPolicy.NONE,
      nameservers: ['10.0.0.53'],
      searches: ['example.com'],
      options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
    },
    reaches: ({ pod }) => {
      expect(pod.dnsPolicy).toBe('None');
      expect(pod.dnsConfig).toEqual({
        nameservers: ['10.0.0.53'],
        searches: ['example.com'],
        options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
      });
    },
  },
  tracing: {
    value: Tracing.fromSecretName('traces', { key: 'otlp.yml', revision: '1' }),
    reaches: (made) => {
      expect(made.flag('--tracing.config-file')).toEqual(['/etc/thanos/tracing/otlp.yml']);
      expect(made.pod.volumes).toContainEqual({
        name: 'tracing',
        secret: { secretName: 'traces', items: [{ key: 'otlp.yml', path: 'otlp.yml' }], defaultMode: 0o440 },
      });
      expect(made.container.volumeMounts).toContainEqual({
        name: 'tracing',
        mountPath: '/etc/thanos/tracing',
        readOnly: true,
      });
      expect(made.template.metadata.annotations).toHaveProperty(['checksum/tracing']);
    },
  },
  httpConfig: {
    value: HttpConfig.fromSecretName('web', {
      key: 'config.yml',
      tls: {
        certificate: TlsCertificate.fromSecretName('http', { certificateKey: 'c.pem', privateKeyKey: 'k.pem' }),
      },
    }),
    reaches: (made) => {
      expect(made.flag('--http.config')).toEqual(['/etc/thanos/http-config/config.yml']);
      const file = [{ key: 'config.yml', path: 'config.yml' }];
      const pair = [
        { key: 'c.pem', path: 'tls.crt' },
        { key: 'k.pem', path: 'tls.key' },
      ];
      expect(made.pod.volumes).toEqual(
        expect.arrayContaining([
          { name: 'http-config', secret: { secretName: 'web', defaultMode: 0o440, items: file } },
          { name: 'http-tls', secret: { secretName: 'http', defaultMode: 0o440, items: pair } },
        ]),
      );
      expect(made.container.volumeMounts).toEqual(
        expect.arrayContaining([
          { name: 'http-config', mountPath: '/etc/thanos/http-config', readOnly: true },
          { name: 'http-tls', mountPath: '/etc/thanos/http-tls', readOnly: true },
        ]),
      );
      for (const probe of ['livenessProbe', 'readinessProbe'])
        expect(made.container[probe].httpGet).toMatchObject({ port: 'http', scheme: 'HTTPS' });
    },
  },
  lifecycle: {
    value: { preStop: { sleep: { seconds: 5 } } },
    reaches: ({ container }) => expect(container.lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } }),
  },
  affinity: { value: AFFINITY, reaches: ({ pod }) => expect(pod.affinity).toEqual(AFFINITY) },
  extraArgs: {
    value: ['--enable-auto-gomemlimit', '--http-grace-period=1m'],
    reaches: ({ args }) => expect(args.slice(-2)).toEqual(['--enable-auto-gomemlimit', '--http-grace-period=1m']),
  },
  env: {
    value: [
      { name: 'A', value: 'b' },
      { name: 'S', secretName: 'tls', key: 'x' },
      { name: 'C', configMapName: 'map', key: 'y' },
      { name: 'IP', fieldPath: 'status.podIP' },
    ],
    reaches: ({ container }) =>
      expect(container.env.slice(-4)).toEqual([
        { name: 'A', value: 'b' },
        { name: 'S', valueFrom: { secretKeyRef: { name: 'tls', key: 'x' } } },
        { name: 'C', valueFrom: { configMapKeyRef: { name: 'map', key: 'y' } } },
        { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      ]),
  },
  envFrom: {
    value: [{ secretName: 'proxy', prefix: 'P_' }, { configMapName: 'map' }],
    reaches: ({ container }) =>
      expect(container.envFrom).toEqual([
        { prefix: 'P_', secretRef: { name: 'proxy' } },
        { configMapRef: { name: 'map' } },
      ]),
  },
  volumes: {
    value: [{ name: 'extra', configMap: { name: 'extra' } }],
    reaches: ({ pod }) => expect(pod.volumes).toContainEqual({ name: 'extra', configMap: { name: 'extra' } }),
  },
  volumeMounts: {
    value: [{ name: 'extra', mountPath: '/extra', subPath: 'a', readOnly: true }],
    beside: { volumes: [{ name: 'extra', emptyDir: {} }] },
    reaches: ({ container }) =>
      expect(container.volumeMounts).toContainEqual({
        name: 'extra',
        mountPath: '/extra',
        subPath: 'a',
        readOnly: true,
      }),
  },
  initContainers: {
    value: [{ name: 'init', image: 'init:1' }],
    reaches: ({ pod }) => expect(names(pod.initContainers)).toEqual(['init']),
  },
  sidecars: {
    value: [{ name: 'side', image: 'side:1' }],
    reaches: ({ pod, construct }) =>
      expect(names(pod.containers)).toEqual([construct.selector['app.kubernetes.io/component'], 'side']),
  },
  podLabels: {
    value: { team: 'a' },
    reaches: ({ template, construct }) =>
      expect(template.metadata.labels).toEqual({ team: 'a', ...construct.selector }),
  },
  podAnnotations: {
    value: { 'example.com/a': 'b' },
    reaches: ({ template }) => expect(template.metadata.annotations).toMatchObject({ 'example.com/a': 'b' }),
  },
  annotations: {
    value: { 'argocd.argoproj.io/sync-wave': '2' },
    reaches: ({ workload, template }) => {
      expect(workload.metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '2' });
      expect(template.metadata.annotations ?? {}).not.toHaveProperty('argocd.argoproj.io/sync-wave');
    },
  },
  serviceAnnotations: {
    value: { 'prometheus.io/scrape': 'true' },
    reaches: (made) => {
      const services = made.objects.filter((o) => o.kind === 'Service');
      for (const { metadata } of services)
        expect(metadata.annotations).toMatchObject({ 'prometheus.io/scrape': 'true' });
    },
  },
  service: {
    value: {
      type: ServiceType.LOAD_BALANCER,
      annotations: { 'example.com/internal': 'true' },
      loadBalancerClass: 'example.com/lb',
      loadBalancerIp: '10.0.0.8',
      loadBalancerSourceRanges: ['10.0.0.0/8', 'fd00::/8'],
      externalTraffic: ExternalTraffic.LOCAL,
      nodePorts: { http: 30902 },
    },
    reaches: (made) => {
      const { metadata, spec } = find(made.objects, 'Service', made.construct.service.name);
      expect(metadata.annotations).toMatchObject({ 'example.com/internal': 'true' });
      expect(spec).toMatchObject({
        type: 'LoadBalancer',
        loadBalancerClass: 'example.com/lb',
        loadBalancerIP: '10.0.0.8',
        loadBalancerSourceRanges: ['10.0.0.0/8', 'fd00::/8'],
        externalTrafficPolicy: 'Local',
      });
      expect(spec.ports.map((port: Json) => port.nodePort).filter(Boolean)).toEqual([30902]);
      const headless = made.objects.filter((o) => o.kind === 'Service' && o.spec.clusterIP === 'None');
      for (const { spec, metadata } of headless) {
        expect(spec).not.toHaveProperty('type');
        expect(metadata.annotations ?? {}).not.toHaveProperty(['example.com/internal']);
      }
    },
  },
  serviceAccount: {
    value: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/r' }, labels: { a: 'b' } },
    reaches: (made) => {
      const account = find(made.objects, 'ServiceAccount');
      expect(made.pod.serviceAccountName).toBe(account.metadata.name);
      expect(account.metadata.annotations).toEqual({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/r' });
      expect(account.metadata.labels).toEqual({ a: 'b', ...made.construct.selector });
      expect(account.automountServiceAccountToken).toBe(false);
      expect(made.pod.automountServiceAccountToken).toBe(false);
    },
  },
  instance: {
    value: 'eu',
    reaches: (made) => {
      expect(made.workload.metadata.name).toMatch(/^eu-/);
      expect(made.workload.spec.selector.matchLabels['app.kubernetes.io/instance']).toBe('eu');
    },
  },
  shard: {
    value: 'a',
    reaches: (made) => {
      expect(made.workload.metadata.name).toMatch(/-a$/);
      expect(made.construct.selector).toHaveProperty(['thanos.io/shard'], 'a');
      expect(made.template.metadata.labels).toMatchObject(made.construct.selector);
    },
  },
  zone: {
    value: 'eu-1a',
    reaches: (made) => {
      expect(made.workload.metadata.name).toMatch(/-eu-1a(-a)?$/);
      expect(made.construct.selector).toHaveProperty(['thanos.io/zone'], 'eu-1a');
      expect(made.pod.nodeSelector).toHaveProperty(['topology.kubernetes.io/zone'], 'eu-1a');
    },
  },
  recommendResources: {
    value: true,
    reaches: ({ objects, workload: { kind, metadata } }) => {
      const [{ spec }] = objects.filter((one) => one.kind === 'VerticalPodAutoscaler');
      expect(spec).toEqual({
        targetRef: { apiVersion: 'apps/v1', kind, name: metadata.name },
        updatePolicy: { updateMode: 'Off' },
      });
    },
  },
  namespace: {
    value: 'obs',
    reaches: (made) => expect(new Set(made.objects.map((o) => o.metadata.namespace))).toEqual(new Set(['obs'])),
  },
  clusterDomain: {
    value: 'k8s.example.com',
    reaches: (made) => expect(made.construct.httpAddress).toContain('.svc.k8s.example.com:10902'),
  },
};

function names(containers: Json[]): string[] {
  return containers.map((c) => c.name);
}
