import { isIP } from 'node:net';
import type { PodSpec } from '../support/k8s';
import { dnsDomain } from '../support/names';
import { found, InputProblem } from '../support/problem';
import { anyText, listOf, oneOf, struct, text } from '../support/rows';
import { required, type Row, type StructTable } from '../support/table';
import { orNone } from './or-none';

/** Names of a host beside what DNS says, in the pod's `/etc/hosts`. */
export interface HostAliasOptions {
  /** Address of the host. */
  readonly ip: string;
  /** Its names. */
  readonly hostnames: string[];
}

/** Where a pod's names are looked up (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy). */
export enum DnsPolicy {
  /** In the cluster; what it does not know, where the node looks. */
  CLUSTER_FIRST = 'ClusterFirst',
  /** As CLUSTER_FIRST, for pods in the node's network. */
  CLUSTER_FIRST_WITH_HOST_NET = 'ClusterFirstWithHostNet',
  /** Where the node looks: Services of the cluster have no names then. */
  DEFAULT = 'Default',
  /** Only where the options say. */
  NONE = 'None',
}

/** An option of the resolver. */
export interface DnsOption {
  /** Its name, such as `ndots`. */
  readonly name: string;
  /**
   * Its value.
   * @default - none
   */
  readonly value?: string;
}

/** How the pods look up names. */
export interface DnsOptions {
  /**
   * Where they look.
   * @default - Kubernetes' own, DnsPolicy.CLUSTER_FIRST
   */
  readonly policy?: DnsPolicy;
  /**
   * Addresses of further name servers, three at most.
   * @default - none
   */
  readonly nameservers?: string[];
  /**
   * Domains in which a short name is looked up too.
   * @default - those of the cluster
   */
  readonly searches?: string[];
  /**
   * Options of the resolver. `ndots` of 2 spares the lookups of a store outside in each domain of the cluster.
   * @default - Kubernetes' own
   */
  readonly options?: DnsOption[];
}

/** What a pod takes of name servers. */
const MOST_NAMESERVERS = 3;

const ALIAS: StructTable<HostAliasOptions> = {
  ip: required(address, 'Give the address of the host'),
  hostnames: required(listOf(dnsDomain), 'Give its names'),
};

/** How host aliases are read. */
export const HOST_ALIASES: Row<HostAliasOptions[]> = listOf(struct(ALIAS));

const TABLE: StructTable<DnsOptions> = {
  policy: oneOf(DnsPolicy, 'DnsPolicy'),
  nameservers: listOf(address),
  searches: listOf(dnsDomain),
  options: listOf(struct<DnsOption>({ name: required(text), value: anyText })),
};

/** How the options of DNS are read. */
export const DNS: Row<DnsOptions> = struct(TABLE, ({ policy, nameservers = [] }) => {
  if (nameservers.length > MOST_NAMESERVERS)
    throw new InputProblem(`nameservers: has ${nameservers.length}; Kubernetes takes ${MOST_NAMESERVERS} at most`);
  if (policy === DnsPolicy.NONE && nameservers.length === 0)
    throw new InputProblem('nameservers: is empty, but policy None asks no other server. Give at least one');
});

/** What of a pod's options says how it finds hosts. */
interface NamingOptions {
  readonly hostAliases?: HostAliasOptions[];
  readonly dns?: DnsOptions;
}

/**
 * How a pod finds hosts.
 * @internal
 */
export function naming({
  hostAliases,
  dns = {},
}: NamingOptions): Pick<PodSpec, 'hostAliases' | 'dnsPolicy' | 'dnsConfig'> {
  const { policy, nameservers, searches, options } = dns;
  return {
    hostAliases: orNone(hostAliases?.map(({ ip, hostnames }) => ({ ip, hostnames }))),
    dnsPolicy: policy,
    dnsConfig: orNone(
      Object.fromEntries(
        Object.entries({ nameservers, searches, options }).filter(([, value]) => value && value.length > 0),
      ),
    ),
  };
}

function address(ip: unknown): string {
  if (typeof ip === 'string' && isIP(ip) !== 0) return ip;
  throw new InputProblem(`${found(ip)} is not an IP address`);
}
