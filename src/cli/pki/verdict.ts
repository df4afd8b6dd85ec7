import type { X509Certificate } from 'node:crypto';
import { isSelfSigned } from '../../pki/chain';
import { issuerOf, subjectOf } from '../../pki/certificate';
import type { Diagnosis } from './causes';
import { SMALLEST_RSA } from './go/algorithms';
import type { Fault } from './go/faults';

const SIGN_ANEW = "sign the server's certificate anew with a CA that allows it";
const GET_CA =
  'put the CA that signed the server into the Secret thanos-s3-ca-cert (ca in the stack; "cdk8s-thanos ca fetch" shows it); a missing intermediate belongs in the server\'s own chain';

/** What there was to judge. */
export interface Judged {
  readonly sent: X509Certificate[];
  readonly trusted: X509Certificate[];
  /** Those of the trusted that Thanos passes over. */
  readonly passedOver: X509Certificate[];
}

/** A fault of a chain in words: which certificate, what is wrong with it, what to do. */
export function diagnosisOf(fault: Fault, judged: Judged): Diagnosis {
  return { ...wordsFor(fault, judged), thanos: fault.text };
}

function wordsFor(fault: Fault, judged: Judged): Diagnosis {
  const isLeaf = fault.at.node === judged.sent[0];
  switch (fault.reason) {
    case 'unknown-authority':
      return unknownAuthority(fault, judged);
    case 'expired':
    case 'not-yet-valid':
    case 'usage':
      return outOfUse(fault, isLeaf);
    case 'constraint':
    case 'path-length':
    case 'critical-extension':
      return outOfBounds(fault);
    case 'policy':
      return {
        cause: 'the chain does not keep to the certificate policies that one of its CAs requires',
        fix: 'issue the certificates with the policies, or the CA without policyConstraints',
      };
    case 'too-many':
      return {
        cause: 'more than 100 signatures would have to be checked: too many certificates of one name',
        fix: "remove what is not needed from the CA bundle and from the server's chain",
      };
    default:
      return unfitSigner(fault, judged, fault.at.node);
  }
}

function outOfUse({ reason, at }: Fault, isLeaf: boolean): Diagnosis {
  const subject = subjectOf(at.node);
  switch (reason) {
    case 'expired':
      return {
        cause: `the certificate of ${subject} expired on ${at.notAfter.toISOString()}`,
        fix: isLeaf
          ? "renew the server's certificate"
          : 'replace the CA, with the old and the new one in the bundle for a while',
      };
    case 'not-yet-valid':
      return {
        cause: `the certificate of ${subject} is not valid before ${at.notBefore.toISOString()}`,
        fix: 'check the clocks, here and where the certificate was made',
      };
    default:
      return isLeaf
        ? {
            cause: "the certificate's extended key usage does not allow a server (serverAuth)",
            fix: 'give the server a certificate with extendedKeyUsage serverAuth',
          }
        : {
            cause: `the extended key usage of the CA ${subject} does not allow servers (serverAuth), and holds for all below it`,
            fix: SIGN_ANEW,
          };
  }
}

function outOfBounds({ reason, at, detail }: Fault): Diagnosis {
  const subject = subjectOf(at.node);
  if (reason === 'constraint') return { cause: `the CA ${subject} has name constraints: ${detail}`, fix: SIGN_ANEW };
  if (reason === 'path-length')
    return {
      cause: `the CA ${subject} allows ${detail} intermediates below it (pathlen), and the chain has more`,
      fix: SIGN_ANEW,
    };
  return {
    cause: `the certificate of ${subject} has a critical extension (${detail}) that Thanos does not know or can't apply`,
    fix: 'issue it anew without that extension, or with the extension not critical',
  };
}

function unknownAuthority({ at, candidate }: Fault, judged: Judged): Diagnosis {
  const { sent, passedOver } = judged;
  const issuer = issuerOf(at.node);
  const unread = passedOver.find((root) => root.subject === at.node.issuer);
  if (isSelfSigned(sent[0]))
    return {
      cause: `the server's certificate signed itself (${subjectOf(sent[0])}) and is not among the trusted roots`,
      fix: GET_CA,
    };
  if (candidate) return unfitSigner(candidate, judged, at.node);
  if (unread) return { cause: `Thanos passes over the CA ${issuer}, which it can't read`, fix: 'make the CA anew' };
  return {
    cause: `unknown authority: the server's chain ends at ${issuer}, which is not among the trusted roots`,
    fix: GET_CA,
  };
}

/** Why a certificate that has the name of the signer is none for Thanos. */
function unfitSigner({ reason, at, detail }: Fault, { trusted }: Judged, child: X509Certificate): Diagnosis {
  const subject = subjectOf(at.node);
  const given = trusted.includes(at.node);
  if (reason === 'may-not-sign')
    return {
      cause: `${given ? 'the CA' : 'the intermediate'} ${subject} may not sign certificates: it lacks ${detail}`,
      fix: `issue its certificate anew, for the same key and name, with basicConstraints CA:TRUE and keyUsage keyCertSign${given ? '' : ', and let the server send it'}`,
    };
  if (reason === 'key')
    return {
      cause: `the key of ${subject} has ${detail}; Thanos accepts no RSA key below ${SMALLEST_RSA}`,
      fix: 'make the CA anew with a key of 2048 bits or more',
    };
  if (detail !== undefined)
    return {
      cause: `the certificate of ${subjectOf(child)} is signed with ${detail}, which Thanos does not accept`,
      fix: 'sign it anew, with SHA-256 or better',
    };
  return given
    ? {
        cause: `the CA has the name of the signer (${subject}), but another key: it was made anew`,
        fix: 'take the CA that signed this certificate, or sign the server anew with the CA that you have',
      }
    : {
        cause: `the server sends an intermediate with the name of the signer (${subject}), but another key`,
        fix: 'let the server send the intermediate that signed its certificate',
      };
}
