import { BlockList, isIP } from 'node:net';
import { NAMESPACE_LABEL } from '../manifest/namespace-labels';
import type { Json } from '../support/json';
import { dnsLabel, isHostName, labelValue, qualifiedName } from '../support/names';
import { found, InputProblem } from '../support/problem';
import { having, labelMap, listOf, mapOf, wholeNumber, yesOrNo } from '../support/rows';
import { readStruct, type StructTable, within } from '../support/table';

/** At which ports a peer answers. */
export interface PeerPortOptions {
  /**
   * Ports at the peer's own end: of the pods, not of a Service before them, which policies never see. For whom the stack
   * lets in they have no meaning.
   * @default - the port that the address of the peer names
   */
  readonly ports?: number[];
}

/** Which pods. Labels and namespace together: pods of the namespace that have the labels. */
export interface PodPeerOptions extends PeerPortOptions {
  /**
   * Labels that the pods have.
   * @default - any
   */
  readonly labels?: { [key: string]: string };
  /**
   * Namespace of the pods.
   * @default - that of the stack, or namespaceLabels
   */
  readonly namespace?: string;
  /**
   * Labels that their namespaces have; {} is every namespace.
   * @default - namespace
   */
  readonly namespaceLabels?: { [key: string]: string };
}

/** Which addresses. */
export interface CidrPeerOptions extends PeerPortOptions {
  /**
   * Blocks of addresses within it that are left out.
   * @default - none
   */
  readonly except?: string[];
  /**
   * They are the endpoints of a Service that selects no pods. Give ports too where those of the endpoints differ from the
   * Service's. Of a Service of the app that is known.
   * @default false
   */
  readonly behindService?: boolean;
}

/**
 * Whom a peer means, read.
 * @internal
 */
export interface PeerTarget {
  readonly pods?: { readonly labels: Record<string, string>; readonly namespaces?: Record<string, string> };
  readonly cidr?: { readonly cidr: string; readonly except: readonly string[]; readonly behindService?: boolean };
  readonly names?: readonly string[];
  /** What Cilium knows without an address. */
  readonly entity?: 'kube-apiserver';
  /** Empty: those of the address. */
  readonly ports: readonly number[];
}

export const portList = listOf(wholeNumber(1, 65535));
const PORTS: StructTable<PeerPortOptions> = { ports: portList };
const PODS: StructTable<PodPeerOptions> = {
  ...PORTS,
  labels: mapOf(labelValue, qualifiedName),
  namespace: dnsLabel,
  namespaceLabels: labelMap,
};
const CIDR: StructTable<CidrPeerOptions> = { ...PORTS, except: listOf(cidrBlock), behindService: yesOrNo };

/** Somebody outside of the stack, as a NetworkPolicy tells him from others. */
export class NetworkPeer {
  /** Pods of the cluster. What stands behind a Service is named so, never by the address of the Service. */
  public static pods(options: PodPeerOptions): NetworkPeer {
    return new NetworkPeer(() => [podsTarget(readStruct(PODS, options))]);
  }

  /** A block of addresses outside of the cluster, such as `10.20.0.0/16`, `192.0.2.7/32` or `2001:db8::/32`. */
  public static cidr(cidr: string, options: CidrPeerOptions = {}): NetworkPeer {
    return new NetworkPeer(() => {
      const { except = [], ports = [], behindService } = readStruct(CIDR, options);
      const block = cidrBlock(cidr);
      const outside = except.find((one) => !isWithin(one, block));
      if (outside !== undefined)
        throw new InputProblem(`except: ${found(outside)} is not a part of ${block}, less than the whole of it`);
      return [{ cidr: { cidr: block, except, behindService }, ports }];
    });
  }

  /**
   * Names of hosts outside of the cluster, such as `s3.example.com` or `*.s3.example.com`. Only Cilium knows names: they
   * stand in a CiliumNetworkPolicy, together with the way to the DNS server, whose answers Cilium then reads.
   */
  public static names(names: string[], options: PeerPortOptions = {}): NetworkPeer {
    return new NetworkPeer(() => {
      const read = listOf(hostName)(names);
      if (read.length === 0) throw new InputProblem('names: is empty; give one such as "s3.example.com"');
      return [{ names: read, ports: readStruct(PORTS, options).ports ?? [] }];
    });
  }

  /**
   * The API server of the cluster, wherever it stands. Only Cilium knows it, as its entity `kube-apiserver`: it stands in a
   * CiliumNetworkPolicy. Where Cilium runs, no block of addresses means a node of the cluster unless it is told to.
   */
  public static kubeApiServer(options: PeerPortOptions = {}): NetworkPeer {
    return new NetworkPeer(() => [{ entity: 'kube-apiserver', ports: readStruct(PORTS, options).ports ?? [] }]);
  }

  /** Anyone, in the cluster and outside: only the port is held. */
  public static anywhere(options: PeerPortOptions = {}): NetworkPeer {
    return new NetworkPeer(() => [{ ports: readStruct(PORTS, options).ports ?? [] }]);
  }

  /** Each of several peers. */
  public static anyOf(...peers: NetworkPeer[]): NetworkPeer {
    return new NetworkPeer(() => {
      if (peers.length === 0) throw new InputProblem('anyOf: is empty; give a NetworkPeer');
      return peers.flatMap((peer, i) => within(`anyOf[${i}]`, () => anyPeer(peer)._targets()));
    });
  }

  readonly #read: () => PeerTarget[];

  private constructor(read: () => PeerTarget[]) {
    this.#read = read;
  }

  /**
   * Whom it means, read.
   * @internal
   */
  public _targets(): PeerTarget[] {
    return this.#read();
  }
}

const NETWORK_PEER = having<NetworkPeer>(
  { _targets: 'function' },
  'a NetworkPeer; write NetworkPeer.pods(…), cidr(…), names(…) or anywhere()',
);

/** One to whom the stack goes, of any form. */
export function anyPeer(value: unknown): NetworkPeer {
  const peer = NETWORK_PEER(value);
  peer._targets();
  return peer;
}

/** One to whom the stack goes, and who is not the API server. */
export function networkPeer(value: unknown): NetworkPeer {
  const peer = anyPeer(value);
  if (peer._targets().every(({ entity }) => entity === undefined)) return peer;
  throw new InputProblem('is the API server, which is asked for nothing here. Give it as apiServer, or to letOut');
}

/** The API server, which pods ask by the address of a Service, and which runs in the network of its node. */
export function apiServerPeer(value: unknown): NetworkPeer {
  const peer = anyPeer(value);
  for (const { names, pods } of peer._targets()) {
    if (names)
      throw new InputProblem(
        `is the name ${names.join(', ')}: pods ask the API server by an address, so no DNS answer ever brings it to this name. ${API_SERVER_ADVICE}`,
      );
    if (pods)
      throw new InputProblem(
        `is pods: the API server has none of its own, or they are in the network of their node, where no selector finds them. ${API_SERVER_ADVICE}`,
      );
  }
  return peer;
}

/** Who it can be. */
export const API_SERVER_ADVICE =
  'Give NetworkPeer.cidr("192.0.2.1/32", { ports: [6443] }) with the address and port of "kubectl -n default get endpointslices", or NetworkPeer.kubeApiServer({ ports: [6443] }) with Cilium';

/** One that can be named by no name: the DNS server is asked first. */
export function dnsPeer(value: unknown): NetworkPeer {
  const peer = networkPeer(value);
  if (peer._targets().every(({ names }) => names === undefined)) return peer;
  throw new InputProblem(
    'is a name, which the DNS server itself would have to tell. Give NetworkPeer.pods(…) or cidr(…)',
  );
}

/** One whom the stack lets in: the ports are the stack's own, and nobody comes by a name. */
export function caller(value: unknown): NetworkPeer {
  const peer = NETWORK_PEER(value);
  for (const { names, ports, entity } of peer._targets()) {
    if (entity) throw new InputProblem('is the API server, which calls nobody here. Give it as apiServer');
    if (names) throw new InputProblem('is a name: who comes in has none. Give NetworkPeer.pods(…) or cidr(…)');
    if (ports.length > 0) throw new InputProblem('ports: have no effect: they are those of the stack. Drop them');
  }
  return peer;
}

/**
 * The peer as Kubernetes takes it; undefined: anyone.
 * @internal
 */
export function peerJson({ pods, cidr }: PeerTarget): Json {
  if (cidr) {
    const { cidr: block, except } = cidr;
    return { ipBlock: { cidr: block, ...(except.length > 0 && { except }) } };
  }
  if (!pods) return undefined;
  const { labels, namespaces } = pods;
  const podSelector = Object.keys(labels).length > 0 ? { matchLabels: labels } : {};
  if (!namespaces) return { podSelector };
  const namespaceSelector = Object.keys(namespaces).length > 0 ? { matchLabels: namespaces } : {};
  return { namespaceSelector, ...(Object.keys(labels).length > 0 && { podSelector }) };
}

function podsTarget({ labels = {}, namespace, namespaceLabels, ports = [] }: PodPeerOptions): PeerTarget {
  if (namespace !== undefined && namespaceLabels !== undefined)
    throw new InputProblem('namespaceLabels: is given together with namespace; give one of them');
  const namespaces = namespace === undefined ? namespaceLabels : { [NAMESPACE_LABEL]: namespace };
  if (Object.keys(labels).length === 0 && namespaces === undefined)
    throw new InputProblem('labels: is missing, and so are namespace and namespaceLabels: say which pods');
  return { pods: { labels, namespaces }, ports };
}

/** As Kubernetes takes it: a part of a block, and not the whole. */
export function isWithin(part: string, whole: string): boolean {
  const [[address, length], [start, most]] = [part, whole].map((block) => block.split('/'));
  const [family, other] = [address, start].map((one) => (isIP(one) === 4 ? 'ipv4' : 'ipv6'));
  if (family !== other || Number(length) <= Number(most)) return false;
  const block = new BlockList();
  block.addSubnet(start, Number(most), family);
  return block.check(address, family);
}

function cidrBlock(value: unknown): string {
  const [, address, length] = typeof value === 'string' ? (/^([^/%]+)\/(\d{1,3})$/.exec(value) ?? []) : [];
  const most = { 4: 32, 6: 128 }[isIP(address ?? '')];
  if (most !== undefined && Number(length) <= most) return value as string;
  throw new InputProblem(`${found(value)} is not a block of addresses; write such as "10.0.0.0/8" or "192.0.2.7/32"`);
}

function hostName(value: unknown): string {
  if (isHostName(value)) return value;
  throw new InputProblem(`${found(value)} is not the name of a host; write "s3.example.com", without scheme and port`);
}
