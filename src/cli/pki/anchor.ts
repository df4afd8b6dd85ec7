import type { X509Certificate } from 'node:crypto';
import { issuerOf } from '../../pki/certificate';
import { isSelfSigned } from '../../pki/chain';

/** Which certificate of a presented chain belongs in `ca_file`. */
export interface Advice {
  readonly certificate?: X509Certificate;
  /** Whether S3Ca needs allowLeaf for it. */
  readonly allowLeaf: boolean;
  readonly why: string;
  readonly warnings: string[];
}

/** Judges what a server sent, from its own certificate upwards. */
export function anchorOf(chain: X509Certificate[]): Advice {
  const leaf = chain[0];
  const top = chain[chain.length - 1];
  if (isSelfSigned(top) && top.ca) {
    const why = chain.length === 1 ? 'It signed itself and is a CA.' : 'It is the root of the chain.';
    return { certificate: top, allowLeaf: false, why, warnings: [] };
  }
  if (isSelfSigned(leaf)) {
    return {
      certificate: leaf,
      allowLeaf: true,
      why: 'It signed itself: there is no CA but the certificate itself. Use allowLeaf: S3Ca.fromFile("ca.crt", { allowLeaf: true }).',
      warnings: [
        "each renewal of the server's certificate changes the CA and needs a rotation; a CA of your own avoids that",
      ],
    };
  }
  return issuerMissing(chain);
}

function issuerMissing(chain: X509Certificate[]): Advice {
  const top = chain[chain.length - 1];
  const issuer = issuerOf(top);
  const missing = `the server does not send the issuer of its ${chain.length > 1 ? 'last ' : ''}certificate (${issuer})`;
  const ask = `Get the certificate of ${issuer} from whoever runs the server`;
  if (chain.length > 1 && top.ca) {
    return {
      certificate: top,
      allowLeaf: false,
      why: 'It is the highest that was sent, an intermediate: Thanos takes it as a root.',
      warnings: [`${missing}. ${ask}: an intermediate is renewed sooner than its root, and then uploads stop`],
    };
  }
  return { allowLeaf: false, why: `${ask}.`, warnings: [missing] };
}
