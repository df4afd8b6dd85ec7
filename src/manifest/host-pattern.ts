/** A label of a name, or a part of one. */
const LABEL = '[-a-z0-9_]';

/**
 * Whether a name is one of a `matchName` or `matchPattern` of Cilium
 * (https://docs.cilium.io/en/stable/security/policy/language/#dns-based): `*` stands for a part of one label, alone for any name,
 * and `**.` before a name for all below it.
 */
export function hostMatches(pattern: string, host: string): boolean {
  const asked = plain(host);
  const wanted = plain(pattern);
  if (wanted === '*') return true;
  const below = wanted.startsWith('**.');
  const rest = (below ? wanted.slice(3) : wanted).replace(/[^a-z0-9*_-]/g, '\\$&').replaceAll('*', `${LABEL}*`);
  return new RegExp(`^${below ? `(${LABEL}+\\.)+` : ''}${rest}$`).test(asked);
}

/** Whether it may be the name of a bucket before that of its store, as virtual-hosted style has it. */
export function isBucketOf(pattern: string, host: string): boolean {
  const asked = plain(host);
  return pattern.includes('*') ? hostMatches(pattern, `bucket.${asked}`) : plain(pattern).endsWith(`.${asked}`);
}

function plain(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}
