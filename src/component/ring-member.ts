/** A receiver as a member of a ring. */
export interface RingMember {
  /** Path of its construct, for messages. */
  readonly path: string;
  /** Addresses of its pods. */
  readonly endpoints: readonly string[];
  /** The zone of its pods, where it is told one. */
  readonly zone?: string;
  /** How often a sample is stored in the ring that its pods have of their own; undefined: they only ingest. */
  readonly ownFactor?: number;
  /** Whether its pods say that they take Cap'n Proto. */
  readonly capnproto: boolean;
}
