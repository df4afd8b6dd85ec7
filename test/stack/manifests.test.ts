import { LogLevel, S3Credentials, type ThanosStackProps } from '../../src/index';
import type { Json } from '../render';
import { podsOf, restrictedViolations, walk } from './pods';
import { objects, OBJSTORE } from './stacks';

/** Stacks of different shape; every rule of this file holds in each. */
const SHAPES: [string, Partial<ThanosStackProps>][] = [
  ['every component with its defaults', {}],
  [
    'the preflights and alerts too',
    { preflight: {}, preflightInit: true, certificateAlerts: {}, createNamespace: true },
  ],
  [
    'no CA and no keys',
    { objstore: { ...OBJSTORE, ca: undefined, credentials: S3Credentials.anonymous() }, certificateAlerts: undefined },
  ],
  [
    'preflights without CA and keys',
    {
      objstore: { ...OBJSTORE, ca: undefined, credentials: S3Credentials.anonymous() },
      preflight: {},
      preflightInit: true,
    },
  ],
  ['OpenShift', { security: { openShift: true }, logLevel: LogLevel.DEBUG }],
  [
    'an ephemeral store and a ruler with rules',
    {
      storeGateway: { storage: { ephemeral: true } },
      ruler: { rules: [{ name: 'g', rules: [{ record: 'a', expr: '1' }] }] },
    },
  ],
  [
    'one pod of each',
    {
      receiver: { replicas: 1 },
      storeGateway: { replicas: 1 },
      ruler: { replicas: 1 },
      query: { replicas: 1 },
      queryFrontend: { replicas: 1 },
    },
  ],
];

/** Values that the API server fills in itself: in a manifest they are noise, and GitOps tools report them as drift. */
const API_DEFAULTS: Record<string, unknown[]> = {
  protocol: ['TCP'],
  imagePullPolicy: ['Always', 'IfNotPresent'],
  dnsPolicy: ['ClusterFirst'],
  schedulerName: ['default-scheduler'],
  terminationMessagePath: ['/dev/termination-log'],
  terminationMessagePolicy: ['File'],
  sessionAffinity: ['None'],
  successThreshold: [1],
  timeoutSeconds: [1],
  failureThreshold: [3],
  periodSeconds: [10],
  scheme: ['HTTP'],
  revisionHistoryLimit: [10],
  progressDeadlineSeconds: [600],
  podManagementPolicy: ['OrderedReady'],
  updateStrategy: [{ type: 'RollingUpdate' }],
  strategy: [{ type: 'RollingUpdate' }],
  volumeMode: ['Filesystem'],
  defaultMode: [420],
  minReadySeconds: [0],
  terminationGracePeriodSeconds: [30],
  publishNotReadyAddresses: [false],
  hostNetwork: [false],
  readOnly: [false],
  optional: [false],
  immutable: [false],
};

describe.each(SHAPES)('%s', (_, props) => {
  const all = objects(props);
  const pods = podsOf(all);

  it('says nothing that says nothing: no null, no empty list, no empty map but emptyDir', () => {
    const empty = walk(all).filter(
      ({ path, value }) =>
        value === null || (typeof value === 'object' && Object.keys(value).length === 0 && !path.endsWith('.emptyDir')),
    );
    expect(empty).toEqual([]);
  });

  it('writes no default of the API server', () => {
    const written = walk(all).filter(({ path, value }) =>
      (API_DEFAULTS[path.split('.').at(-1)!] ?? []).some((d) => JSON.stringify(d) === JSON.stringify(value)),
    );
    expect(written).toEqual([]);
    const types = all.filter((o) => o.kind === 'Service').map((o) => o.spec.type);
    expect(types.filter((type) => type !== undefined)).toEqual([]);
  });

  it('every object has a namespace, and a name without a hash', () => {
    for (const { kind, metadata } of all) {
      if (kind === 'Namespace') continue;
      expect(metadata.namespace).toBe('monitoring');
      // a Job can't be changed, so the preflight's name says what it proved
      if (kind !== 'Job') expect(metadata.name).toMatch(/^(thanos|grafana)(-[a-z][a-z0-9]*)*$/);
      if (kind !== 'Job') expect(metadata.name).not.toMatch(/c8[0-9a-f]{6}/);
    }
  });

  it('no two objects are one', () => {
    const keys = all.map((o) => `${o.kind} ${o.metadata.name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('Pod Security "restricted" admits every container', () => {
    expect(pods.length).toBeGreaterThan(7);
    for (const pod of pods) expect([pod.name, restrictedViolations(pod)]).toEqual([pod.name, []]);
  });

  it('no pod gets a token of its service account, and every root file system is read-only', () => {
    for (const { spec, containers } of pods) {
      expect(spec.automountServiceAccountToken).toBe(false);
      for (const container of containers) expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
    }
  });

  it('every mount has its volume, and every volume a mount', () => {
    const claims = new Map<string, string[]>(
      all
        .filter((o) => o.kind === 'StatefulSet')
        .map((o) => [
          `StatefulSet ${o.metadata.name}`,
          (o.spec.volumeClaimTemplates ?? []).map((c: Json) => c.metadata.name),
        ]),
    );
    for (const { name, spec, containers } of pods) {
      const volumes = [...(spec.volumes ?? []).map((v: Json) => v.name), ...(claims.get(name) ?? [])];
      const mounted = containers.flatMap((c) => (c.volumeMounts ?? []).map((m: Json) => m.name));
      expect(new Set(mounted)).toEqual(new Set(volumes));
      expect(new Set(volumes).size).toBe(volumes.length);
    }
  });

  it('every probe asks a port that its container declares', () => {
    for (const { containers } of pods) {
      for (const { ports, livenessProbe, readinessProbe, startupProbe } of containers) {
        const names = (ports ?? []).map((p: Json) => p.name);
        for (const probe of [livenessProbe, readinessProbe, startupProbe].filter(Boolean)) {
          expect(names).toContain(probe.httpGet.port);
        }
      }
    }
  });

  it('every Service finds exactly the pods of one workload, at ports that they declare', () => {
    for (const { metadata, spec } of all.filter((o) => o.kind === 'Service')) {
      const found = pods.filter(({ labels }) =>
        Object.entries(spec.selector).every(([key, value]) => labels[key] === value),
      );
      expect(found.map((p) => p.name.split(' ')[1])).toEqual([metadata.name.replace(/-headless$/, '')]);
      const declared = found[0].containers[0].ports.map((p: Json) => [p.name, p.containerPort]);
      expect(declared).toEqual(spec.ports.map((p: Json) => [p.targetPort, p.port]));
    }
  });

  it('every StatefulSet has the headless Service that it names', () => {
    for (const { spec } of all.filter((o) => o.kind === 'StatefulSet')) {
      const service = all.find((o) => o.kind === 'Service' && o.metadata.name === spec.serviceName);
      expect(service?.spec.clusterIP).toBe('None');
      expect(service?.spec.selector).toEqual(spec.selector.matchLabels);
    }
  });

  it('every Secret and ConfigMap that a pod names is made by the stack, or asked for in the props', () => {
    const made = new Set(all.map((o) => `${o.kind} ${o.metadata.name}`));
    const asked = ['Secret thanos-s3-credentials', 'Secret grafana-admin'];
    for (const { spec } of pods) {
      const named = walk(spec).flatMap(({ path, value }) => {
        if (path.endsWith('.secret')) return [`Secret ${value.secretName}`];
        if (path.endsWith('.configMap')) return [`ConfigMap ${value.name}`];
        return path.endsWith('.secretKeyRef') ? [`Secret ${value.name}`] : [];
      });
      for (const name of named) expect([...made, ...asked]).toContain(name);
    }
  });

  it('every name of a Service in an argument, ring or data source exists, with the port that it asks', () => {
    const services = new Map(all.filter((o) => o.kind === 'Service').map((o) => [o.metadata.name, o.spec.ports]));
    const text = walk(all)
      .filter(({ value }) => typeof value === 'string')
      .map(({ value }) => value)
      .join('\n');
    const names = [...text.matchAll(/(?:_(\w+)\._tcp\.)?([a-z0-9-]+)\.monitoring\.svc\.cluster\.local(?::(\d+))?/g)];
    expect(names.length).toBeGreaterThan(5);
    for (const [, srv, host, port] of names) {
      expect([host, services.has(host)]).toEqual([host, true]);
      const ports: Json[] = services.get(host);
      if (srv) expect(ports.map((p) => p.name)).toContain(srv);
      if (port) expect(ports.map((p) => String(p.port))).toContain(port);
    }
  });
});
