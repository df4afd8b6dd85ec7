import type { StructTable } from '../support/table';
import { apiServerPeer, caller, dnsPeer, type NetworkPeer, networkPeer } from './network-peer';

/**
 * Who stands outside of the stack. What stands within it, and what else the app has a Service for, is known: it needs no
 * word here.
 */
export interface NetworkPolicyOptions {
  /**
   * The object store, to which the pods that hold a Grant go, at the port of its endpoint.
   * @default - the Service of the app that the endpoint names; else it must be given
   */
  readonly objstore?: NetworkPeer;
  /**
   * Where the pods that hold a Grant exchange their identity for keys, such as AWS' STS, at port 443 where no other is given,
   * or Keystone for a store of OpenStack, at the port of its authUrl.
   * @default - nobody; with keys of a web identity, or Keystone, it must be given
   */
  readonly identity?: NetworkPeer;
  /**
   * Who reads the metrics of all Thanos components.
   * @default - nobody
   */
  readonly prometheus?: NetworkPeer;
  /**
   * Who writes: to the routers where there are some, else to the receivers.
   * @default - nobody
   */
  readonly writers?: NetworkPeer;
  /**
   * Who queries over HTTP: the query frontend where there is one, else Query. The stack's own Grafana needs no word.
   * @default - nobody
   */
  readonly readers?: NetworkPeer;
  /**
   * Who opens the pages of Grafana and of the bucket's blocks.
   * @default - nobody
   */
  readonly viewers?: NetworkPeer;
  /**
   * The ingress controllers or gateways that lead in what the app's Ingresses, HTTPRoutes and GRPCRoutes say.
   * @default - nobody; with routes it must be given
   */
  readonly gateways?: NetworkPeer;
  /**
   * StoreAPIs outside of the stack that Query asks, such as sidecars.
   * @default - nobody
   */
  readonly endpoints?: NetworkPeer;
  /**
   * Queries outside of the stack that rulers, query frontends and Grafanas ask.
   * @default - nobody
   */
  readonly queries?: NetworkPeer;
  /**
   * Receivers outside of the stack that routers or receivers hand writes to.
   * @default - nobody
   */
  readonly receivers?: NetworkPeer;
  /**
   * Where rulers send alerts.
   * @default - nobody
   */
  readonly alertmanagers?: NetworkPeer;
  /**
   * Where rulers without blocks send what they record.
   * @default - nobody
   */
  readonly remoteWrite?: NetworkPeer;
  /**
   * Memcached and Redis of store gateways and query frontends. Where a Sentinel says which Redis is asked, give the ports of
   * both, such as `ports: [26379, 6379]`.
   * @default - nobody
   */
  readonly caches?: NetworkPeer;
  /**
   * Where spans go.
   * @default - nobody
   */
  readonly tracing?: NetworkPeer;
  /**
   * Whom receivers ask how many series a tenant has.
   * @default - nobody
   */
  readonly metaMonitoring?: NetworkPeer;
  /**
   * The Kubernetes API server, with its port, for pods that ask it: those of a StackCheck, and whoever mounts the token of its
   * ServiceAccount. It is let in to the HTTP ports of the stack where a StackCheck reads metrics through it, unless it is
   * `anywhere()`. Its addresses are those of its endpoints, never the one of the Service `kubernetes`, which policies don't see.
   * @default - nobody
   */
  readonly apiServer?: NetworkPeer;
  /**
   * DNS servers of the cluster, at port 53 where no other is given. A DNS cache of the node is a block of addresses.
   * @default - the pods k8s-app=kube-dns in kube-system
   */
  readonly dns?: NetworkPeer;
}

/** How they are read. */
export const NETWORK_POLICY_OPTIONS: StructTable<NetworkPolicyOptions> = {
  objstore: networkPeer,
  identity: networkPeer,
  prometheus: caller,
  writers: caller,
  readers: caller,
  viewers: caller,
  gateways: caller,
  endpoints: networkPeer,
  queries: networkPeer,
  receivers: networkPeer,
  alertmanagers: networkPeer,
  remoteWrite: networkPeer,
  caches: networkPeer,
  tracing: networkPeer,
  metaMonitoring: networkPeer,
  apiServer: apiServerPeer,
  dns: dnsPeer,
};
