import { InputProblem, found } from '../support/problem';
import { listOf } from '../support/rows';

const ADDRESS = /^((dns\+)?[^\s+]+:\d{1,5}|(dnssrv|dnssrvnoa)\+[^\s+:]+(:\d{1,5})?)$/;

/** Reads addresses, and refuses those with which Thanos ends at its start: no port, or a name that nothing looks up. */
export function memcachedAddresses(given: unknown): string[] {
  const addresses = listOf(address)(given);
  if (addresses.length === 0) throw new InputProblem('is empty; Thanos needs one');
  return addresses;
}

function address(given: unknown): string {
  if (typeof given === 'string' && ADDRESS.test(given)) return given;
  throw new InputProblem(
    `${found(given)} is not an address of memcached; write "host:port", "dns+host:port" or "dnssrv+_memcached._tcp.name"`,
  );
}
