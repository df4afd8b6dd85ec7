import { type ApiObject, Lazy } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { appChecks } from '../app/app-checks';
import type { Finished } from '../app/finished';
import { instanceOf } from '../app/instance';
import { place } from '../app/place';
import type { AppRegistry } from '../app/registry';
import { requireSameCluster } from '../app/same-app';
import type { Json } from '../support/json';
import { templateOf } from '../manifest/pod-template';
import { namespaceOf } from '../objstore/namespace';
import { checksum } from '../support/checksum';
import { instanceName, PORTS, SHARD_LABEL } from '../support/identity';
import { COMPONENT_LABEL, INSTANCE_LABEL, objectLabels } from '../support/labels';
import { dnsLabel } from '../support/names';
import { checked, found, InputProblem, phrase } from '../support/problem';
import { readProps, type StructTable } from '../support/table';
import { ciliumRule } from './cilium';
import { type ClosedStack, isCiliums, type OwnWay, type Peers, rulesFor } from './closed-stack';
import { anyPeer, caller, type NetworkPeer, portList } from './network-peer';
import { NETWORK_POLICY_OPTIONS, type NetworkPolicyOptions } from './network-policy-options';
import { networkProblems, shutIn } from './network-problems';
import { shutDoors } from './shut-doors';
import { POD_KINDS, selectorOf } from './pod-group';
import { type InstancePlace, judgedTraffic, type Traffic, trafficNow } from './traffic';

/** Properties of NetworkPolicies. */
export interface NetworkPoliciesProps extends NetworkPolicyOptions {
  /**
   * Name of the stack whose pods are closed.
   * @default - that of the ThanosStack around it, else thanos
   */
  readonly instance?: string;
  /**
   * Namespace of the pods.
   * @default - the chart's, else monitoring
   */
  readonly namespace?: string;
}

const PROPS: StructTable<NetworkPoliciesProps> = {
  ...NETWORK_POLICY_OPTIONS,
  instance: instanceName,
  namespace: dnsLabel,
};

function constructOf(part: IConstruct): IConstruct {
  if (Construct.isConstruct(part)) return part;
  throw new InputProblem(`is for ${found(part)}, not a component of the stack; write stack.query!, stack.receiver! …`);
}

/**
 * NetworkPolicies of a stack: one that closes all of its pods both ways, and one for each part that opens what the finished
 * app needs and nothing else. Who calls whom is read from the finished arguments and configs, patches included: the bucket is
 * open for the pods with a Grant alone, gRPC for those that are told to ask, and so on. Who stands outside of the app is
 * named in the options.
 *
 * Parts that are added later get theirs too.
 *
 * @throws at synth where a part would not get where it is told to go, or a pod of the stack has no policy
 */
export class NetworkPolicies extends Construct {
  /** Name of the stack whose pods are closed. */
  public readonly instance: string;
  /** Namespace of the pods. */
  public readonly namespace: string;
  /** The policy that closes all pods of the stack, for patches. */
  public readonly defaultDeny: ApiObject;
  readonly #registry: AppRegistry;
  readonly #peers: Peers;
  readonly #ways: OwnWay[] = [];
  /** With their selectors, by the text of these. */
  readonly #policies = new Map<string, { readonly selector: Record<string, string>; readonly policy: ApiObject }>();
  #cilium?: ApiObject;

  constructor(scope: Construct, id: string, given: NetworkPoliciesProps = {}) {
    super(scope, id);
    const { instance: ofStack, namespace, ...options } = readProps(this, PROPS, given);
    const instance = instanceOf(this, ofStack);
    this.instance = instance;
    this.namespace = namespaceOf(this, namespace);
    this.#peers = Object.fromEntries(
      Object.entries(options as Record<string, NetworkPeer>).map(([key, peer]) => [key, peer._targets()]),
    );
    this.#registry = appChecks(this);
    this.#registry.nameAfter(this, { prop: 'instance', advice: 'Close a stack once' });
    const selector = { [INSTANCE_LABEL]: instance };
    this.defaultDeny = this.#place('DefaultDeny', `${instance}-default-deny`, {
      podSelector: { matchLabels: selector },
    });
    if (Object.values(this.#peers).some((targets) => targets.some(isCiliums))) this.#addCilium();
    this.#registry.placed.each(({ object, manifest }) => this.#cover(object, manifest));
    this.#registry.judges.push({
      construct: this,
      judge: (objects) => this.#problems(objects),
      advise: (objects) => this.#advice(objects),
    });
  }

  /** The policies, that which closes all first; for patches. */
  public get policies(): ApiObject[] {
    return [this.defaultDeny, ...[...this.#policies.values()].map(({ policy }) => policy)];
  }

  /**
   * Lets somebody in whom no option names, such as a Query of another cluster.
   *
   * @param part a component of the stack
   * @param from who comes in
   * @param ports ports of the component's pods
   */
  public letIn(part: IConstruct, from: NetworkPeer, ports: number[]): void {
    checked(this, 'letIn', () => {
      requireSameCluster(this, constructOf(part));
      const read = portList(ports);
      if (read.length === 0)
        throw new InputProblem(`ports: is empty; give those of the component, such as ${PORTS.grpc}`);
      for (const target of caller(from)._targets()) this.#ways.push({ part, target, ports: read });
    });
  }

  /**
   * Whether somebody is let in by hand.
   * @internal
   */
  public _letsIn({ node }: IConstruct, port: number): boolean {
    return this.#ways.some(({ part, ports }) => node.scopes.includes(part) && ports?.includes(port));
  }

  /**
   * Lets a component out to somebody whom no option names, such as what a sidecar of yours calls.
   *
   * @param part a component of the stack
   * @param to where it goes, with the ports
   */
  public letOut(part: IConstruct, to: NetworkPeer): void {
    checked(this, 'letOut', () => {
      requireSameCluster(this, constructOf(part));
      for (const target of anyPeer(to)._targets()) {
        if (target.ports.length === 0) throw new InputProblem('names no port; give ports with the peer');
        this.#ways.push({ part, target });
        if (isCiliums(target)) this.#addCilium();
      }
    });
  }

  /** A policy for the pods of an object, where they are this stack's and none is about them yet. */
  #cover(object: ApiObject, manifest: Json): void {
    if (!POD_KINDS.includes(manifest.kind)) return;
    const labels: Record<string, string> = templateOf(manifest)?.metadata?.labels ?? {};
    const { cluster } = this.#closed;
    const isOurs = labels[INSTANCE_LABEL] === this.instance && manifest.metadata?.namespace === this.namespace;
    if (!isOurs || this.#registry.clusterOf(object) !== cluster) return;
    const selector = selectorOf(manifest, labels);
    const key = JSON.stringify(selector);
    if (this.#policies.has(key)) return;
    const name = this.#nameFor(manifest, selector);
    const rules = (of: 'ingress' | 'egress') =>
      Lazy.any({ produce: () => rulesFor(this.#stack, this.#traffic(), selector)[of] });
    const spec = { podSelector: { matchLabels: selector }, ingress: rules('ingress'), egress: rules('egress') };
    this.#policies.set(key, { selector, policy: this.#place(`Policy-${name}`, name, spec) });
  }

  /** The workload's; the name of a Job tells of one run of it alone, so its labels are taken. */
  #nameFor({ kind, metadata }: Json, selector: Readonly<Record<string, string>>): string {
    const shard = selector[SHARD_LABEL];
    const parts = [this.instance, selector[COMPONENT_LABEL] ?? 'job', ...(shard === undefined ? [] : [shard])];
    const name: string = ['Job', 'CronJob'].includes(kind) ? parts.join('-') : metadata.name;
    // those of two zones have one name
    const taken = this.node.tryFindChild(`Policy-${name}`) !== undefined;
    return taken ? `${name}-${checksum({ selector: JSON.stringify(selector) }).slice(0, 8)}` : name;
  }

  #place(id: string, name: string, { podSelector, ...rules }: Json): ApiObject {
    return place(this, id, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace: this.namespace, labels: objectLabels(this.instance) },
      spec: { podSelector, policyTypes: ['Ingress', 'Egress'], ...rules },
    });
  }

  /** What only Cilium can say: names of hosts, and the API server as an entity. */
  #addCilium(): void {
    const specs = (): Json[] =>
      [...this.#policies.values()].flatMap(({ selector }) => ciliumRule(this.#stack, this.#traffic(), selector) ?? []);
    this.#cilium ??= place(this, 'Cilium', {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: `${this.instance}-cilium`, namespace: this.namespace, labels: objectLabels(this.instance) },
      specs: Lazy.any({ produce: specs }),
    });
  }

  get #closed(): InstancePlace {
    return { instance: this.instance, namespace: this.namespace, cluster: this.#registry.clusterOf(this) };
  }

  get #stack(): ClosedStack {
    return { place: this.#closed, peers: this.#peers, ways: this.#ways };
  }

  /** Of the objects as they stand now. */
  #traffic(): Traffic {
    return trafficNow(this.#registry);
  }

  #advice(objects: readonly Finished[]): string[] {
    const traffic = judgedTraffic(this.#registry, objects);
    const { path } = this.node;
    return [...shutIn(this.#stack, traffic, path), ...shutDoors(this.#stack, traffic, path)];
  }

  #problems(objects: readonly Finished[]): string[] {
    const { path } = this.node;
    const problems = networkProblems(this.#stack, judgedTraffic(this.#registry, objects), path);
    const cilium = objects.find(({ object }) => object === this.#cilium);
    if (cilium && (cilium.json.specs ?? []).length === 0)
      problems.push(
        this.#peers.apiServer?.some(({ entity }) => entity)
          ? phrase(path, 'apiServer', 'is given, but nobody of the stack asks the API server. Drop it')
          : phrase(path, 'names', 'are given, but nobody of the stack calls whom they name. Drop them'),
      );
    return problems;
  }
}
