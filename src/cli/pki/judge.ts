import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { issuerOf, notAfter, notBefore, subjectOf } from '../../pki/certificate';
import { OIDS } from '../../pki/oids';
import type { Diagnosis } from './causes';
import { isSelfSigned, pathTo } from '../../pki/chain';

const SERVER_USES: string[] = [OIDS.serverAuth, OIDS.anyExtendedKeyUsage];

/** What keeps Thanos from trusting a chain, in the order in which Go looks; undefined: nothing. */
export function chainProblem(chain: X509Certificate[], trusted: X509Certificate[], now: Date): Diagnosis | undefined {
  const old = validityProblem(chain[0], now);
  if (old) return old;
  const path = pathTo(chain, trusted);
  if (!path) return unknownAuthority(chain, trusted);
  for (const certificate of path.slice(1)) {
    const problem = validityProblem(certificate, now);
    if (problem) return problem;
  }
  return useProblem(chain[0]);
}

/** What keeps a certificate from standing for a name; undefined: nothing. Common names don't count. */
export function nameProblem(leaf: X509Certificate, name: string): Diagnosis | undefined {
  const matches =
    isIP(name) === 0 ? leaf.checkHost(name, { subject: 'never', partialWildcards: false }) : leaf.checkIP(name);
  if (matches) return undefined;
  const names = leaf.subjectAltName;
  if (names === undefined) {
    return {
      cause: 'the certificate has no names (SAN) but a common name, which is not looked at any more',
      fix: `give the server a certificate with subjectAltName ${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`,
      thanos: goNameText(leaf, name),
    };
  }
  const fix = 'set serverName to one of these names, or give the server a certificate that has this one';
  const wanted = isIP(name) === 0 ? name : `the address ${name}`;
  return { cause: `the certificate is for ${names}, not for ${wanted}`, fix, thanos: goNameText(leaf, name) };
}

/** Go's words (x509.HostnameError): of the names, it lists only those of the kind that was wanted. */
function goNameText(leaf: X509Certificate, name: string): string {
  const sans = leaf.subjectAltName?.split(', ') ?? [];
  if (sans.length === 0 && hasCommonName(leaf, name))
    return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  const kind = isIP(name) === 0 ? 'DNS:' : 'IP Address:';
  const valid = sans.filter((san) => san.startsWith(kind)).map((san) => san.slice(kind.length));
  if (valid.length > 0) return `x509: certificate is valid for ${valid.join(', ')}, not ${name}`;
  return isIP(name) === 0
    ? `x509: certificate is not valid for any names, but wanted to match ${name}`
    : `x509: cannot validate certificate for ${name} because it doesn't contain any IP SANs`;
}

/** OpenSSL throws where the common name is no text. */
function hasCommonName(leaf: X509Certificate, name: string): boolean {
  try {
    return leaf.checkHost(name, { subject: 'always' }) !== undefined;
  } catch {
    return false;
  }
}

function validityProblem(certificate: X509Certificate, now: Date): Diagnosis | undefined {
  const thanos = 'x509: certificate has expired or is not yet valid';
  const subject = subjectOf(certificate);
  const start = notBefore(certificate);
  if (now > notAfter(certificate)) {
    const fix = certificate.ca
      ? 'replace the CA, with the old and the new one in the bundle for a while'
      : "renew the server's certificate";
    return { cause: `the certificate of ${subject} expired on ${notAfter(certificate).toISOString()}`, fix, thanos };
  }
  if (now < start)
    return {
      cause: `the certificate of ${subject} is not valid before ${start.toISOString()}`,
      fix: 'check the clocks, here and where the certificate was made',
      thanos,
    };
  return undefined;
}

function unknownAuthority(chain: X509Certificate[], trusted: X509Certificate[]): Diagnosis {
  // Node ends the chain with a trusted namesake where the certificates carry no key identifiers
  const shown = chain.filter((c) => !trusted.some((root) => root.fingerprint256 === c.fingerprint256));
  const top = shown[shown.length - 1] ?? chain[0];
  const issuer = issuerOf(top);
  const base = 'x509: certificate signed by unknown authority';
  const namesake = trusted.find((root) => root.subject !== undefined && root.subject === top.issuer);
  if (namesake && !isSelfSigned(top)) {
    return {
      cause: `the CA has the name of the signer (${issuer}), but another key: it was made anew`,
      fix: 'take the CA that signed this certificate, or sign the server anew with the CA that you have',
      thanos: `${base} (possibly because of "..." while trying to verify candidate authority certificate "...")`,
    };
  }
  return {
    cause: isSelfSigned(chain[0])
      ? `the server's certificate signed itself (${subjectOf(chain[0])}) and is not among the trusted roots`
      : `unknown authority: the server's chain ends at ${issuer}, which is not among the trusted roots`,
    fix: 'put the CA that signed the server into the Secret thanos-s3-ca-cert (ca in the stack; "cdk8s-thanos ca fetch" shows it); a missing intermediate belongs in the server\'s own chain',
    thanos: base,
  };
}

function useProblem(leaf: X509Certificate): Diagnosis | undefined {
  const uses = leaf.keyUsage as string[] | undefined;
  if (uses === undefined || uses.some((use) => SERVER_USES.includes(use))) return undefined;
  return {
    cause: "the certificate's extended key usage does not allow a server (serverAuth)",
    fix: 'give the server a certificate with extendedKeyUsage serverAuth',
    thanos: 'x509: certificate specifies an incompatible key usage',
  };
}
