import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { subjectOf } from '../../pki/certificate';
import type { Diagnosis } from './causes';
import { SMALLEST_RSA } from './go/algorithms';
import { type GoCertificate, goCertificate } from './go/certificate';
import { Unreadable } from './go/der';
import type { Fault } from './go/faults';
import { hostnameText, standsFor } from './go/hostname';
import { trustedChain } from './go/verifier';
import { diagnosisOf } from './verdict';

/** What Thanos makes of what a server sends. Where neither `chain` nor `name` is said, it goes on. */
export interface Verdict {
  /** What keeps it from trusting the chain. */
  readonly chain?: Diagnosis;
  /** What keeps the certificate from standing for the name. */
  readonly name?: Diagnosis;
  /** From the server's certificate to the root. */
  readonly path: X509Certificate[];
}

const LARGEST_RSA = 8192;

/** Judges what a server sent, its own certificate first, as Go's TLS client does. */
export function verdictOf(sent: X509Certificate[], trusted: X509Certificate[], host: string, now: Date): Verdict {
  const isUnread = (one: X509Certificate): boolean => !('extensions' in attempt(one));
  const unfit = trusted.length > 0 && trusted.every(isUnread) ? noRoot(trusted) : handshakeProblem(sent);
  if (unfit) return { chain: unfit, path: [] };
  // of all public roots few have the name of an issuer; the others are not read
  const names = new Set(sent.flatMap(({ subject, issuer }) => [subject, issuer]));
  const named = trusted.filter(({ subject }) => names.has(subject));
  const roots = named.map(attempt).filter((one) => 'extensions' in one);
  const passedOver = named.filter((one) => roots.every(({ node }) => node !== one));
  const found = trustedChain({ sent: sent.map(goCertificate), roots, now });
  const name = nameProblem(sent[0], host);
  if (Array.isArray(found)) return { chain: keyProblem(sent[0]), name, path: found.map(({ node }) => node) };
  const chain = diagnosisOf(found, { sent, trusted, passedOver });
  const thanos = isFirst(found, sent[0]) ? chain.thanos : (name?.thanos ?? chain.thanos);
  return { chain: { ...chain, thanos }, name, path: [] };
}

/** What keeps Go from a handshake with these certificates, be they verified or not. */
export function handshakeProblem(sent: X509Certificate[]): Diagnosis | undefined {
  for (const certificate of sent) {
    const subject = subjectOf(certificate);
    const read = attempt(certificate);
    if (!('extensions' in read))
      return {
        cause: `Thanos can't read the certificate of ${subject}: ${read.message}`,
        fix: 'issue it anew; a copy with openssl keeps the fault',
        thanos: `tls: failed to parse certificate from server: ${read.message}`,
      };
    const bits = read.publicKey?.rsaBits ?? SMALLEST_RSA;
    if (bits > LARGEST_RSA)
      return {
        cause: `the key of ${subject} has ${bits} bits; Thanos takes RSA keys up to ${LARGEST_RSA}`,
        fix: 'issue the certificate for a smaller key',
        thanos: `tls: server sent certificate containing RSA key larger than ${LARGEST_RSA} bits`,
      };
  }
  return undefined;
}

/** What keeps a server from proving that it has the key of its certificate; Go asks for that after all else. */
export function keyProblem(leaf: X509Certificate): Diagnosis | undefined {
  const { publicKey } = goCertificate(leaf);
  const { kind = 'other', rsaBits: bits = SMALLEST_RSA } = publicKey ?? {};
  if (kind === 'other')
    return {
      cause: `the key of ${subjectOf(leaf)} is of a kind that Thanos does not know`,
      fix: 'issue the certificate for an RSA or ECDSA key',
    };
  if (bits >= SMALLEST_RSA) return undefined;
  return {
    cause: `the key of ${subjectOf(leaf)} has ${bits} bits; Thanos accepts no RSA key below ${SMALLEST_RSA}`,
    fix: 'issue the certificate for a key of 2048 bits or more',
    thanos: `crypto/rsa: ${bits}-bit keys are insecure`,
  };
}

/** What keeps a certificate from standing for a name; undefined: nothing. Common names don't count. */
export function nameProblem(leaf: X509Certificate, name: string): Diagnosis | undefined {
  const read = attempt(leaf);
  if (!('extensions' in read)) return handshakeProblem([leaf]);
  if (standsFor(read, name)) return undefined;
  const thanos = hostnameText(read, name);
  const names = leaf.subjectAltName;
  if (names === undefined) {
    return {
      cause: 'the certificate has no names (SAN) but a common name, which is not looked at any more',
      fix: `give the server a certificate with subjectAltName ${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`,
      thanos,
    };
  }
  const fix = 'set serverName to one of these names, or give the server a certificate that has this one';
  const wanted = isIP(name) === 0 ? name : `the address ${name}`;
  return { cause: `the certificate is for ${names}, not for ${wanted}`, fix, thanos };
}

/** Go looks at the server's own dates, then at its names, and then at who signed it. */
function isFirst({ reason, at }: Fault, leaf: X509Certificate): boolean {
  return at.node === leaf && ['expired', 'not-yet-valid', 'critical-extension'].includes(reason);
}

function noRoot(trusted: X509Certificate[]): Diagnosis {
  const read = attempt(trusted[0]);
  return {
    cause: `Thanos can read no certificate of the CA: ${read instanceof Unreadable ? read.message : ''}`,
    fix: 'make the CA anew, or give another one',
    thanos: 'unable to use specified CA cert',
  };
}

function attempt(certificate: X509Certificate): GoCertificate | Unreadable {
  try {
    return goCertificate(certificate);
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}
