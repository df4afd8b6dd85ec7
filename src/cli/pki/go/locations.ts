import { Der, TAG } from './der';

const URI = 0x86;

/** Where an authority tells more of itself: only read, since Go refuses what it can't read. */
export function authorityInfoAccess(value: Buffer): void {
  const list = new Der(value, 'x509: invalid authority info access').inner(TAG.sequence);
  while (!list.empty) {
    const access = list.inner(TAG.sequence);
    access.oid();
    access.optional(URI);
  }
}

/** Where lists of revoked certificates are, likewise. Go reads full names alone. */
export function distributionPoints(value: Buffer): void {
  const list = new Der(value, 'x509: invalid CRL distribution point').inner(TAG.sequence);
  while (!list.empty) {
    const names = list.inner(TAG.sequence).optional(0xa0)?.inner(0xa0);
    while (names?.next(URI)) names.content(URI);
  }
}
