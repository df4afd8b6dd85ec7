import type { GoCertificate } from './certificate';

/** The certificates of a pool that have the name of the issuer; those whose key identifiers fit first, as Go takes them. */
export function candidates(pool: GoCertificate[], child: GoCertificate): GoCertificate[] {
  const wanted = child.extensions.authorityKeyId;
  const rank = ({ extensions: { subjectKeyId } }: GoCertificate): number => {
    if (subjectKeyId.equals(wanted)) return 0;
    return (subjectKeyId.length === 0) !== (wanted.length === 0) ? 1 : 2;
  };
  return distinct(pool)
    .filter(({ subject }) => subject.raw.equals(child.issuer.raw))
    .sort((a, b) => rank(a) - rank(b));
}

function distinct(pool: GoCertificate[]): GoCertificate[] {
  return [...new Map(pool.map((one) => [one.node.fingerprint256, one] as const)).values()];
}
