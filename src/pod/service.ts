import { isIP } from 'node:net';
import { qualifiedName } from '../support/names';
import { found, InputProblem } from '../support/problem';
import { annotationMap, listOf, oneOf, struct, wholeNumber } from '../support/rows';
import type { Row, StructTable } from '../support/table';

/** From where a Service can be reached. */
export enum ServiceType {
  /** From the cluster. */
  CLUSTER_IP = 'ClusterIP',
  /** From outside too, by a port of each node. */
  NODE_PORT = 'NodePort',
  /** From outside too, by an address of its own. */
  LOAD_BALANCER = 'LoadBalancer',
}

/** Which pods take what comes from outside. */
export enum ExternalTraffic {
  /** Those of every node. */
  CLUSTER = 'Cluster',
  /** Those of the node where it arrives: the client's address is kept. */
  LOCAL = 'Local',
}

/** Ports of the nodes. */
export interface NodePortOptions {
  /**
   * For HTTP.
   * @default - chosen by the cluster
   */
  readonly http?: number;
  /**
   * For the StoreAPI.
   * @default - chosen by the cluster
   */
  readonly grpc?: number;
  /**
   * For remote-write.
   * @default - chosen by the cluster
   */
  readonly remoteWrite?: number;
}

/** The Service with a cluster IP; the headless one stays as it is. Thanos asks nobody who he is: guard what lies open. */
export interface ServiceOptions {
  /**
   * From where it can be reached.
   * @default ServiceType.CLUSTER_IP
   */
  readonly type?: ServiceType;
  /**
   * Annotations of this Service alone, over `serviceAnnotations`.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
  /**
   * Class of the load balancer.
   * @default - the cluster's
   */
  readonly loadBalancerClass?: string;
  /**
   * Address that the load balancer is asked for. Kubernetes calls it deprecated; many clouds take an annotation.
   * @default - any
   */
  readonly loadBalancerIp?: string;
  /**
   * Networks that may reach the load balancer, such as `10.0.0.0/8`.
   * @default - all
   */
  readonly loadBalancerSourceRanges?: string[];
  /**
   * Which pods take what comes from outside.
   * @default - Kubernetes' own, ExternalTraffic.CLUSTER
   */
  readonly externalTraffic?: ExternalTraffic;
  /**
   * Ports of the nodes.
   * @default - chosen by the cluster
   */
  readonly nodePorts?: NodePortOptions;
}

const NODE_PORT = wholeNumber(1, 65535);
const NODE_PORTS: StructTable<NodePortOptions> = { http: NODE_PORT, grpc: NODE_PORT, remoteWrite: NODE_PORT };

const TABLE: StructTable<ServiceOptions> = {
  type: oneOf(ServiceType, 'ServiceType'),
  annotations: annotationMap,
  loadBalancerClass: qualifiedName,
  loadBalancerIp: (ip) => {
    if (typeof ip === 'string' && isIP(ip) !== 0) return ip;
    throw new InputProblem(`${found(ip)} is not an IP address`);
  },
  loadBalancerSourceRanges: listOf(network),
  externalTraffic: oneOf(ExternalTraffic, 'ExternalTraffic'),
  nodePorts: struct(NODE_PORTS),
};

/** How a Service is read. */
export const SERVICE: Row<ServiceOptions> = struct(TABLE, (options) => {
  const { type = ServiceType.CLUSTER_IP, externalTraffic, nodePorts } = options;
  const fields = ['loadBalancerClass', 'loadBalancerIp', 'loadBalancerSourceRanges'] as const;
  const balancer = fields.find((field) => options[field] !== undefined);
  if (balancer !== undefined && type !== ServiceType.LOAD_BALANCER)
    throw new InputProblem(`${balancer}: has no effect with type ${type}; give type LoadBalancer, or drop it`);
  const outside = Object.keys({ ...(externalTraffic && { externalTraffic }), ...(nodePorts && { nodePorts }) });
  if (outside.length > 0 && type === ServiceType.CLUSTER_IP)
    throw new InputProblem(
      `${outside[0]}: has no effect with type ClusterIP; give NodePort or LoadBalancer, or drop it`,
    );
  const numbers = Object.values(nodePorts ?? {});
  const twice = numbers.find((number, i) => numbers.indexOf(number) !== i);
  if (twice !== undefined) throw new InputProblem(`nodePorts: ${twice} is given twice; each port needs its own`);
});

/** An address and the length of its prefix. */
function network(cidr: unknown): string {
  const [, ip = '', length] = (typeof cidr === 'string' && /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(cidr)) || [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(ip)] ?? -1;
  if (Number(length) <= bits) return cidr as string;
  throw new InputProblem(`${found(cidr)} is not a network, such as "10.0.0.0/8"`);
}
