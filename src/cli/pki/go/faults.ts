import type { GoCertificate } from './certificate';

/** What Go finds wrong. */
export type Reason =
  | 'unknown-authority'
  | 'may-not-sign'
  | 'bad-signature'
  | 'expired'
  | 'not-yet-valid'
  | 'critical-extension'
  | 'path-length'
  | 'usage'
  | 'constraint'
  | 'policy'
  | 'too-many'
  | 'unreadable'
  | 'key';

/** What keeps Go from trusting a chain. */
export interface Fault {
  readonly reason: Reason;
  /** The certificate that is at fault. */
  readonly at: GoCertificate;
  /** Go's text, without what changes with the clock. */
  readonly text: string;
  /** More than the reason tells. */
  readonly detail?: string;
  /** Why the certificate that has the name of the issuer is not the issuer. */
  readonly candidate?: Fault;
}

/** What Go calls a certificate that could have been the issuer. */
export function calledByGo({ subject, serial }: GoCertificate): string {
  return subject.commonName || subject.organization || `serial:${serial}`;
}
