import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import * as path from 'node:path';
import { type KeyPair, issue, makeKeys, privateKeyPem } from '../../src/cli/pki/issue';
import type { Attribute } from '../../src/cli/pki/subject';

/** A certificate and its private key, PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
  readonly keys: KeyPair;
  readonly subject: Attribute[];
}

const DAY_MS = 24 * 3600 * 1000;

/** What a test's certificate says; valid from a day ago for a year unless told. */
export interface Wanted {
  readonly name: string;
  /** DNS names and addresses of a server; without: a CA. */
  readonly names?: string[];
  readonly issuer?: Pair;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** Makes certificates that `ca create` has no option for, with its own code: expired, intermediate, self-signed leaf. */
export async function issued({ name, names, issuer, notBefore, notAfter }: Wanted): Promise<Pair> {
  const keys = await makeKeys(0);
  const subject = [{ shortName: 'CN', value: name }];
  const certificate = issue({
    subject,
    names,
    publicKey: keys.publicKey,
    issuer: { subject: issuer?.subject ?? subject, ...(issuer?.keys ?? keys) },
    notBefore: notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: notAfter ?? new Date(Date.now() + 365 * DAY_MS),
  });
  return { certificate, key: privateKeyPem(keys.privateKey), keys, subject };
}

/** The CA that `ca create` wrote, to sign more with it. */
export function createdCa(folder: string): Pair {
  const certificate = readFileSync(path.join(folder, 'ca.crt'), 'utf8');
  const key = readFileSync(path.join(folder, 'ca.key'), 'utf8');
  const { publicKey, subject } = new X509Certificate(certificate);
  const attributes = subject.split('\n').map((line) => {
    const [shortName, ...value] = line.split('=');
    return { shortName, value: value.join('=') };
  });
  return { certificate, key, keys: { publicKey, privateKey: createPrivateKey(key) }, subject: attributes };
}

/** Writes a pair as MinIO reads it; returns the folder. */
export function minioFolder(folder: string, { certificate, key }: Pair, chain = ''): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'public.crt'), certificate + chain);
  writeFileSync(path.join(folder, 'private.key'), key, { mode: 0o600 });
  return folder;
}
