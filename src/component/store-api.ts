import { PORTS } from '../support/identity';
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

const API = having<IStoreApi>(
  { storeApiAddress: 'string' },
  'a component with a StoreAPI; an address goes into endpoints',
);

/** How a reference to one is read. */
export const STORE_API: Row<IStoreApi> = (value) => {
  const api = API(value);
  within('storeApiAddress', () => endpoint(api.storeApiAddress));
  if (api.replicaLabel !== undefined && (typeof api.replicaLabel !== 'string' || api.replicaLabel === ''))
    throw new InputProblem(`replicaLabel: is ${found(api.replicaLabel)}, not the name of a label`);
  return api;
};

/** An address for `--endpoint`. Without a port gRPC takes 443, and what `dns+` looks up is not found (measured). */
export function endpoint(address: string): string {
  const [, lookup = '', host] = (typeof address === 'string' && ADDRESS.exec(address)) || [];
  if (host === undefined)
    throw new InputProblem(
      `${found(address)} is not a StoreAPI address; write "host:port", or a name with dns+ or dnssrv+ before it, without scheme`,
    );
  const [, , port] = HOST_PORT.exec(host) ?? [];
  if (/^dnssrv/.test(lookup) || (Number(port) > 0 && Number(port) < 65_536)) return address;
  const bare = BARE_IPV6.test(host);
  if (!bare && /:[^:]/.test(host.replace(/^\[.*\]/, '')))
    throw new InputProblem(
      `${found(address)} does not end in a port of 1 to 65535 after a host; write ${found(`${lookup}host:${PORTS.grpc}`)}, of IPv6 ${found(`[::1]:${PORTS.grpc}`)}`,
    );
  const told = `${lookup}${bare ? `[${host}]` : host.replace(/:+$/, '')}:${PORTS.grpc}`;
  throw new InputProblem(
    `${found(address)} has no port; write ${found(told)}. Only names with dnssrv+, such as "dnssrv+_grpc._tcp.…", bring theirs`,
  );
}

const ADDRESS = /^((?:dns|dnssrv|dnssrvnoa|dnsdualstack)\+)?([^\s/+%\u0000-\u001f\u007f]+)$/;
const HOST_PORT = /^(\[[0-9a-f:.]+\]|[^:[\]]+):([0-9]{1,5})$/i;
const BARE_IPV6 = /^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/i;
