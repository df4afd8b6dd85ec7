import type { Json } from '../support/json';
import { groupKind } from './group-kind';

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
const READ_AS_LISTS = [...CONTAINER_LISTS, 'volumes'];

/**
 * Every part of an object that is shaped like a pod spec: in workloads of any kind, and in custom resources that pass
 * volumes and containers on to pods (Prometheus, ThanosRuler), however deep.
 */
export function podSpecs(object: Json): FoundPodSpec[] {
  const specs: FoundPodSpec[] = [];
  visit(object, (node, path) => {
    if (POD_LIKE.some((key) => Array.isArray(node[key]))) specs.push({ path, spec: node });
  });
  return specs;
}

/** All references of a pod spec to Secrets and ConfigMaps, by volume, projection, env and envFrom. */
export function references({ path, spec }: FoundPodSpec): Reference[] {
  return [...volumeReferences(path, spec), ...containers(path, spec).flatMap(envReferences)];
}

/**
 * References that stand in no volume and no container: what a custom resource names for its operator to mount or read, as
 * `secrets`, `objectStorageConfig` or `tlsConfig.ca.secret` of the Prometheus operator's kinds, `existingSecret` of many,
 * `valuesFrom` of Flux' HelmRelease.
 */
export function strayReferences(object: Json): Reference[] {
  const refs: Reference[] = [];
  const selects = groupKind(object ?? {}).startsWith('monitoring.coreos.com/');
  const add = (kind: 'Secret' | 'ConfigMap', name: Json, path: string): void => {
    if (typeof name === 'string' && name !== '') refs.push({ kind, name, path });
  };
  visit(object, (node, path) => {
    for (const [key, child] of Object.entries<Json>(node)) {
      const at = join(path, key);
      if (/^(configMap|configMapKeyRef|configMapRef)$/.test(key)) add('ConfigMap', child?.name, at);
      else if (SECRETS.test(key) || (selects && isSelector(child))) add('Secret', child?.name, at);
      if (/^(secretName|existingSecret)$/.test(key) && !isTarget(object, path)) add('Secret', child, at);
      if (key === 'valuesFrom') list(child).forEach((from, i) => add(from?.kind, from?.name, `${at}[${i}]`));
      if (key === 'secrets') list(child).forEach((name, i) => add('Secret', name?.name ?? name, `${at}[${i}]`));
      if (key === 'configMaps') list(child).forEach((name, i) => add('ConfigMap', name?.name ?? name, `${at}[${i}]`));
    }
  });
  return refs;
}

const SECRETS = /^(secret|secretKeyRef|secretRef|objectStorageConfig)$/;

/** A key of a Secret, under any name: `bearerTokenSecret`, `basicAuth.password`, `authorization.credentials`, `tlsConfig.keySecret`. */
function isSelector(value: Json): boolean {
  return typeof value?.name === 'string' && typeof value.key === 'string';
}

/** Whether a `secretName` is one that cert-manager writes, not one that it reads. */
function isTarget({ kind }: Json, path: string): boolean {
  return kind === 'Certificate' && path === 'spec';
}

/** Calls back for each map of an object but its metadata and status, and the lists that make up a pod. */
function visit(object: Json, each: (node: Json, path: string) => void): void {
  const walk = (node: Json, path: string): void => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) return node.forEach((item, i) => walk(item, `${path}[${i}]`));
    each(node, path);
    for (const [key, child] of Object.entries(node)) {
      if (path === '' && (key === 'metadata' || key === 'status')) continue;
      if (!(READ_AS_LISTS.includes(key) && Array.isArray(child))) walk(child, join(path, key));
    }
  };
  walk(object, '');
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
    const driver = driverReferences(volume, at);
    return [...own, ...projected, ...driver].map((r) => ({ ...r, volume: String(volume.name) }));
  });
}

/** Secrets that a volume's driver reads: csi.nodePublishSecretRef, secretRef of the older drivers, azureFile.secretName. */
function driverReferences(volume: Json, at: string): Reference[] {
  return Object.entries<Json>(volume).flatMap(([type, source]) => {
    const named = { nodePublishSecretRef: source?.nodePublishSecretRef?.name, secretRef: source?.secretRef?.name };
    const fields = { ...named, secretName: type === 'azureFile' ? source?.secretName : undefined };
    return Object.entries(fields).flatMap(([field, name]) =>
      name ? [{ kind: 'Secret' as const, name, path: `${at}.${type}.${field}` }] : [],
    );
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

/** What stands where a list is wanted; nothing where something else does. */
export function list(value: Json): Json[] {
  return Array.isArray(value) ? value.filter((v) => v !== null && v !== undefined) : [];
}

/** A field below a path; either may be empty. */
export function join(path: string, key: string): string {
  if (path === '') return key;
  return key === '' ? path : `${path}.${key}`;
}
