/** One line of the grant table: what a workload has of the bucket, read from the finished object. */
export interface GrantRow {
  /** Kind of the object. */
  readonly kind: string;
  /** Name of the object. */
  readonly name: string;
  /**
   * Namespace of the object.
   * @default - undefined: it has none
   */
  readonly namespace?: string;
  /**
   * Cluster of the workload's stack.
   * @default - undefined: the stack names none
   */
  readonly cluster?: string;
  /**
   * The objstore flag among the containers' arguments.
   * @default - undefined: it has none
   */
  readonly objstoreFlag?: string;
  /**
   * The CA's object, `Secret/name` or `ConfigMap/name`.
   * @default - undefined: it has no CA
   */
  readonly caSource?: string;
  /**
   * Where the CA is mounted: the file, or the directory where a workload mounts the object by itself.
   * @default - undefined: no CA is mounted
   */
  readonly caPath?: string;
  /**
   * Where the keys come from.
   * @default - undefined: it has no keys
   */
  readonly keys?: string;
  /**
   * Why it may have what it has, where it was let in by `share`.
   * @default - undefined: it was not
   */
  readonly shared?: string;
}
