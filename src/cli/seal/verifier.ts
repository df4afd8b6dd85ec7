import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/*
 * How a value is recognised as unchanged without its plain text: a verifier beside the ciphertext, in a file that is
 * committed. Whoever has the file can test guesses against it, so a plain or salted hash would give short passwords away,
 * and so would an HMAC whose key lies beside it. scrypt with a salt of its own for each value costs 128 MiB and about half
 * a second per guess: nothing for one run, and random S3 keys stay out of reach. For passwords that a person made up there
 * is --no-verifier.
 */
const LOG_N = 17;
const R = 8;
const P = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** scrypt takes 128 * N * r bytes, and some. */
const MAX_MEMORY = 160 * 2 ** 20;

/** Makes the verifier of a value: `scrypt$17$8$1$SALT$HASH`. */
export function makeVerifier(value: Buffer): string {
  const salt = randomBytes(SALT_BYTES);
  return ['scrypt', LOG_N, R, P, salt.toString('base64'), hash(value, salt).toString('base64')].join('$');
}

/** Whether a verifier was made of this value. One of other costs, or a damaged one, was not. */
export function verifies(verifier: unknown, value: Buffer): boolean {
  const [kind, logN, r, p, salt, expected] = typeof verifier === 'string' ? verifier.split('$') : [];
  if (kind !== 'scrypt' || `${logN},${r},${p}` !== `${LOG_N},${R},${P}` || !salt || !expected) return false;
  const wanted = Buffer.from(expected, 'base64');
  return wanted.length === HASH_BYTES && timingSafeEqual(hash(value, Buffer.from(salt, 'base64')), wanted);
}

function hash(value: Buffer, salt: Buffer): Buffer {
  return scryptSync(value, salt, HASH_BYTES, { N: 2 ** LOG_N, r: R, p: P, maxmem: MAX_MEMORY });
}
