import type { Json } from '../render';

/** A workload's pods: labels and spec of the template. */
export interface Pods {
  /** `Kind name`. */
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly spec: Json;
  readonly containers: Json[];
}

/** The pods of every workload among objects, init containers included. */
export function podsOf(objects: Json[]): Pods[] {
  return objects.filter(hasPods).map((o) => {
    const { metadata, spec } = templateOf(o);
    const containers = [...spec.containers, ...(spec.initContainers ?? [])];
    return { name: `${o.kind} ${o.metadata.name}`, labels: metadata.labels, spec, containers };
  });
}

/** Whether an object is a workload. */
export function hasPods(object: Json): boolean {
  return templateOf(object)?.spec?.containers !== undefined;
}

function templateOf({ spec }: Json): Json | undefined {
  return spec?.template ?? spec?.jobTemplate?.spec?.template;
}

/** Every value of a tree, with its path. */
export function walk(node: Json, path = ''): { path: string; value: Json }[] {
  const children =
    node !== null && typeof node === 'object'
      ? Object.entries(node).flatMap(([key, child]) => walk(child, path === '' ? key : `${path}.${key}`))
      : [];
  return [{ path, value: node }, ...children];
}

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/**
 * What Pod Security "restricted" would refuse, written down from the standard
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
 */
export function restrictedViolations({ spec, containers }: Pods): string[] {
  const pod = spec.securityContext ?? {};
  const host = ['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => spec[field]);
  const volumes = (spec.volumes ?? []).filter((v: Json) => !Object.keys(v).some((key) => VOLUMES.includes(key)));
  return [
    ...host,
    ...volumes.map((v: Json) => `volume ${v.name}`),
    ...(pod.sysctls || pod.seLinuxOptions || pod.windowsOptions ? ['pod options'] : []),
    ...containers.flatMap((container) =>
      containerViolations(container, pod).map((text) => `${container.name}: ${text}`),
    ),
  ];
}

function containerViolations(container: Json, pod: Json): string[] {
  const own = container.securityContext ?? {};
  const profile = own.seccompProfile?.type ?? pod.seccompProfile?.type;
  const drop: string[] = own.capabilities?.drop ?? [];
  const add: string[] = own.capabilities?.add ?? [];
  const rules: [text: string, held: boolean][] = [
    ['privileged', own.privileged !== true],
    ['allowPrivilegeEscalation', own.allowPrivilegeEscalation === false],
    ['capabilities', drop.includes('ALL') && add.every((c) => c === 'NET_BIND_SERVICE')],
    ['runAsNonRoot', (own.runAsNonRoot ?? pod.runAsNonRoot) === true],
    ['runAsUser', (own.runAsUser ?? pod.runAsUser) !== 0],
    ['seccompProfile', profile === 'RuntimeDefault' || profile === 'Localhost'],
    ['procMount', (own.procMount ?? 'Default') === 'Default'],
    ['hostPort', (container.ports ?? []).every((port: Json) => !port.hostPort)],
  ];
  return rules.filter(([, held]) => !held).map(([text]) => text);
}
