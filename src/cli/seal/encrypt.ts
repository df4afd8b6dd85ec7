import { type KeyObject, constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';

/** What a sealed value is bound to. */
export const SCOPES = ['strict', 'namespace-wide', 'cluster-wide'] as const;
/** One of them. */
export type Scope = (typeof SCOPES)[number];

/** Where a value is sealed for. */
export interface Place {
  readonly scope: Scope;
  readonly namespace: string;
  readonly name: string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;

/** The label that binds a ciphertext to its place: the controller opens it with the same one only. */
export function labelOf({ scope, namespace, name }: Place): Buffer {
  return Buffer.from({ strict: `${namespace}/${name}`, 'namespace-wide': namespace, 'cluster-wide': '' }[scope]);
}

/**
 * Seals a value as sealed-secrets does (its HybridEncrypt): a random AES-256-GCM key, encrypted with RSA-OAEP-SHA256 and
 * the label, behind 2 bytes of its length; then the value. The nonce is zero, since each key is used once.
 */
export function seal(value: Buffer, publicKey: KeyObject, place: Place): string {
  const sessionKey = randomBytes(KEY_BYTES);
  const label = labelOf(place);
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  const wrapped = publicEncrypt(
    { key: publicKey, ...padding, ...(label.length > 0 ? { oaepLabel: label } : {}) },
    sessionKey,
  );
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  const cipher = createCipheriv('aes-256-gcm', sessionKey, Buffer.alloc(NONCE_BYTES));
  const encrypted = Buffer.concat([cipher.update(value), cipher.final()]);
  return Buffer.concat([length, wrapped, encrypted, cipher.getAuthTag()]).toString('base64');
}
