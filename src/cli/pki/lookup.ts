import { spawn } from 'node:child_process';
import type { LookupAddress } from 'node:dns';

/** A lookup that is under way. */
export interface Lookup {
  /** The system's resolver is being asked: until then a process starts. */
  readonly begun: Promise<void>;
  readonly addresses: Promise<LookupAddress[]>;
  stop(): void;
}

const CODE = `process.stdout.write('\\n');
require('node:dns').lookup(process.argv[1], { all: true }, (error, addresses) =>
  process.stdout.write(JSON.stringify(error ? { code: error.code } : { addresses })))`;

/**
 * Looks a name up as the system does (hosts file, search domains), in a process of its own: where no DNS server answers,
 * nothing interrupts the system's resolver, and this process could not end before it gives up.
 */
export function startLookup(host: string): Lookup {
  const child = spawn(process.execPath, ['-e', CODE, '--', host], { stdio: ['ignore', 'pipe', 'ignore'] });
  const begun = new Promise<void>((done) => {
    child.stdout.once('data', () => done());
    child.once('close', () => done());
    child.once('error', () => done());
  });
  const addresses = new Promise<LookupAddress[]>((done, failed) => {
    let out = '';
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.once('error', failed);
    child.once('close', () => {
      const { code = 'EAI_FAIL', addresses: found } = answerOf(out);
      if (found) done(found);
      else failed(Object.assign(new Error(code), { code }));
    });
  });
  return { begun, addresses, stop: () => void child.kill('SIGKILL') };
}

function answerOf(out: string): { code?: string; addresses?: LookupAddress[] } {
  return out.trim() === '' ? {} : JSON.parse(out);
}
