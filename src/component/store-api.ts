import { InputProblem, found } from '../support/problem';
import { having } from '../support/rows';
import { type Row, within } from '../support/table';

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

const API = having<IStoreApi>({ storeApiAddress: 'string' }, 'a component with a StoreAPI');

/** How a reference to one is read. */
export const STORE_API: Row<IStoreApi> = (value) => {
  const api = API(value);
  within('storeApiAddress', () => endpoint(api.storeApiAddress));
  if (api.replicaLabel !== undefined && typeof api.replicaLabel !== 'string')
    throw new InputProblem(`replicaLabel: is ${found(api.replicaLabel)}, not the name of a label`);
  return api;
};

/** An address for `--endpoint`. */
export function endpoint(address: string): string {
  if (
    typeof address === 'string' &&
    /^((dns|dnssrv|dnssrvnoa|dnsdualstack)\+)?[^\s/+%\u0000-\u001f\u007f]+$/.test(address)
  )
    return address;
  throw new InputProblem(
    `${found(address)} is not a StoreAPI address; write "host:port", or a name with dns+ or dnssrv+ before it, without scheme`,
  );
}
