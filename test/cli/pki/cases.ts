import { OIDS } from '../../../src/pki/oids';
import { der, integer, sequence } from './der';
import type { Spec } from './made';
import type { Setup } from './setups';

/** A set-up with a name, and what is to be said of it. */
export interface Case {
  readonly name: string;
  readonly setup: Setup;
  readonly opens: boolean;
  /** What `verify` says; undefined where it opens. */
  readonly cause?: string;
}

const HOST = 's3.test';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const DIGITAL_SIGNATURE = 1;
const KEY_CERT_SIGN = 1 << 5;

const ROOT: Spec = { subject: 'root', issuer: 'root' };
const OTHER: Spec = { subject: 'other', issuer: 'other' };
const SUB: Spec = { subject: 'sub', issuer: 'root' };
const SERVER: Spec = { subject: 'server', issuer: 'root', ca: false, names: { dns: [HOST] } };
const BELOW: Spec = { ...SERVER, issuer: 'sub' };

function setup(sent: Spec[], roots: Spec[], host = HOST): Setup {
  return { host, sent, roots };
}

function opens(name: string, sent: Spec[], roots: Spec[], host?: string): Case {
  return { name, setup: setup(sent, roots, host), opens: true };
}

function fails(name: string, cause: string, sent: Spec[], roots: Spec[], host?: string): Case {
  return { name, setup: setup(sent, roots, host), opens: false, cause };
}

/** What is in use, and what once was judged wrongly. */
export const CASES: Case[] = [
  // the ca_file holds an intermediate: nothing above it counts, but all that it says itself
  opens('an intermediate as the CA', [BELOW, SUB], [SUB]),
  fails(
    'an intermediate as the CA, with name constraints',
    'the CA CN=sub has name constraints: DNS name "s3.test" is not permitted by any constraint',
    [BELOW],
    [{ ...SUB, permitted: { dns: ['example.com'] } }],
  ),
  fails(
    'an intermediate as the CA, whose extended key usage forbids servers',
    'the extended key usage of the CA CN=sub does not allow servers (serverAuth), and holds for all below it',
    [BELOW],
    [{ ...SUB, usages: [CLIENT_AUTH] }],
  ),
  fails(
    'an intermediate as the CA, which allows no intermediate below it',
    'the CA CN=sub allows 0 intermediates below it (pathlen), and the chain has more',
    [
      { ...BELOW, issuer: 'lower' },
      { subject: 'lower', issuer: 'sub' },
    ],
    [{ ...SUB, pathLength: 0 }],
  ),
  opens('the same root again, the expired copy first', [SERVER], [{ ...ROOT, from: -30, until: -2 }, ROOT]),
  fails(
    'two roots of one key, both expired',
    expect.stringContaining('the certificate of CN=root expired on 20') as unknown as string,
    [SERVER],
    [
      { ...ROOT, until: -0.5 },
      { ...ROOT, from: -30, until: -2 },
    ],
  ),
  opens(
    'two intermediates that signed each other are sent, the one of the unknown root first',
    [BELOW, { ...SUB, issuer: 'other' }, SUB],
    [ROOT],
  ),
  opens('the same, in the other order', [BELOW, SUB, { ...SUB, issuer: 'other' }], [OTHER]),
  opens('an intermediate that its root signed too, and the root is sent', [BELOW, ROOT, SUB], [ROOT]),
  opens('a root of version 1', [SERVER], [{ ...ROOT, version: 1 }]),
  fails(
    'an intermediate of version 1',
    'the intermediate CN=sub may not sign certificates: it lacks basicConstraints CA:TRUE',
    [BELOW, { ...SUB, version: 1 }],
    [ROOT],
  ),
  opens('a wildcard of a top-level domain', [{ ...SERVER, names: { dns: ['*.test'] } }], [ROOT]),
  fails(
    'a wildcard stands for one label only',
    'the certificate is for DNS:*.test, not for a.s3.test',
    [{ ...SERVER, names: { dns: ['*.test'] } }],
    [ROOT],
    'a.s3.test',
  ),
  opens('any extended key usage, on the server', [{ ...SERVER, usages: [OIDS.anyExtendedKeyUsage] }], [ROOT]),
  opens('any extended key usage, on the intermediate', [BELOW, { ...SUB, usages: [OIDS.anyExtendedKeyUsage] }], [ROOT]),
  fails(
    'an extended key usage for clients alone, on the server',
    "the certificate's extended key usage does not allow a server (serverAuth)",
    [{ ...SERVER, usages: [CLIENT_AUTH] }],
    [ROOT],
  ),
  opens('a name with a dot at its end', [SERVER], [ROOT], 's3.test.'),
  fails(
    'a dot at the end of a name in the certificate',
    'the certificate is for DNS:s3.test., not for s3.test',
    [{ ...SERVER, names: { dns: ['s3.test.'] } }],
    [ROOT],
  ),
  opens(
    'an authority key identifier that is not that of the root',
    [{ ...SERVER, authorityKeyId: 'another' }],
    [{ ...ROOT, subjectKeyId: 'one' }],
  ),
  opens('a key usage that allows the server nothing that it does', [{ ...SERVER, keyUsage: 1 << 3 }], [ROOT]),
  opens('a root whose key usage has keyCertSign among others', [SERVER], [{ ...ROOT, keyUsage: KEY_CERT_SIGN | 1 }]),
  fails(
    'a root of the same key that lacks keyCertSign',
    'the CA CN=root may not sign certificates: it lacks keyUsage keyCertSign',
    [SERVER],
    [{ ...ROOT, keyUsage: DIGITAL_SIGNATURE }],
  ),
  fails(
    'a root of the same key that lacks CA:TRUE',
    'the CA CN=root may not sign certificates: it lacks basicConstraints CA:TRUE',
    [SERVER],
    [{ ...ROOT, ca: false }],
  ),
  fails(
    'an intermediate of the same key that lacks keyCertSign',
    'the intermediate CN=sub may not sign certificates: it lacks keyUsage keyCertSign',
    [BELOW, { ...SUB, keyUsage: DIGITAL_SIGNATURE }],
    [ROOT],
  ),
  fails(
    'a root with another key',
    'the CA has the name of the signer (CN=root), but another key: it was made anew',
    [SERVER],
    [{ ...ROOT, key: 'another', signer: 'another' }],
  ),
  fails(
    'an intermediate with another key',
    'the server sends an intermediate with the name of the signer (CN=sub), but another key',
    [BELOW, { ...SUB, key: 'another' }],
    [ROOT],
  ),
  fails(
    'an excluded name',
    'the CA CN=sub has name constraints: DNS name "s3.test" is excluded by constraint "test"',
    [BELOW, { ...SUB, excluded: { dns: ['test'] } }],
    [ROOT],
  ),
  fails(
    'an excluded address',
    'the CA CN=root has name constraints: IP address "10.0.0.7" is excluded by constraint "10.0.0.0/8"',
    [{ ...SERVER, names: { ips: ['10.0.0.7'] } }],
    [{ ...ROOT, excluded: { ips: ['10.0.0.0/255.0.0.0'] } }],
    '10.0.0.7',
  ),
  fails(
    'several exclusions that a wildcard touches, of which Go names the last in its order',
    'the CA CN=root has name constraints: DNS name "*.a.test" is excluded by constraint "z.a.test"',
    [{ ...SERVER, names: { dns: [HOST, '*.a.test'] } }],
    [{ ...ROOT, excluded: { dns: ['Z.a.test', 'x.a.test', 'y.a.test'] } }],
  ),
  fails(
    'a URI that is excluded, as Go writes it again',
    'the CA CN=root has name constraints: URI "spiffe://a%40b@S3.test:80/%22?" is excluded by constraint "test"',
    [{ ...SERVER, names: { dns: [HOST], uris: ['SPIFFE://a@b@S3.test:80/"?'] } }],
    [{ ...ROOT, excluded: { uris: ['test'] } }],
  ),
  fails(
    'a URI of an address, where a CA has constraints of any kind',
    'the CA CN=root has name constraints: URI with IP ("https://[::1]:80/") cannot be matched against constraints',
    [{ ...SERVER, names: { dns: [HOST], uris: ['https://[::1]:80/'] } }],
    [{ ...ROOT, permitted: { dns: ['test'] } }],
  ),
  fails(
    'a URI without a host, where a CA has constraints of any kind',
    'the CA CN=root has name constraints: URI with empty host ("urn:uuid:1") cannot be matched against constraints',
    [{ ...SERVER, names: { dns: [HOST], uris: ['urn:uuid:1'] } }],
    [{ ...ROOT, permitted: { dns: ['test'] } }],
  ),
  opens(
    'a URI without a host but with a port, which no constraint excludes',
    [{ ...SERVER, names: { dns: [HOST], uris: ['https://:80/'] } }],
    [{ ...ROOT, excluded: { uris: ['test'] } }],
  ),
  fails(
    'a URI that Go does not read',
    'Thanos can\'t read the certificate of CN=server: x509: cannot parse URI "http://a:b/": parse "http://a:b/": invalid port ":b" after host',
    [{ ...SERVER, names: { dns: [HOST], uris: ['http://a:b/'] } }],
    [ROOT],
  ),
  opens('a permitted name', [SERVER], [{ ...ROOT, permitted: { dns: ['test'] } }]),
  fails(
    'constraints of a kind that Go does not know',
    "the certificate of CN=root has a critical extension (2.5.29.30) that Thanos does not know or can't apply",
    [SERVER],
    [{ ...ROOT, permitted: { directories: ['server'] } }],
  ),
  fails(
    'a critical extension that nobody knows',
    "the certificate of CN=server has a critical extension (1.2.3.4) that Thanos does not know or can't apply",
    [{ ...SERVER, extra: [{ oid: '1.2.3.4', critical: true, value: integer(1) }] }],
    [ROOT],
  ),
  fails(
    'a signature with SHA-1',
    'the certificate of CN=server is signed with ECDSA-SHA1, which Thanos does not accept',
    [{ ...SERVER, hash: 'sha1' }],
    [ROOT],
  ),
  fails(
    'a root with a short RSA key',
    'the key of CN=root has 512 bits; Thanos accepts no RSA key below 1024',
    [{ ...SERVER, signerType: 'rsa512' }],
    [{ ...ROOT, keyType: 'rsa512', signerType: 'rsa512' }],
  ),
  fails(
    'a certificate that Go does not read is sent',
    "Thanos can't read the certificate of CN=sub: x509: subject key identifier incorrectly marked critical",
    [BELOW, { ...SUB, extra: [{ oid: OIDS.subjectKeyIdentifier, critical: true, value: der(4, 'id') }] }],
    [ROOT],
  ),
  fails(
    'a CA that Go does not read, alone',
    'Thanos can read no certificate of the CA: x509: unsupported elliptic curve',
    [{ ...SERVER, signerType: 'secp256k1' }],
    [{ ...ROOT, keyType: 'secp256k1', signerType: 'secp256k1' }],
  ),
  fails(
    'a CA that Go does not read, beside another',
    "Thanos passes over the CA CN=root, which it can't read",
    [{ ...SERVER, signerType: 'secp256k1' }],
    [{ ...ROOT, keyType: 'secp256k1', signerType: 'secp256k1' }, OTHER],
  ),
  fails(
    'policies that a CA requires and the server lacks',
    'the chain does not keep to the certificate policies that one of its CAs requires',
    [BELOW, { ...SUB, extra: [{ oid: OIDS.policyConstraints, value: sequence(integer(0, 0x80)) }] }],
    [ROOT],
  ),
  opens('the server itself as the CA', [SERVER], [SERVER]),
  fails(
    'a server that signed itself, beside another CA',
    "the server's certificate signed itself (CN=server) and is not among the trusted roots",
    [{ ...SERVER, issuer: 'server' }],
    [ROOT],
  ),
  fails(
    'an intermediate that is not sent',
    "unknown authority: the server's chain ends at CN=sub, which is not among the trusted roots",
    [BELOW],
    [ROOT],
  ),
  fails(
    'the issuer written in another type of text',
    "unknown authority: the server's chain ends at CN=root, which is not among the trusted roots",
    [{ ...SERVER, issuerTag: 0x13 }],
    [ROOT],
  ),
  opens(
    'an Ed25519 key below an RSA one',
    [{ ...SERVER, keyType: 'ed25519', signerType: 'rsa' }],
    [{ ...ROOT, keyType: 'rsa', signerType: 'rsa', pss: true }],
  ),
];
