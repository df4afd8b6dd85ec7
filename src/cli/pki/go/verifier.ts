import { OIDS } from '../../../pki/oids';
import { SMALLEST_RSA, signatureFault } from './algorithms';
import type { GoCertificate } from './certificate';
import { brokenConstraint } from './constraints';
import { type Fault, calledByGo } from './faults';
import { candidates } from './pool';
import { policiesHold } from './policies';

type Kind = 'intermediate' | 'root';

/** What there is to verify. */
export interface Presented {
  /** What the server sent, its own certificate first. */
  readonly sent: GoCertificate[];
  readonly roots: GoCertificate[];
  readonly now: Date;
}

const KEY_CERT_SIGN = 1 << 5;
/** So many signatures Go checks before it gives up. */
const MOST_SIGNATURES = 100;
const NOT_VALID = 'x509: certificate has expired or is not yet valid';

/** A chain that Go trusts, leaf first, or what keeps it from doing so. Of several chains one is enough. */
export function trustedChain(presented: Presented): GoCertificate[] | Fault {
  const leaf = presented.sent[0];
  const fault = invalid(leaf, 'leaf', [], presented.now);
  if (fault) return fault;
  const isRoot = presented.roots.some((root) => root.node.raw.equals(leaf.node.raw));
  const built = isRoot ? [[leaf]] : new Builder(presented).chains([leaf]);
  return Array.isArray(built) ? firstFit(built) : built;
}

class Builder {
  private checks = 0;

  constructor(private readonly presented: Presented) {}

  /** Every chain from the last certificate upwards, or why there is none. */
  public chains(below: GoCertificate[]): GoCertificate[][] | Fault {
    const { sent, roots } = this.presented;
    const child = below[below.length - 1];
    const found: GoCertificate[][] = [];
    let candidate: Fault | undefined;
    let fault: Fault | undefined;
    const parents = [
      ...candidates(roots, child).map((parent) => ['root', parent] as const),
      ...candidates(sent.slice(1), child).map((parent) => ['intermediate', parent] as const),
    ];
    for (const [kind, parent] of parents) {
      if (++this.checks > MOST_SIGNATURES) {
        fault = tooMany(child);
        break;
      }
      if (!parent.publicKey || isAmong(parent, below)) continue;
      const unsigned = signingFault(parent, child);
      if (unsigned) candidate ??= unsigned;
      if (unsigned) continue;
      fault = invalid(parent, kind, below, this.presented.now);
      if (fault) candidate ??= fault;
      if (fault) continue;
      const chain = [...below, parent];
      const above = kind === 'root' ? [chain] : this.chains(chain);
      if (Array.isArray(above)) found.push(...above);
      else fault = above;
      if (fault?.reason === 'too-many') break;
    }
    return found.length > 0 ? found : (fault ?? unknownAuthority(child, candidate));
  }
}

function firstFit(chains: GoCertificate[][]): GoCertificate[] | Fault {
  const faults: Fault[] = [];
  for (const chain of chains) {
    const fault = unfit(chain);
    if (!fault) return chain;
    faults.push(fault);
  }
  return faults.find(({ reason }) => reason === 'constraint') ?? summary(chains, faults);
}

function summary(chains: GoCertificate[][], faults: Fault[]): Fault {
  const policy = faults.filter(({ reason }) => reason === 'policy').length;
  const usage = faults.length - policy;
  if (policy === 0) return faults[0];
  const parts = [
    ...(usage > 0 ? [`${usage} candidate chains with incompatible key usage`] : []),
    `${policy} candidate chains with invalid policies`,
  ];
  const first = faults.find(({ reason }) => reason === 'policy')!;
  return { ...first, at: chains[0][0], text: `x509: no valid chains built: ${parts.join(', ')}` };
}

function unfit(chain: GoCertificate[]): Fault | undefined {
  const leaf = chain[0];
  if (!policiesHold(chain)) return { reason: 'policy', at: leaf, text: 'x509: no valid chains built' };
  const forbidding = [...chain].reverse().find(({ extensions }) => !allowsServers(extensions.extendedKeyUsage));
  if (forbidding)
    return { reason: 'usage', at: forbidding, text: 'x509: certificate specifies an incompatible key usage' };
  const broken = brokenConstraint(chain);
  if (!broken) return undefined;
  const text = `x509: a root or intermediate certificate is not authorized to sign for this name: ${broken.text}`;
  return { reason: 'constraint', at: broken.by, text, detail: broken.text };
}

function allowsServers(usages: string[]): boolean {
  return usages.length === 0 || usages.some((usage) => usage === OIDS.serverAuth || usage === OIDS.anyExtendedKeyUsage);
}

/** Why a certificate can't stand at its place in a chain, its issuers and its signature aside. */
function invalid(one: GoCertificate, kind: Kind | 'leaf', below: GoCertificate[], now: Date): Fault | undefined {
  const { unhandled, basicConstraints } = one.extensions;
  if (unhandled.length > 0)
    return { reason: 'critical-extension', at: one, text: 'x509: unhandled critical extension', detail: unhandled[0] };
  if (now < one.notBefore) return { reason: 'not-yet-valid', at: one, text: NOT_VALID };
  if (now > one.notAfter) return { reason: 'expired', at: one, text: NOT_VALID };
  if (kind === 'intermediate' && !basicConstraints?.ca) {
    const text = 'x509: certificate is not authorized to sign other certificates';
    return { reason: 'may-not-sign', at: one, text, detail: 'basicConstraints CA:TRUE' };
  }
  const longest = basicConstraints?.maxPathLength;
  if (longest === undefined || below.length - 1 <= longest) return undefined;
  const text = 'x509: too many intermediates for path length constraint';
  return { reason: 'path-length', at: one, text, detail: String(longest) };
}

/** Why one certificate did not sign another, or may not have; undefined: it did. */
function signingFault(parent: GoCertificate, child: GoCertificate): Fault | undefined {
  const { basicConstraints, keyUsage } = parent.extensions;
  const may = basicConstraints ? basicConstraints.ca : parent.version < 3;
  const lacks = !may ? 'basicConstraints CA:TRUE' : 'keyUsage keyCertSign';
  if (!may || (keyUsage !== 0 && (keyUsage & KEY_CERT_SIGN) === 0)) {
    const text = 'x509: invalid signature: parent certificate cannot sign this kind of certificate';
    return { reason: 'may-not-sign', at: parent, text, detail: lacks };
  }
  const text = signatureFault(child.algorithm, child.tbs, child.signature, parent.publicKey!);
  if (text === undefined) return undefined;
  if (text.startsWith('x509: cannot verify signature'))
    return { reason: 'bad-signature', at: parent, text, detail: child.algorithm?.name ?? 'an unknown algorithm' };
  const small = (parent.publicKey?.rsaBits ?? SMALLEST_RSA) < SMALLEST_RSA;
  return small
    ? { reason: 'key', at: parent, text, detail: `${parent.publicKey?.rsaBits} bits` }
    : { reason: 'bad-signature', at: parent, text };
}

function unknownAuthority(at: GoCertificate, candidate?: Fault): Fault {
  const base = 'x509: certificate signed by unknown authority';
  const text = candidate
    ? `${base} (possibly because of "${candidate.text}" while trying to verify candidate authority certificate "${calledByGo(candidate.at)}")`
    : base;
  return { reason: 'unknown-authority', at, text, candidate };
}

function tooMany(at: GoCertificate): Fault {
  const text = 'x509: signature check attempts limit reached while verifying certificate chain';
  return { reason: 'too-many', at, text };
}

/** Whether a chain has a certificate of this subject, key and names already: two that signed each other end there. */
function isAmong(one: GoCertificate, chain: GoCertificate[]): boolean {
  for (const other of chain) {
    if (!one.subject.raw.equals(other.subject.raw) || !one.spki.equals(other.spki)) continue;
    const [names, others] = [one, other].map(({ extensions }) => extensions.alternativeNames?.raw);
    if (!names && !others) return true;
    if (!names || !others) return false;
    if (names.equals(others)) return true;
  }
  return false;
}
