import { OIDS } from '../../../pki/oids';
import type { GoCertificate } from './certificate';

/** A policy that holds down to a certificate of the chain, and what it is called below (RFC 5280 6.1.2, RFC 9618). */
interface Node {
  readonly policy: string;
  expected: string[];
  readonly parents: Set<Node>;
  readonly children: Set<Node>;
}

const ANY = OIDS.anyPolicy;

/** Layers of policies, one for each certificate from the root down. */
class Graph {
  private readonly layers: Map<string, Node>[] = [new Map([[ANY, node(ANY, [])]])];

  public get leaves(): Map<string, Node> {
    return this.layers[this.layers.length - 1];
  }

  public get above(): Map<string, Node> {
    return this.layers[this.layers.length - 2] ?? new Map<string, Node>();
  }

  public grow(): void {
    this.layers.push(new Map());
  }

  public add(policy: string, parents: Node[], expected = [policy]): void {
    this.leaves.set(policy, node(policy, parents, expected));
  }

  public drop(policy: string): void {
    const leaf = this.leaves.get(policy);
    leaf?.parents.forEach((parent) => parent.children.delete(leaf));
    this.leaves.delete(policy);
  }

  /** Forgets what leads to no certificate below. */
  public prune(): void {
    for (const layer of this.layers.slice(1, -1).reverse())
      for (const [policy, one] of layer) {
        if (one.children.size > 0) continue;
        one.parents.forEach((parent) => parent.children.delete(one));
        layer.delete(policy);
      }
  }

  /** Whether any policy of the authorities is left. */
  public get holds(): boolean {
    const own = this.layers.flatMap((layer) => [...layer.values()]).filter(({ policy }) => policy !== ANY);
    return this.leaves.has(ANY) || own.some(({ parents }) => parents.size === 1 && [...parents][0].policy === ANY);
  }
}

/** Whether a chain, leaf first, keeps to the policies that its certificates insist on; Go asks for none itself. */
export function policiesHold(chain: GoCertificate[]): boolean {
  if (chain.length === 1) return true;
  const below = chain.slice(0, -1).reverse();
  const left = { any: below.length + 1, explicit: below.length + 1, mapping: below.length + 1 };
  let graph: Graph | undefined = new Graph();
  for (const [i, { extensions, issuer, subject }] of below.entries()) {
    const isLast = i === below.length - 1;
    const selfIssued = issuer.raw.equals(subject.raw);
    if (extensions.policies.length === 0) graph = undefined;
    if (left.explicit === 0 && !graph) return false;
    if (graph) {
      descend(graph, extensions.policies, left.any > 0 || (!isLast && selfIssued));
      if (!isLast && !map(graph, extensions.policyMappings, left.mapping > 0)) return false;
    }
    if (isLast) break;
    if (!selfIssued) for (const key of ['any', 'explicit', 'mapping'] as const) left[key] = Math.max(0, left[key] - 1);
    left.explicit = Math.min(left.explicit, extensions.requireExplicitPolicy ?? left.explicit);
    left.mapping = Math.min(left.mapping, extensions.inhibitPolicyMapping ?? left.mapping);
    left.any = Math.min(left.any, extensions.inhibitAnyPolicy ?? left.any);
  }
  const explicit = chain[0].extensions.requireExplicitPolicy === 0 ? 0 : Math.max(0, left.explicit - 1);
  return explicit > 0 || graph?.holds === true;
}

function node(policy: string, parents: Node[], expected = [policy]): Node {
  const made = { policy, expected, parents: new Set(parents), children: new Set<Node>() };
  for (const parent of parents) parent.children.add(made);
  return made;
}

/** RFC 5280 6.1.3 (d). */
function descend(graph: Graph, policies: string[], anyAllowed: boolean): void {
  graph.grow();
  const above = [...graph.above.values()];
  for (const policy of policies.filter((one) => one !== ANY)) {
    const expecting = above.filter(({ expected }) => expected.includes(policy));
    const parents = expecting.length > 0 ? expecting : above.filter((parent) => parent.policy === ANY);
    if (parents.length > 0) graph.add(policy, parents);
  }
  if (policies.includes(ANY) && anyAllowed) {
    const missing = new Set(above.flatMap(({ expected }) => expected).filter((one) => !graph.leaves.has(one)));
    for (const policy of missing)
      graph.add(
        policy,
        above.filter(({ expected }) => expected.includes(policy)),
      );
  }
  graph.prune();
}

/** RFC 5280 6.1.4 (a) and (b); false: a mapping to or from any policy, which is not allowed. */
function map(graph: Graph, mappings: { issuer: string; subject: string }[], allowed: boolean): boolean {
  if (!allowed) {
    for (const { issuer } of mappings) graph.drop(issuer);
    graph.prune();
    return true;
  }
  if (mappings.some(({ issuer, subject }) => issuer === ANY || subject === ANY)) return false;
  for (const issuer of new Set(mappings.map((one) => one.issuer))) {
    const subjects = mappings.filter((one) => one.issuer === issuer).map(({ subject }) => subject);
    const leaf = graph.leaves.get(issuer);
    const any = graph.leaves.get(ANY);
    if (leaf) leaf.expected = subjects;
    else if (any) graph.add(issuer, [any], subjects);
  }
  return true;
}
