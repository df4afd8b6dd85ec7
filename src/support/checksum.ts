import { createHash } from 'node:crypto';

/** SHA-256 over named parts, in hex. The names keep ('ab','c') and ('a','bc') apart. */
export function checksum(parts: Record<string, string | undefined>): string {
  const hash = createHash('sha256');
  for (const [name, part] of Object.entries(parts)) {
    if (part !== undefined) hash.update(`${name}\0${Buffer.byteLength(part)}\0${part}\0`);
  }
  return hash.digest('hex');
}
