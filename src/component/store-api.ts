/** Something that answers Thanos' StoreAPI: a source of Query. */
export interface IStoreApi {
  /** Address for Query, found by DNS SRV: `dnssrv+_grpc._tcp.…`. */
  readonly storeApiAddress: string;
  /**
   * Label that tells its replicas apart.
   * @default - undefined: its replicas serve the same blocks
   */
  readonly replicaLabel?: string;
}
