import type { X509Certificate } from 'node:crypto';
import { WARN_DAYS, daysLeft, notAfter, notBefore, subjectOf } from '../../pki/certificate';
import { parsePemBundle } from '../../pki/pem-bundle';
import { caRefs } from '../ca-mounts';
import { textOf } from '../files';
import type { Hit, Rule } from '../finding';

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
  const start = notBefore(certificate);
  const name = subjectOf(certificate);
  const fix = 'Deliver old and new CA as one bundle first, then change the server, then drop the old';
  if (now > end) return { text: `${name} expired on ${end.toISOString()}: each TLS handshake fails`, fix };
  if (now < start) return { text: `${name} is not valid before ${start.toISOString()}`, fix: 'Check the clock' };
  const days = daysLeft(certificate, now);
  if (days >= WARN_DAYS) return undefined;
  return { text: `${name} expires on ${end.toISOString()}, in ${days} days`, fix, severity: 'warning' };
}
