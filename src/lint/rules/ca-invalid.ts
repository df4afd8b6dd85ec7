import { holdsPrivateKey } from '../../pki/certificate';
import { parsePemBundle } from '../../pki/pem-bundle';
import { InputProblem } from '../../support/problem';
import { caRefs } from '../ca-mounts';
import { textOf } from '../files';
import type { Hit, Rule } from '../finding';

export const caInvalid: Rule = {
  id: 'ca-invalid',
  severity: 'error',
  about: 'the CA is not PEM that Thanos can read',
  check: (world) =>
    caRefs(world).flatMap((ref): Hit[] => {
      const pem = textOf(ref);
      // a private key is a finding of its own
      const what = pem === undefined || holdsPrivateKey(pem) ? undefined : fault(pem);
      if (what === undefined || ref.object === undefined) return [];
      const fix = "Give the PEM of the certificate that signed the S3 server's";
      return [{ object: ref.object, path: `data["${ref.key}"]`, text: what, fix }];
    }),
};

function fault(pem: string): string | undefined {
  if (pem.startsWith('\ufeff')) return 'starts with a byte order mark, which Thanos refuses';
  try {
    parsePemBundle(pem, { allowLeaf: true });
    return undefined;
  } catch (error) {
    if (error instanceof InputProblem) return error.message;
    throw error;
  }
}
