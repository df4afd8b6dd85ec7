import { OIDS } from '../../../pki/oids';
import { Der, TAG, Unreadable } from './der';

/** What a certificate says of policies. */
export interface Policies {
  policies: string[];
  policyMappings: { readonly issuer: string; readonly subject: string }[];
  /** How many certificates may follow before these hold; undefined: not said. */
  requireExplicitPolicy?: number;
  inhibitPolicyMapping?: number;
  inhibitAnyPolicy?: number;
}

/** Reads an extension about policies; false: it is none of them. */
export function policyField(into: Policies, oid: string, value: Buffer): boolean {
  switch (oid) {
    case OIDS.certificatePolicies: {
      const complaint = 'x509: invalid certificate policies';
      into.policies = sequence(value, complaint, (one) => one.oid());
      if (new Set(into.policies).size < into.policies.length) throw new Unreadable(complaint);
      return true;
    }
    case OIDS.policyMappings:
      into.policyMappings = sequence(value, 'x509: invalid policy mappings extension', (one) => ({
        issuer: one.oid(),
        subject: one.oid(),
      }));
      return true;
    case OIDS.policyConstraints: {
      const fields = new Der(value, 'x509: invalid policy constraints extension').inner(TAG.sequence);
      if (fields.next(0x80)) into.requireExplicitPolicy = count(fields.integer(0x80));
      if (fields.next(0x81)) into.inhibitPolicyMapping = count(fields.integer(0x81));
      return true;
    }
    case OIDS.inhibitAnyPolicy:
      into.inhibitAnyPolicy = count(new Der(value, 'x509: invalid inhibit any policy extension').integer());
      return true;
    default:
      return false;
  }
}

/** Go counts in 64 bits; below zero nothing is said. */
function count(value: bigint): number | undefined {
  if (BigInt.asIntN(64, value) !== value) throw new Unreadable('x509: invalid policy constraints extension');
  return value < 0n ? undefined : Number(value);
}

function sequence<T>(value: Buffer, complaint: string, read: (one: Der) => T): T[] {
  const list = new Der(value, complaint).inner(TAG.sequence);
  const all: T[] = [];
  while (!list.empty) all.push(read(list.inner(TAG.sequence)));
  return all;
}
