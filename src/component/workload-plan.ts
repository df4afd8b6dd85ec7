import type { Ports } from '../pod/objects';
import type { PodPlan } from '../pod/pod';
import type { ClaimPlan } from '../pod/storage';

/** A kind of component. */
export interface ComponentKind {
  /** Value of the label `app.kubernetes.io/component`, end of the names, and name of the container. */
  readonly component: string;
  /** Fields of its props beyond those of every component. */
  readonly fields: readonly string[];
}

/** What a kind of component decides of its workload. */
export interface WorkloadPlan {
  readonly pod: Omit<PodPlan, 'container' | 'ports'>;
  readonly replicas: number;
  readonly ports: Ports;
  /** Set for a StatefulSet. */
  readonly stateful?: {
    readonly claim?: ClaimPlan;
    readonly publishNotReadyAddresses?: boolean;
    readonly minReadySeconds?: number;
  };
}
