import { execFile } from 'node:child_process';
import type { LookupAddress } from 'node:dns';

/** A lookup that is under way. */
export interface Lookup {
  readonly addresses: Promise<LookupAddress[]>;
  stop(): void;
}

const CODE = `require('node:dns').lookup(process.argv[1], { all: true }, (error, addresses) =>
  process.stdout.write(JSON.stringify(error ? { code: error.code } : { addresses })))`;

/**
 * Looks a name up as the system does (hosts file, search domains), in a process of its own: where no DNS server answers,
 * nothing interrupts the system's resolver, and this process could not end before it gives up.
 */
export function startLookup(host: string): Lookup {
  let stop = (): void => undefined;
  const addresses = new Promise<LookupAddress[]>((done, failed) => {
    const child = execFile(process.execPath, ['-e', CODE, '--', host], (error, out) => {
      if (error) return failed(error);
      const { code, addresses: found } = JSON.parse(out);
      return code === undefined ? done(found) : failed(Object.assign(new Error(code), { code }));
    });
    stop = () => void child.kill('SIGKILL');
  });
  return { addresses, stop };
}
