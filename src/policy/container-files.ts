import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { mountAt } from '../manifest/mounted-path';
import type { AppNetwork } from './app-network';
import type { PodGroup } from './pod-group';

/** A file of a container. */
export interface PodFile {
  /** `Secret name`, `ConfigMap name`; where neither holds it, where it lies. */
  readonly source: string;
  /** Undefined where the app does not have it. */
  readonly text?: string;
}

/** The file at a path of a container. */
export function fileAt(network: AppNetwork, pods: PodGroup, container: Json, path: string): PodFile {
  const mounts = list(container.volumeMounts).filter(({ mountPath }) => typeof mountPath === 'string');
  const { mount, file } = mountAt(mounts as (Json & { mountPath: string })[], path) ?? { file: '' };
  const volume: Json = list(pods.spec?.volumes).find(({ name }) => name === mount?.name);
  if (volume === undefined) return { source: path };
  const sources = [volume, ...list(volume.projected?.sources)].flatMap(sourceOf);
  const found = sources.map((source) => read(network, pods, source, file)).find(({ text }) => text !== undefined);
  const [first] = sources;
  return found ?? { source: first ? `${first.kind} ${first.name}` : path };
}

/** All texts of the ConfigMaps that a container mounts. */
export function mountedTexts(network: AppNetwork, { spec, cluster, namespace }: PodGroup): string[] {
  const names = list(spec?.volumes).flatMap(({ configMap }) => configMap?.name ?? []);
  return names.flatMap((name) =>
    Object.values(network.find(cluster, 'ConfigMap', namespace, name)?.data ?? {}).map(String),
  );
}

interface Source {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  readonly items?: Json[];
}

function sourceOf({ secret, configMap }: Json): Source[] {
  return [
    ...(secret ? [{ kind: 'Secret' as const, name: secret.secretName ?? secret.name, items: secret.items }] : []),
    ...(configMap ? [{ kind: 'ConfigMap' as const, name: configMap.name, items: configMap.items }] : []),
  ];
}

function read(network: AppNetwork, pods: PodGroup, { kind, name, items }: Source, file: string): PodFile {
  const key = items ? list(items).find(({ path }) => path === file)?.key : file;
  const object = network.find(pods.cluster, kind, pods.namespace, name);
  const text = object?.data?.[key];
  const plain = object?.stringData?.[key] ?? (kind === 'Secret' && text !== undefined ? decoded(text) : text);
  return { source: `${kind} ${name}`, text: plain };
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
