import { createSecureContext } from 'node:tls';
import { CliProblem, reason } from './problem';

/** A client certificate and its private key, PEM. */
export interface ClientPair {
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/** A pair that TLS can use; undefined where neither is given. Half of one, or two that don't fit, are refused. */
export function clientPair(certificate: Buffer | undefined, key: Buffer | undefined): ClientPair | undefined {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined)
    throw new CliProblem('a client certificate needs both --client-cert and --client-key');
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    throw new CliProblem(`the client certificate and its key can't be used: ${reason(error)}`);
  }
  return { certificate, key };
}
