import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import {
  CA_BUNDLE,
  ECDSA_CA,
  EXPIRED_CA,
  LEAF,
  SECOND_CA,
  certificatePath,
  rsaCa,
  rsaPrivateKey,
  undecodableKeyCa,
  unreadableDatesCa,
} from '../../fixtures/certificates';
import { testWith } from '../../programs/program';
import { factsOf } from '../../../src/pki/chain';
import { type Ended, cli, temporaryFolder } from '../cli';

const folder = temporaryFolder();

function inspect(text: string | Buffer, ...args: string[]): Promise<Ended> {
  return cli(['ca', 'inspect', '-', '--json', ...args], { input: text });
}

test('each certificate is listed with subject, key, kind, validity and fingerprint', async () => {
  const { code, json } = await inspect(ECDSA_CA + rsaCa({ subject: 'RSA' }) + LEAF);
  expect(code).toBe(0);
  expect(json.certificates).toMatchObject([
    { subject: 'O=cdk8s-thanos tests, CN=ECDSA CA', key: 'ECDSA P-256', ca: true, selfSigned: true, line: 1 },
    { subject: 'CN=RSA', key: 'RSA 2048', ca: true },
    { ca: false, selfSigned: false, names: 'DNS:s3.minio.example.com' },
  ]);
  const left = (Date.parse(new X509Certificate(LEAF).validTo) - Date.now()) / 86400_000;
  expect(Math.abs(json.certificates[2].daysLeft - left)).toBeLessThan(1.1);
  expect(json.warnings).toEqual([expect.stringContaining('is not a CA; as a trust anchor it needs allowLeaf')]);
});

testWith(['openssl'], 'the fingerprint is the one that OpenSSL says', async () => {
  const { json } = await inspect(LEAF);
  const args = ['x509', '-noout', '-fingerprint', '-sha256', '-in', certificatePath('leaf')];
  const said = execFileSync('openssl', args, { encoding: 'utf8' });
  expect(said.trim()).toBe(`sha256 Fingerprint=${json.certificates[0].sha256}`);
});

test('a certificate whose public key is not on its curve makes the file unfit', async () => {
  const { code, json, stderr } = await inspect(ECDSA_CA + undecodableKeyCa());
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(json.certificates).toHaveLength(1);
  expect(json.problems).toEqual([expect.stringMatching(/^line \d+: the certificate can't be parsed/)]);
});

test('dates that a server shows and nobody can read are told as such', () => {
  const certificate = new X509Certificate(unreadableDatesCa());
  expect(factsOf(certificate, new Date())).toMatchObject({
    notBefore: 'unreadable',
    notAfter: '2099-12-31T23:59:59.000Z',
  });
});

test('a key that a server shows and nobody can decode is told as such', () => {
  const certificate = new X509Certificate(undecodableKeyCa());
  expect(factsOf(certificate, new Date())).toMatchObject({ key: 'of an unknown kind', selfSigned: false });
});

test('text for people says whether the file is fit', async () => {
  const { stdout, code } = await cli(['ca', 'inspect', certificatePath('ecdsa-ca')]);
  expect(code).toBe(0);
  expect(stdout).toContain('CN=ECDSA CA  CA, ECDSA P-256, line 1');
  expect(stdout).toMatch(/fit for ca_file\n$/);
});

test('duplicates, expired and soon ending certificates are warnings while one is good', async () => {
  const soon = rsaCa({ subject: 'soon', notAfter: new Date(Date.now() + 10 * 86400_000) });
  const early = rsaCa({ subject: 'early', notBefore: new Date(Date.now() + 86400_000) });
  const { code, json } = await inspect(ECDSA_CA + ECDSA_CA + EXPIRED_CA + soon + early);
  expect(code).toBe(0);
  expect(json.certificates[1].duplicateOf).toBe(1);
  expect(json.warnings).toEqual([
    expect.stringContaining('stands on line 1 already'),
    expect.stringContaining('CN=Expired CA expired on 2021-01-01'),
    expect.stringMatching(/CN=soon expires on .*, in 9 days/),
    expect.stringContaining('CN=early is not valid before'),
  ]);
});

const body = ECDSA_CA.split('\n').slice(1, -2);
test.each([
  ['a private key beside the CA', ECDSA_CA + rsaPrivateKey(), /a private key \(RSA PRIVATE KEY\)/],
  [
    'a junk block before a good one',
    `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${ECDSA_CA}`,
    /line 1: .*can't be parsed/,
  ],
  [
    'a block that is not base64',
    `-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n${ECDSA_CA}`,
    /line 1: .*is not base64/,
  ],
  ['a truncated block', ECDSA_CA.slice(0, 300), /has no END line/],
  ['a truncated block before a good one', ECDSA_CA.slice(0, 300) + '\n' + SECOND_CA, /line 1: .*has no END line/],
  ['an indented block', ECDSA_CA.replace(/^/gm, '  '), /is indented/],
  ['PEM on one line', `-----BEGIN CERTIFICATE-----${body.join('')}-----END CERTIFICATE-----`, /stands on one line/],
  ['a request', ECDSA_CA + ECDSA_CA.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'), /a CERTIFICATE REQUEST block/],
  ['expired certificates alone', EXPIRED_CA, /expired on 2021-01-01/],
  ['no certificate', 'hello\n', /holds no certificate/],
  [
    'a manifest',
    'apiVersion: v1\nkind: ConfigMap\ndata: {}\n',
    /looks like a Kubernetes manifest: those are read by "cdk8s-thanos lint"/,
  ],
  ['base64 of PEM', Buffer.from(ECDSA_CA).toString('base64'), /is base64 of something/],
])('a file unfit for ca_file fails: %s', async (_, text, problem) => {
  const { code, json, stdout } = await inspect(text);
  expect(code).toBe(1);
  expect(json.problems.join('\n')).toMatch(problem);
  expect(stdout).not.toContain(rsaPrivateKey().split('\n')[1]);
});

test.each([
  ['nothing', '', 'stdin is empty'],
  ['DER', new X509Certificate(ECDSA_CA).raw, 'is DER, not PEM'],
  ['nine megabytes', Buffer.alloc(9 * 1024 * 1024, 'x'), 'is larger than 8 MiB'],
])('input that is not a bundle at all is refused: %s', async (_, input, message) => {
  const { code, json, stderr } = await inspect(input);
  expect(code).toBe(2);
  expect(json.error).toContain(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test.each([
  ['a missing file', path.join(folder, 'no'), 'no such file or directory'],
  ['a directory', folder, 'is a directory'],
  ['an endless file', '/dev/zero', 'is larger than 8 MiB'],
  ['no name', '', 'the name of the file is empty'],
])('%s is named', async (_, file, message) => {
  const { code, stderr } = await cli(['ca', 'inspect', file]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('random bytes crash nothing', async () => {
  const file = path.join(folder, 'random');
  const noise = readFileSync(process.execPath).subarray(4096, 4096 + 65536);
  writeFileSync(file, Buffer.concat([noise, Buffer.from(CA_BUNDLE), noise]));
  const { code, stderr } = await cli(['ca', 'inspect', file]);
  expect([0, 1]).toContain(code);
  expect(stderr).toBe('');
});

test('a certificate that is no CA is fit where synth is told so alone', async () => {
  const { stdout } = await cli(['ca', 'inspect', '-'], { input: LEAF });
  expect(stdout).toContain('fit for ca_file with allowLeaf alone');
  expect((await cli(['ca', 'inspect', '-'], { input: ECDSA_CA })).stdout).toMatch(/fit for ca_file\n$/);
});
