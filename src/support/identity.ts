import { COMPONENT_LABEL, INSTANCE_LABEL, NAME_LABEL, objectLabels, selectorLabels } from './labels';
import { dnsLabel, LABEL_LENGTH, STATEFUL_SET_LENGTH } from './names';
import { InputProblem, found } from './problem';

/** Name of a stack that is not given one. */
export const DEFAULT_INSTANCE = 'thanos';
/** Namespace of objects that are not given one, in a chart without one. */
export const DEFAULT_NAMESPACE = 'monitoring';
/** DNS domain of a cluster that is not told otherwise. */
export const DEFAULT_CLUSTER_DOMAIN = 'cluster.local';

/** Numbers of the ports by their names, the same in containers and Services. */
export const PORTS = { http: 10902, grpc: 10901, 'remote-write': 19291, capnproto: 19391 } as const;

/** Name of a port. */
export type PortName = keyof typeof PORTS;

/** Pods with this label are a part of their kind; the other parts have other values. Only sharded components have it. */
export const SHARD_LABEL = 'thanos.io/shard';
/** Pods with this label are those of their kind in one zone; those of the other zones have other values. */
export const ZONE_LABEL = 'thanos.io/zone';
/** The labels by which pods of the library are selected. */
export const SELECTOR_LABELS: readonly string[] = [
  NAME_LABEL,
  INSTANCE_LABEL,
  COMPONENT_LABEL,
  SHARD_LABEL,
  ZONE_LABEL,
];
/** Tells a headless Service from the one with a cluster IP, which has the same labels otherwise. */
export const HEADLESS_LABEL = { 'thanos.io/service': 'headless' };

const GRAFANA = 'grafana';
const GRAFANA_PORT = 3000;

/** Where a component belongs. */
export interface Place {
  readonly instance?: string;
  readonly namespace?: string;
  readonly clusterDomain?: string;
  readonly shard?: string;
  /** The zone of its nodes, where those of the kind in other zones are components of their own. */
  readonly zone?: string;
  /** Tells components of one kind apart that stand side by side, each of them whole or in shards of its own. */
  readonly group?: string;
}

/** What a component is called instead, where it takes over one that runs. Each part that is left out is derived. */
export interface AdoptOptions {
  readonly workload?: string;
  readonly service?: string;
  readonly headless?: string;
  readonly selector?: Readonly<Record<string, string>>;
  /** Name of the claim template, and of the volume. */
  readonly claim?: string;
  readonly dataPath?: string;
  readonly ports?: Partial<Record<PortName, number>>;
}

/** Objects that belong to one component alone. */
export type OwnObject =
  | 'dashboards'
  | 'datasources'
  | 'endpoint-ca'
  | 'endpoints'
  | 'grpc-ca'
  | 'grpc-tls'
  | 'hashrings'
  | 'http-ca'
  | 'http-config'
  | 'http-tls'
  | 'limits'
  | 'prometheus-rules'
  | 'remote-write'
  | 'rules';

/** Every name, label, port and address of a component. None of it may change: Kubernetes would not let a user follow. */
export class Identity {
  /** Name of the workload, and beginning of the names of what belongs to it. */
  public readonly workload: string;
  /** Name of the Service with a cluster IP. */
  public readonly service: string;
  /** Name of the headless Service of a StatefulSet. */
  public readonly headless: string;
  /** Labels that select the pods. */
  public readonly selector: Readonly<Record<string, string>>;
  /** Name of the claim template, and of the volume. */
  public readonly claim: string;
  /** Where the data lies in the container. */
  public readonly dataPath: string;
  readonly #ports: Readonly<Record<PortName, number>>;

  constructor(
    public readonly instance: string,
    public readonly component: string,
    public readonly shard: string | undefined,
    public readonly namespace: string,
    public readonly clusterDomain: string,
    adopt: AdoptOptions,
    public readonly group?: string,
    public readonly zone?: string,
  ) {
    const kind = group === undefined ? component : `${component}-${group}`;
    const parts = [instance, kind, zone, shard].filter((part) => part !== undefined);
    const labels = {
      ...selectorLabels(instance, kind),
      ...(zone === undefined ? {} : { [ZONE_LABEL]: zone }),
      ...(shard === undefined ? {} : { [SHARD_LABEL]: shard }),
    };
    this.workload = adopt.workload ?? parts.join('-');
    this.service = adopt.service ?? this.workload;
    this.headless = adopt.headless ?? `${this.workload}-headless`;
    this.selector = adopt.selector ?? labels;
    this.claim = adopt.claim ?? 'data';
    this.dataPath = adopt.dataPath ?? '/var/thanos/data';
    this.#ports = { ...PORTS, ...adopt.ports };
  }

  /** Number of a port. */
  public port(port: PortName): number {
    return this.#ports[port];
  }

  /** `host:port` of the Service. */
  public host(port: PortName): string {
    return `${this.#domain(this.service)}:${this.port(port)}`;
  }

  /** URL of the Service. */
  public url(port: PortName, path = '', scheme: 'http' | 'https' = 'http'): string {
    return `${scheme}://${this.host(port)}${path}`;
  }

  /** SRV name of the Service: its address and port. */
  public serviceSrv(port: PortName): string {
    return `dnssrv+_${port}._tcp.${this.#domain(this.service)}`;
  }

  /** SRV name of the headless Service: address and port of each pod. */
  public srv(port: PortName): string {
    return `dnssrv+_${port}._tcp.${this.#domain(this.headless)}`;
  }

  /** `host:port` of a pod of the StatefulSet, by the pod's name. */
  public podHost(pod: string, port: PortName): string {
    return `${pod}.${this.#domain(this.headless)}:${this.port(port)}`;
  }

  /** Name of a pod of the StatefulSet. */
  public pod(ordinal: number): string {
    return `${this.workload}-${ordinal}`;
  }

  /** The names by which its Services and pods are asked, for a certificate; those of pods where it is `stateful`. */
  public certificateNames(stateful: boolean): string[] {
    const [service, headless] = [this.#domain(this.service), this.#domain(this.headless)];
    return [service, ...(stateful ? [headless, `*.${headless}`] : [])];
  }

  /**
   * Whether an address, with Thanos' prefixes of a lookup or without, is that of its Services or pods, as pods of a namespace
   * see it (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services).
   */
  public isAt(address: string, from?: string): boolean {
    const host = address
      .replace(/^dns(srv|srvnoa)?\+/, '')
      .replace(/^_[\w-]+\._tcp\./, '')
      .replace(/:\d+$/, '')
      .replace(/\.$/, '');
    const cluster = `.${this.clusterDomain}`;
    const named = (host.endsWith(cluster) ? host.slice(0, -cluster.length) : host).replace(/\.svc$/, '');
    const domains = [this.service, this.headless].flatMap((service) => [
      `${service}.${this.namespace}`,
      ...(from === this.namespace ? [service] : []),
    ]);
    return domains.some((domain) => named === domain || named.endsWith(`.${domain}`));
  }

  /** Name of an object that belongs to the component alone, such as its hashrings. */
  public object(suffix: OwnObject): string {
    return `${this.workload}-${suffix}`;
  }

  /** Name and selector of what belongs to those of all zones together. */
  public overZones(): { readonly name: string; readonly labels: Record<string, string> } {
    const { instance, component, shard, namespace, clusterDomain, group } = this;
    const { workload, selector } = new Identity(instance, component, shard, namespace, clusterDomain, {}, group);
    return { name: workload, labels: { ...selector } };
  }

  /** Refuses names that are too long, and counts. */
  public requireLength(stateful: boolean): void {
    dnsLabel(this.workload, stateful ? STATEFUL_SET_LENGTH : LABEL_LENGTH);
    dnsLabel(this.service);
    if (stateful) dnsLabel(this.headless);
  }

  #domain(service: string): string {
    return `${service}.${this.namespace}.svc.${this.clusterDomain}`;
  }
}

/** The identity of a component, from where it belongs alone: it can be asked for before the component exists. */
export function identityOf(place: Place, component: string, adopt: AdoptOptions = {}): Identity {
  const { instance = DEFAULT_INSTANCE, namespace = DEFAULT_NAMESPACE, clusterDomain = DEFAULT_CLUSTER_DOMAIN } = place;
  return new Identity(instance, component, place.shard, namespace, clusterDomain, adopt, place.group, place.zone);
}

/** The identity of Grafana, which is not part of Thanos: `grafana`, or `<instance>-grafana` beside a stack of another name. */
export function grafanaIdentity(place: Place, name?: string): Identity {
  const { instance = DEFAULT_INSTANCE } = place;
  const workload = name ?? (instance === DEFAULT_INSTANCE ? GRAFANA : `${instance}-${GRAFANA}`);
  const selector = selectorLabels(instance, GRAFANA, GRAFANA);
  return identityOf(place, GRAFANA, { workload, selector, ports: { http: GRAFANA_PORT } });
}

const SHARED = {
  objstoreConfig: 'objstore-config',
  preflightConfig: 'preflight-config',
  secondConfig: 'objstore-to-config',
  preflight: 'preflight',
  ca: 's3-ca-cert',
  caBundle: 's3-ca',
  credentials: 's3-credentials',
  bucketClaim: 'bucket',
  alerts: 'alerts',
  dashboard: 'dashboard',
  podMonitor: 'pods',
  podMonitorCa: 'pods-ca',
  certificateAlerts: 's3-certificates',
  check: 'check',
  rules: 'rules',
} as const;

/** Name and labels of an object that belongs to no single component. */
export function sharedObject(
  instance: string,
  object: keyof typeof SHARED,
): { readonly name: string; readonly labels: Record<string, string> } {
  return { name: `${instance}-${SHARED[object]}`, labels: objectLabels(instance) };
}

/** Refuses what Kubernetes refuses as the beginning of a Service's name (RFC 1035 label: it starts with a letter). */
export function instanceName(name: string): string {
  if (/^[0-9]/.test(dnsLabel(name)))
    throw new InputProblem(`${found(name)} starts with a digit; the name of a Service must start with a letter`);
  return name;
}
