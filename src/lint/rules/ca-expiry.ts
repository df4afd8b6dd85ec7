import type { X509Certificate } from 'node:crypto';
import { notAfter, parsePemBundle, subjectOf } from '../../input/pem-bundle';
import { caRefs } from '../ca-mounts';
import { textOf } from '../files';
import type { Hit, Rule } from '../finding';

const DAY = 24 * 3600 * 1000;
const WARN_DAYS = 30;

export const caExpiry: Rule = {
  id: 'ca-expiry',
  severity: 'error',
  about: 'a CA has expired or is not valid yet; a warning 30 days before',
  check: (world) =>
    caRefs(world).flatMap((ref) =>
      certificates(textOf(ref)).flatMap((certificate): Hit[] => {
        const hit = judge(certificate, world.now);
        return hit && ref.object ? [{ object: ref.object, path: `data["${ref.key}"]`, ...hit }] : [];
      }),
    ),
};

function certificates(pem: string | undefined): X509Certificate[] {
  try {
    return pem === undefined ? [] : parsePemBundle(pem, { allowLeaf: true }).certificates;
  } catch {
    return [];
  }
}

function judge(certificate: X509Certificate, now: Date): Omit<Hit, 'object' | 'path'> | undefined {
  const end = notAfter(certificate);
  const start = new Date(certificate.validFrom);
  const name = subjectOf(certificate);
  const fix = 'Deliver old and new CA as one bundle first, then change the server, then drop the old';
  if (now > end) return { text: `${name} expired on ${end.toISOString()}: each TLS handshake fails`, fix };
  if (now < start) return { text: `${name} is not valid before ${start.toISOString()}`, fix: 'Check the clock' };
  const days = Math.floor((end.getTime() - now.getTime()) / DAY);
  if (days >= WARN_DAYS) return undefined;
  return { text: `${name} expires on ${end.toISOString()}, in ${days} days`, fix, severity: 'warning' };
}
