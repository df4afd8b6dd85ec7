import { type FoundPodSpec, type Mount, containers, mounts, podSpecs } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { COMMANDS } from '../thanos/command';
import type { ManifestObject } from './manifest-object';
import { at, isMap, list, text } from './shape';

/** A word of a container's command line, and where it stands. */
export interface Word {
  readonly word: string;
  readonly path: string;
}

/** A container as the rules look at it. */
export interface Container {
  readonly pod: Pod;
  readonly name: string;
  /** Its JSON path. */
  readonly at: string;
  readonly json: Json;
  readonly words: Word[];
  readonly mounts: Mount[];
  /** Whether Thanos runs in it. */
  readonly thanos: boolean;
}

/** A pod spec of an object, its template's annotations and its containers. */
export interface Pod {
  readonly object: ManifestObject;
  readonly found: FoundPodSpec;
  readonly annotations: Record<string, Json>;
  readonly containers: Container[];
  /** Made by the Prometheus operator from a custom resource, which also rolls it. */
  readonly operator: boolean;
}

/** Containers that the Prometheus operator adds: where their mounts stand in the custom resource. */
const OPERATED = new Map([
  ['Prometheus', { name: 'thanos-sidecar', mounts: 'spec.thanos' }],
  ['ThanosRuler', { name: 'thanos-ruler', mounts: 'spec' }],
]);

/** The pods that an object stands for. */
export function podsOf(object: ManifestObject): Pod[] {
  if (object.podless) return [];
  const operated = OPERATED.get(object.kind);
  if (operated && isMap(object.json.spec)) return [operatorPod(object, operated)];
  return podSpecs(object.json).map((found) => {
    const template = at(object.json, found.path.replace(/\.?spec$/, ''));
    const pod: Pod = { object, found, annotations: annotationsOf(template), containers: [], operator: false };
    pod.containers.push(...containersOf(pod, found));
    return pod;
  });
}

function operatorPod(object: ManifestObject, operated: { name: string; mounts: string }): Pod {
  const found = { path: 'spec', spec: object.json.spec };
  const pod: Pod = { object, found, annotations: {}, containers: [], operator: true };
  const json = at(object.json, operated.mounts) ?? {};
  const own = {
    name: operated.name,
    args: operatorFlags(json),
    volumeMounts: json.volumeMounts,
    objectStorageConfig: json.objectStorageConfig,
  };
  const patched = containersOf(pod, found).map((c) => (c.name === operated.name ? { ...c, thanos: true } : c));
  const view: FoundPodSpec = { path: operated.mounts, spec: { containers: [own] } };
  const synthetic = { ...containersOf(pod, view)[0], at: operated.mounts, thanos: true };
  const mountsOfPatch = patched.filter((c) => c.name === operated.name).flatMap((c) => c.mounts);
  synthetic.mounts.push(...mountsOfPatch);
  pod.containers.push(synthetic, ...patched.filter((c) => c.name !== operated.name));
  return pod;
}

/** What the operator will tell Thanos of files (https://prometheus-operator.dev/docs/api-reference/api/, ThanosSpec). */
function operatorFlags(json: Json): string[] {
  const { certFile, keyFile, caFile } = at(json, 'grpcServerTlsConfig') ?? {};
  const fields = {
    'objstore.config-file': json.objectStorageConfigFile,
    'grpc-server-tls-cert': certFile,
    'grpc-server-tls-key': keyFile,
    'grpc-server-tls-client-ca': caFile,
  };
  const flags = [
    ...Object.entries(fields).map(([name, value]) => ({ name, value })),
    ...list(json.additionalArgs).filter(isMap),
  ];
  return flags.filter(({ value }) => text(value) !== '').map(({ name, value }) => `--${name}=${value}`);
}

function containersOf(pod: Pod, found: FoundPodSpec): Container[] {
  const all = mounts(found).filter((m) => typeof m.mountPath === 'string');
  return containers(found.path, found.spec)
    .filter(({ container }) => isMap(container))
    .map(({ container, at: path }) => ({
      pod,
      name: text(container.name),
      at: path,
      json: container,
      words: words(container, path),
      mounts: all.filter((m) => m.path.startsWith(`${path}.`)),
      thanos: runsThanos(container),
    }));
}

function words(container: Json, path: string): Word[] {
  const of = (key: string): Word[] =>
    list(container[key]).map((word, i) => ({ word: String(word), path: `${path}.${key}[${i}]` }));
  return [...of('command'), ...of('args')];
}

/** Programs that have some of Thanos' commands, or read an objstore config of their own. */
const OTHERS = /(^|\/)(loki|mimir|tempo|prometheus|cortex|pyroscope|grafana|enterprise-(logs|metrics|traces))[^/]*$/;

function runsThanos(container: Json): boolean {
  const line = [...list(container.command), ...list(container.args)].map(String);
  if (OTHERS.test(text(container.image).replace(/[:@].*$/, ''))) return false;
  if (/(^|\/)thanos([:@]|$)/.test(text(container.image)) || line.some((w) => /(^|\/)thanos$/.test(w))) return true;
  return COMMANDS.includes(line[0]) && line.some((word) => word.startsWith('--'));
}

function annotationsOf(template: Json): Record<string, Json> {
  const annotations = template?.metadata?.annotations;
  return isMap(annotations) ? annotations : {};
}
