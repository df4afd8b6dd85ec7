import type { Holding } from '../lint/holdings';

/** What is drawn of manifests: who is there, and who calls whom. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The pods of a workload, a bucket, or what the manifests only name. */
export interface GraphNode {
  /** Letters, digits and `_`; no word of Mermaid or DOT. */
  readonly id: string;
  readonly shape: 'pods' | 'bucket' | 'outside';
  readonly title: string;
  /** What is said of it below its title. */
  readonly lines: readonly string[];
  /** What it holds of what opens the bucket. */
  readonly holds: readonly Holding[];
  /** The namespace of pods, with the cluster before it where there are several. */
  readonly group?: string;
}

/** From who opens the connection to who answers. */
export interface GraphEdge {
  /** A call that somebody is told to make, or one that a NetworkPolicy lets through and nobody is told to make. */
  readonly kind: 'call' | 'allowed';
  readonly from: string;
  readonly to: string;
  /** What goes over it. */
  readonly carries: string;
  /** Protocol and port of the pods that answer. */
  readonly port: string;
  /** The flags, fields or policies that say so. */
  readonly by: string;
  /** The NetworkPolicies that refuse the call, with `(Cilium)` after the names of Cilium's. */
  readonly refusedBy?: string;
}
