import { type KeyObject, constants, createDecipheriv, privateDecrypt } from 'node:crypto';

/** Opens a sealed value as the controller does: written from sealed-secrets' format, apart from the code that seals. */
export function open(ciphertext: string, key: KeyObject, scope: string, namespace: string, name: string): Buffer {
  const sealed = Buffer.from(ciphertext, 'base64');
  const length = sealed.readUInt16BE(0);
  const labels: Record<string, string> = { strict: `${namespace}/${name}`, 'namespace-wide': namespace };
  const oaepLabel = scope in labels ? Buffer.from(labels[scope]) : undefined;
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel };
  const sessionKey = privateDecrypt({ key, ...padding }, sealed.subarray(2, 2 + length));
  const decipher = createDecipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12));
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(2 + length, -16)), decipher.final()]);
}
