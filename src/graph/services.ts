import type { Json } from '../support/json';
import type { ManifestObject } from '../lint/manifest-object';
import { at, isMap, list, text } from '../lint/shape';
import type { Pod } from '../lint/pod';
import type { World } from '../lint/world';
import type { Address } from '../manifest/address';
import { isSelected } from '../manifest/selector';
import { serviceNames } from '../manifest/service-names';
import { OPERATED, type PodPort } from './operated';

/** The pods that answer at an address, and at which of their ports. */
export interface Answering {
  readonly pods: readonly Pod[];
  readonly port?: string;
  /** Set where the manifests have the Service, but not its pods. */
  readonly service?: ManifestObject;
}

/** Whom a host name of the cluster leads to; undefined where it is no Service of the manifests. */
export function answering(world: World, namespace: string, address: Address): Answering | undefined {
  const service = serviceNames(address.host, namespace)
    .map(([name, of]) => world.find('Service', of, name))
    .find((found) => found !== undefined);
  if (service === undefined) return undefined;
  const selector: Json = service.json.spec?.selector;
  const pods = isMap(selector) ? world.pods.filter((pod) => isBehind(pod, service, selector)) : [];
  return { pods, port: podPort(service, pods, address.port), service };
}

function isBehind(pod: Pod, service: ManifestObject, selector: Record<string, Json>): boolean {
  const { namespace } = pod.object;
  if (namespace !== service.namespace && namespace !== '' && service.namespace !== '') return false;
  return Object.keys(selector).length > 0 && isSelected(labelsOf(pod), selector);
}

/** By pod: each selector of each policy and Service is held against them. */
const LABELS = new WeakMap<Pod, Record<string, Json>>();

/** The labels of a workload's pods. */
export function labelsOf(pod: Pod): Record<string, Json> {
  const labels = LABELS.get(pod) ?? readLabels(pod);
  LABELS.set(pod, labels);
  return labels;
}

function readLabels(pod: Pod): Record<string, Json> {
  const operated = pod.operator ? OPERATED[pod.object.kind] : undefined;
  const { json, name } = pod.object;
  const template = operated ? json.spec?.podMetadata : at(json, pod.found.path.replace(/\.?spec$/, ''))?.metadata;
  const own = isMap(template?.labels) ? template.labels : {};
  return operated ? { ...own, ...operated.labels(name) } : own;
}

/** A port of the Service, by number or name, as the number at the pods. */
function podPort(service: ManifestObject, pods: readonly Pod[], port: string | undefined): string | undefined {
  const ports = list(service.json.spec?.ports);
  const found: Json = ports.find((one) => one.name === port || String(one.port) === port);
  if (found === undefined) return port;
  const target = found.targetPort ?? found.port;
  if (typeof target === 'number') return String(target);
  const numbers = pods.flatMap(portsOf).filter(({ name }) => name === target);
  return String(numbers[0]?.number ?? found.port);
}

/** The ports that a pod's containers name, and those of a pod that the Prometheus operator makes. */
export function portsOf(pod: Pod): PodPort[] {
  const operated = pod.operator ? (OPERATED[pod.object.kind]?.ports ?? []) : [];
  const own = pod.containers
    .flatMap(({ json }) => list(json.ports))
    .filter((port) => Number.isInteger(port.containerPort))
    .map((port) => ({ name: text(port.name), number: port.containerPort as number }));
  return [...operated, ...own];
}
