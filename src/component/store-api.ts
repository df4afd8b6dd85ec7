import type { ThanosComponent } from './thanos-component';

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

/** The SRV name of a headless Service's gRPC port: one address for each pod. */
export function grpcSrv(component: ThanosComponent, headlessName: string): string {
  return `dnssrv+_grpc._tcp.${headlessName}.${component.namespace}.svc.${component.clusterDomain}`;
}
