import * as fc from 'fast-check';
import { OIDS } from '../../../src/pki/oids';
import { der, integer, oid, sequence } from './der';
import type { Extra, KeyType, Names, Spec } from './made';

/** A server, what it sends, and what a client of it trusts. */
export interface Setup {
  readonly host: string;
  /** The server's own certificate first. */
  readonly sent: Spec[];
  readonly roots: Spec[];
}

const HOSTS = ['s3.test', 'S3.Test', 's3.test.', 'minio.s3.test', '10.0.0.7', '::1', '::ffff:10.0.0.7', 'a_b.test'];
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const NETSCAPE = '2.16.840.1.113730.4.1';
const CERT_SIGN = 1 << 5;

function policies(...all: string[]): Extra {
  return { oid: OIDS.certificatePolicies, value: sequence(...all.map((one) => sequence(oid(one)))) };
}

/** The first, in most cases: with many parts that deviate no chain would be trusted. */
function mostly<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  const one = fc.constantFrom(...others);
  return fc.oneof({ weight: 20, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: one });
}

const usages = mostly<string[] | undefined>(
  undefined,
  [OIDS.serverAuth],
  [OIDS.anyExtendedKeyUsage],
  [CLIENT_AUTH],
  [CLIENT_AUTH, OIDS.serverAuth],
  [NETSCAPE],
  [],
);
const dates = mostly({}, { until: -0.5 }, { from: 1 }, { until: 40 * 365 });
const ids = mostly<string | undefined>(undefined, 'one', 'two');
const trees = mostly<Names | undefined>(
  undefined,
  { dns: ['test'] },
  { dns: ['s3.test'] },
  { dns: ['.s3.test'] },
  { dns: ['example.com'] },
  { dns: ['S3.TEST', 'example.com'] },
  { dns: [''] },
  { ips: ['10.0.0.0/255.0.0.0'] },
  { ips: ['192.168.0.0/255.255.0.0', '10.0.0.0/255.0.0.0'] },
  { ips: ['9.0.0.0/255.0.0.0', '10.0.0.9/255.0.0.0'] },
  { ips: ['::/::'] },
  { emails: ['test'] },
  { emails: ['"a b"@test'] },
  { uris: ['.test'] },
  { directories: ['s3'] },
  { dns: ['test'], ips: ['10.0.0.0/255.255.255.0'] },
);
const constraints = fc.record({ permitted: trees, excluded: trees, constraintsCritical: mostly(true, false) });
/** Policies, and what Go does not read or know. */
const extra = mostly<Extra[] | undefined>(
  undefined,
  [policies('2.5.29.32.0')],
  [policies('1.2.3')],
  [policies('1.2.4'), { oid: OIDS.policyConstraints, critical: true, value: sequence(integer(0, 0x80)) }],
  [{ oid: OIDS.policyConstraints, value: sequence(integer(1, 0x80), integer(0, 0x81)) }],
  [policies('1.2.3'), { oid: OIDS.policyMappings, value: sequence(sequence(oid('1.2.3'), oid('1.2.4'))) }],
  [policies('2.5.29.32.0'), { oid: OIDS.inhibitAnyPolicy, critical: true, value: integer(0) }],
  [{ oid: '1.2.3.4', critical: true, value: integer(0) }],
  [{ oid: '1.2.3.4', value: integer(0) }],
  [{ oid: OIDS.subjectKeyIdentifier, critical: true, value: der(4, 'id') }],
  [{ oid: OIDS.authorityInfoAccess, value: sequence() }],
);
const keyType = mostly<KeyType>('p256', 'rsa', 'p384', 'p521', 'ed25519', 'rsa1024');
const signing = mostly<Partial<Spec>>(
  {},
  { hash: 'sha384' },
  { hash: 'sha384', pss: true },
  { hash: 'sha512' },
  { pss: true },
  { hash: 'sha1' },
);
const identifiers = fc.record({ subjectKeyId: ids, authorityKeyId: ids });

const ca = fc
  .tuple(
    fc.record({
      extra,
      version: mostly(3, 1),
      usages,
      pathLength: mostly<number | undefined>(undefined, 0, 1),
      keyUsage: mostly<number | undefined>(undefined, CERT_SIGN, CERT_SIGN | 1, 1, 1 << 2, 0),
    }),
    mostly({}, { ca: false }, { ca: false, basicConstraints: true }),
    dates,
    constraints,
    identifiers,
    signing,
    mostly({}, { subjectTag: 0x13 }, { issuerTag: 0x13 }),
  )
  .map((parts) => Object.assign({}, ...parts) as Partial<Spec>);

const names = fc.oneof(
  { weight: 14, arbitrary: fc.constant<Names>({ dns: ['s3.test'], ips: ['10.0.0.7', '::1'] }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Names | undefined>(
      { dns: ['*.test'] },
      { dns: ['*.s3.test', 's3.test.'] },
      { dns: ['*'] },
      { dns: ['S3.TEST', 'minio.s3.test', 'a_b.test'] },
      { dns: ['other.test', 's*.test'] },
      { dns: ['s3.test'], emails: ['root@test'] },
      { dns: ['s3.test'], uris: ['https://s3.test/x', 'spiffe://other.example/y'] },
      { dns: ['s3.test'], uris: ['urn:uuid:1'] },
      { dns: ['s3.test'], emails: ['"a b"@test'] },
      { dns: ['s3.test'], emails: ['"a\tb"@test'] },
      { dns: ['s3.test'], emails: ['a\\@b@test'] },
      { ips: ['10.0.0.7'] },
      { ips: ['::ffff:a00:7'] },
      { emails: ['root@test'] },
      {},
      undefined,
    ),
  },
);
const leaf = fc
  .tuple(
    fc.record({ names, extra, usages, keyUsage: mostly<number | undefined>(undefined, 1, CERT_SIGN) }),
    dates,
    identifiers,
    signing,
  )
  .map((parts) => ({ ca: false, ...(Object.assign({}, ...parts) as Partial<Spec>) }));

/** How the certificates of a branch, the server's own first and the root last, are dealt out. */
const deal = fc.record({
  trusted: mostly('root', 'expired twin first', 'twin last', 'intermediate', 'leaf', 'all', 'other key', 'another'),
  sent: mostly('intermediates', 'none', 'with root', 'reversed', 'twice', 'with namesake first', 'with leaf again'),
  cross: mostly('none', 'by other root', 'trusted other', 'both', 'loop'),
  leafIssuer: mostly('', 'unknown'),
});

/** Any set-up. */
export const setups: fc.Arbitrary<Setup> = fc
  .record({
    host: mostly('s3.test', ...HOSTS),
    leaf,
    intermediates: fc.array(ca, { maxLength: 2 }),
    root: ca,
    types: fc.tuple(keyType, keyType, keyType, keyType),
    deal,
  })
  .map(({ host, deal: how, types, ...parts }) => assemble(host, parts, types, how));

interface Parts {
  readonly leaf: Partial<Spec>;
  readonly intermediates: Partial<Spec>[];
  readonly root: Partial<Spec>;
}

function assemble(host: string, parts: Parts, types: KeyType[], how: Record<string, string>): Setup {
  const all = [parts.leaf, ...parts.intermediates, parts.root];
  const subjects = ['server', ...parts.intermediates.map((_, i) => `sub ${i}`), 'root'];
  const branch = all.map((part, i): Spec => {
    const above = Math.min(i + 1, all.length - 1);
    // names are compared by their bytes: the issuer is written as the subject above, but where it shall not fit
    const issuerTag = part.issuerTag ?? all[above].subjectTag;
    return {
      subject: subjects[i],
      issuer: subjects[above],
      keyType: types[i],
      signerType: types[above],
      ...part,
      issuerTag,
    };
  });
  if (how.leafIssuer !== '') branch[0] = { ...branch[0], issuer: how.leafIssuer };
  const root = branch[branch.length - 1];
  const intermediates = branch.slice(1, -1);
  const top = intermediates[intermediates.length - 1] ?? branch[0];
  const other: Spec = { subject: 'other root', issuer: 'other root' };
  const crossed: Spec = {
    ...top,
    issuer: 'other root',
    signer: 'other root',
    signerType: undefined,
    issuerTag: undefined,
  };
  const loop: Spec = {
    ...root,
    issuer: top.subject,
    signer: top.subject,
    signerType: top.keyType,
    issuerTag: top.subjectTag,
  };
  const cross = { none: [], loop: [loop] }[how.cross] ?? [crossed];
  const roots = trustedOf(how.trusted, root, intermediates, branch[0], other);
  return {
    host,
    sent: [branch[0], ...sentOf(how.sent, intermediates, root, branch[0], cross)],
    roots: ['trusted other', 'both'].includes(how.cross) ? [...(how.cross === 'both' ? roots : []), other] : roots,
  };
}

function trustedOf(how: string, root: Spec, intermediates: Spec[], own: Spec, other: Spec): Spec[] {
  const expired = { ...root, from: -30, until: -2 };
  switch (how) {
    case 'expired twin first':
      return [expired, root];
    case 'twin last':
      return [root, expired];
    case 'intermediate':
      return intermediates.length > 0 ? intermediates.slice(0, 1) : [root];
    case 'leaf':
      return [own];
    case 'all':
      return [own, ...intermediates, root];
    case 'other key':
      return [{ ...root, key: 'another key', signer: 'another key' }];
    case 'another':
      return [other];
    default:
      return [root];
  }
}

function sentOf(how: string, intermediates: Spec[], root: Spec, own: Spec, cross: Spec[]): Spec[] {
  switch (how) {
    case 'none':
      return cross;
    case 'with root':
      return [...intermediates, ...cross, root];
    case 'reversed':
      return [root, ...cross, ...[...intermediates].reverse()];
    case 'twice':
      return [...cross, ...intermediates, ...intermediates];
    case 'with namesake first':
      return [...intermediates.map((one) => ({ ...one, key: 'a namesake' })), ...intermediates, ...cross];
    case 'with leaf again':
      return [own, ...intermediates, ...cross];
    default:
      return [...cross, ...intermediates];
  }
}
