import { pemOf } from '../../src/pki/certificate';
import { OIDS } from '../../src/pki/oids';
import { integer } from '../cli/pki/der';
import { keyOf, made, type Spec } from '../cli/pki/made';
import type { Holder } from './certificates';

const ROOT: Spec = { subject: 'limited ca', issuer: 'limited ca' };
const SUB: Spec = { subject: 'limited intermediate', issuer: 'limited ca' };
const SERVER: Spec = {
  subject: 'localhost',
  issuer: 'limited intermediate',
  ca: false,
  names: { dns: ['localhost'], ips: ['127.0.0.1'] },
};

/** One CA, as often as there are limits that keep Thanos from trusting what it signed. */
export function limitedCas(): Record<'mayNotSign' | 'otherNames' | 'noIntermediates' | 'strange', string> {
  const ca = (limits: Partial<Spec>): string => pemOf(made({ ...ROOT, ...limits }));
  return {
    mayNotSign: ca({ ca: false }),
    otherNames: ca({ permitted: { dns: ['example.com'] } }),
    noIntermediates: ca({ pathLength: 0 }),
    strange: ca({ extra: [{ oid: OIDS.policyConstraints.replace(/36$/, '99'), critical: true, value: integer(1) }] }),
  };
}

/** A server below an intermediate of that CA. */
export function limitedServer(): Holder {
  const keyPem = keyOf('localhost').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { pem: [SERVER, SUB].map((spec) => pemOf(made(spec))).join(''), keyPem, name: 'localhost' };
}
