/** How a foreign workload is let into the bucket. */
export interface GrantOptions {
  /**
   * Names of the containers that open the bucket.
   * @default - all of the pod's `containers`
   */
  readonly containers?: string[];
}
