/** Kubernetes JSON. */
 
export type Json = any;

/** A pod spec found in an object, and where. */
export interface FoundPodSpec {
  readonly path: string;
  readonly spec: Json;
}

/** A reference from a pod spec to a Secret or ConfigMap. */
export interface Reference {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  /** Field that refers, as a JSON path. */
  readonly path: string;
  /** Set where the reference is a volume: its name. */
  readonly volume?: string;
  /** Set where the reference is a container's env: the container's name. */
  readonly container?: string;
}

/** A volume as a container mounts it. */
export interface Mount {
  readonly container: string;
  readonly volume: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly path: string;
}

/** Lists that make an object's part a pod spec, or something an operator turns into one. */
const POD_LIKE = ['containers', 'volumes', 'volumeMounts', 'secrets', 'configMaps'];
const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'];

/**
 * Every part of an object that is shaped like a pod spec: in workloads of any kind, and in custom resources that pass
 * volumes and containers on to pods (Prometheus, ThanosRuler).
 */
export function podSpecs(object: Json): FoundPodSpec[] {
  const specs: FoundPodSpec[] = [];
  const walk = (node: Json, path: string): void => {
    if (node === null || typeof node !== 'object') return;
    if (!Array.isArray(node) && POD_LIKE.some((key) => Array.isArray(node[key]))) {
      specs.push({ path, spec: node });
      return;
    }
    for (const [key, child] of Object.entries(node))
      walk(child, Array.isArray(node) ? `${path}[${key}]` : join(path, key));
  };
  walk(object?.spec, 'spec');
  return specs;
}

/** All references of a pod spec to Secrets and ConfigMaps, by volume, projection, env and envFrom. */
export function references({ path, spec }: FoundPodSpec): Reference[] {
  return [
    ...volumeReferences(path, spec),
    ...containers(path, spec).flatMap(envReferences),
    ...operatorReferences(path, spec),
  ];
}

/** All mounts of a pod spec's containers. */
export function mounts({ path, spec }: FoundPodSpec): Mount[] {
  return containers(path, spec).flatMap(({ container, at }) =>
    list(container.volumeMounts).map((m, i) => ({
      container: String(container.name),
      volume: m.name,
      mountPath: m.mountPath,
      subPath: m.subPath ?? m.subPathExpr,
      path: `${at}.volumeMounts[${i}]`,
    })),
  );
}

/** The containers of a pod spec, init and ephemeral ones included. */
export function containers(path: string, spec: Json): { container: Json; at: string }[] {
  return CONTAINER_LISTS.flatMap((key) =>
    list(spec[key]).map((container, i) => ({ container, at: join(path, `${key}[${i}]`) })),
  );
}

function volumeReferences(path: string, spec: Json): Reference[] {
  return list(spec.volumes).flatMap((volume, i) => {
    const at = join(path, `volumes[${i}]`);
    const own = sourceReferences(volume, at, 'secretName');
    const projected = list(volume.projected?.sources).flatMap((source, j) =>
      sourceReferences(source, `${at}.projected.sources[${j}]`, 'name'),
    );
    const csi = volume.csi?.nodePublishSecretRef?.name;
    const driver = csi ? [{ kind: 'Secret' as const, name: csi, path: `${at}.csi.nodePublishSecretRef` }] : [];
    return [...own, ...projected, ...driver].map((r) => ({ ...r, volume: String(volume.name) }));
  });
}

function sourceReferences(source: Json, at: string, secretField: string): Reference[] {
  const refs: Reference[] = [];
  if (source?.secret?.[secretField])
    refs.push({ kind: 'Secret', name: source.secret[secretField], path: `${at}.secret` });
  if (source?.configMap?.name) refs.push({ kind: 'ConfigMap', name: source.configMap.name, path: `${at}.configMap` });
  return refs;
}

function envReferences({ container, at }: { container: Json; at: string }): Reference[] {
  const named = (kind: 'Secret' | 'ConfigMap', name: string | undefined, path: string): Reference[] =>
    name ? [{ kind, name, path, container: String(container.name) }] : [];
  return [
    ...list(container.env).flatMap((e, i) => [
      ...named('Secret', e.valueFrom?.secretKeyRef?.name, `${at}.env[${i}].valueFrom.secretKeyRef`),
      ...named('ConfigMap', e.valueFrom?.configMapKeyRef?.name, `${at}.env[${i}].valueFrom.configMapKeyRef`),
    ]),
    ...list(container.envFrom).flatMap((e, i) => [
      ...named('Secret', e.secretRef?.name, `${at}.envFrom[${i}].secretRef`),
      ...named('ConfigMap', e.configMapRef?.name, `${at}.envFrom[${i}].configMapRef`),
    ]),
  ];
}

/** The Prometheus operator mounts what `secrets` and `configMaps` of its resources name. */
function operatorReferences(path: string, spec: Json): Reference[] {
  const named = (kind: 'Secret' | 'ConfigMap', key: string): Reference[] =>
    list(spec[key]).flatMap((name, i) =>
      typeof name === 'string' ? [{ kind, name, path: join(path, `${key}[${i}]`) }] : [],
    );
  const bucket = spec.objectStorageConfig ?? spec.thanos?.objectStorageConfig;
  const objstore = bucket?.name
    ? [{ kind: 'Secret' as const, name: bucket.name, path: join(path, 'objectStorageConfig') }]
    : [];
  return [...named('Secret', 'secrets'), ...named('ConfigMap', 'configMaps'), ...objstore];
}

function list(value: Json): Json[] {
  return Array.isArray(value) ? value.filter((v) => v !== null && v !== undefined) : [];
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
