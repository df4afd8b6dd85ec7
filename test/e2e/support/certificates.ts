import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/** A private CA and a server certificate that it signed, PEM. */
export interface PrivateCa {
  readonly caPem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/**
 * Makes a CA (ECDSA, as small S3 appliances do) and a certificate for DNS names, of a server that may be a client too. The
 * CA's key is forgotten at once. Both end after so many days.
 */
export function privateCa(host: string, { names = [host], client = false, days = 2 } = {}): PrivateCa {
  const folder = mkdtempSync(path.join(tmpdir(), 'thanos-e2e-'));
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  try {
    const caRules = [
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    ];
    const end = ['-days', `${days}`];
    openssl(
      'req',
      '-x509',
      ...EC,
      ...end,
      '-subj',
      '/CN=e2e private CA',
      ...caRules,
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
    );
    openssl('req', ...EC, '-subj', `/CN=${host}`, '-keyout', 'tls.key', '-out', 'tls.csr');
    const usage = client ? 'serverAuth,clientAuth' : 'serverAuth';
    const altNames = names.map((name) => `DNS:${name}`).join(',');
    writeFileSync(path.join(folder, 'ext'), `subjectAltName=${altNames}\nextendedKeyUsage=${usage}\n`);
    const sign = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', ...end, '-extfile', 'ext'];
    openssl('x509', '-req', '-in', 'tls.csr', ...sign, '-out', 'tls.crt');
    const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
    return { caPem: read('ca.crt'), certificatePem: read('tls.crt'), keyPem: read('tls.key') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
