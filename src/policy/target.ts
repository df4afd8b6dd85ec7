import { isIP } from 'node:net';
import type { Address } from '../manifest/address';
import { list } from '../manifest/pod-specs';
import { isSelected } from '../manifest/selector';
import { serviceNames } from '../manifest/service-names';
import type { AppNetwork } from './app-network';
import { type PodGroup, portNamed } from './pod-group';

/** Pods behind a Service of the app. */
export interface ServiceTarget {
  readonly namespace: string | undefined;
  readonly selector: Readonly<Record<string, string>>;
  /** Port of the pods: its number, or its name where the app does not have the pods. */
  readonly port?: number | string;
}

/** Where an address leads, as pods of a namespace see it; undefined where the app has no such Service, or one without pods. */
export function serviceTarget(network: AppNetwork, from: PodGroup, address: Address): ServiceTarget | undefined {
  for (const [name, of] of serviceNames(address.host, from.namespace ?? '')) {
    const found = namedTarget(network, from.cluster, of, name, address.port);
    if (found) return found;
  }
  return undefined;
}

/** Whether an address is a Service of the app that selects no pods: its endpoints are told by hand. */
export function hasOwnEndpoints(network: AppNetwork, from: PodGroup, { host }: Address): boolean {
  return [...serviceNames(host, from.namespace ?? '')].some(([name, of]) => {
    const spec = network.find(from.cluster, 'Service', of, name)?.spec;
    return spec !== undefined && spec.type !== 'ExternalName' && Object.keys(spec.selector ?? {}).length === 0;
  });
}

/** The pods behind a Service of this name, and their port. */
export function namedTarget(
  network: AppNetwork,
  cluster: string | undefined,
  namespace: string,
  name: string,
  port: string | undefined,
): ServiceTarget | undefined {
  const spec = network.find(cluster, 'Service', namespace, name)?.spec;
  const selector: Record<string, string> = spec?.selector ?? {};
  if (Object.keys(selector).length === 0) return undefined;
  const own = list(spec.ports).find((one) => one.name === port || String(one.port) === port);
  const target: unknown = own === undefined ? port : (own.targetPort ?? own.port);
  const pods = network.podsIn(cluster, namespace).filter(({ labels }) => isSelected(labels, selector));
  return { namespace, selector, port: numberOf(target, pods) };
}

function numberOf(port: unknown, pods: readonly PodGroup[]): number | string | undefined {
  if (port === undefined || typeof port === 'number') return port;
  const name = String(port);
  if (/^\d+$/.test(name)) return Number(name);
  return pods.map((group) => portNamed(group, name)).find((number) => number !== undefined) ?? name;
}

/** Whether a host is a Service of a cluster, whose address no policy ever sees. */
export function isServiceHost(host: string): boolean {
  if (isIP(host) !== 0) return false;
  return /^[^.]+$/.test(host) || /^[^.]+\.[^.]+\.(.+\.)?svc(\.|$)/.test(host) || /\.svc(\..+)?$/.test(host);
}

/**
 * Where the Service `kubernetes` has its address unless told otherwise, the first one of the Services' block: kubeadm, k3s and
 * RKE2, EKS (two), OpenShift, AKS, GKE, MicroK8s. And their blocks, but for AKS', which elsewhere is one of nodes.
 */
const API_SERVICES = [
  ...['10.96.0.1/32', '10.43.0.1/32', '172.20.0.1/32', '10.100.0.1/32', '172.30.0.1/32', '10.0.0.1/32'],
  ...['34.118.224.1/32', '10.152.183.1/32'],
  ...['10.96.0.0/12', '10.96.0.0/16', '10.43.0.0/16', '172.20.0.0/16', '10.100.0.0/16', '172.30.0.0/16'],
  ...['34.118.224.0/20', '10.152.183.0/24'],
];

/** Whether a block is the API server's Service, or all Services, in a cluster as it is installed. */
export function isApiService(cidr: string): boolean {
  return API_SERVICES.includes(cidr);
}
