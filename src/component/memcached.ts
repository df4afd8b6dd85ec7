import { InputProblem, found } from '../support/problem';

const ADDRESS = /^((dns\+)?[^\s+]+:\d{1,5}|(dnssrv|dnssrvnoa)\+[^\s+:]+(:\d{1,5})?)$/;

/** Refuses addresses with which Thanos ends at its start: no port, or a name that nothing looks up. */
export function memcachedAddresses(addresses: string[]): string[] {
  if (!Array.isArray(addresses) || addresses.length === 0)
    throw new InputProblem('addresses is empty; Thanos needs one');
  const bad = addresses.find((address) => typeof address !== 'string' || !ADDRESS.test(address));
  if (bad === undefined) return addresses;
  throw new InputProblem(
    `${found(bad)} is not an address of memcached; write "host:port", "dns+host:port" or "dnssrv+_memcached._tcp.name"`,
  );
}
