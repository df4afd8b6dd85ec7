import { notAfter, subjectOf } from '../../src/pki/certificate';
import { parsePemBundle } from '../../src/pki/pem-bundle';
import { S3Ca, S3CaSecret } from '../../src';
import {
  CA_BUNDLE,
  ECDSA_CA,
  EXPIRED_CA,
  LEAF,
  SECOND_CA,
  SELF_SIGNED_LEAF,
  V1_CA,
  VALID_AT,
  manyCas,
  rsaCa,
  rsaPrivateKey,
  undecodableKeyCa,
  unreadableDatesCa,
} from '../fixtures/certificates';
import { message } from '../fixtures/bucket';
import { chart } from '../render';

const lines = ECDSA_CA.trimEnd().split('\n');
const body = lines.slice(1, -1);
const der = Buffer.from(body.join(''), 'base64');
const [BEGIN, END] = [lines[0], lines[lines.length - 1]];

/** The message with which a text is refused as a CA. */
function refused(pem: string, options = {}): string {
  return message(() => new S3CaSecret(chart(), 'Ca', { ca: S3Ca.fromPem(pem, options) }));
}

test('ECDSA and RSA roots are read', () => {
  expect(parsePemBundle(ECDSA_CA).pem).toBe(ECDSA_CA);
  const rsa = parsePemBundle(rsaCa({ subject: 'store', notAfter: new Date('2030-01-01T00:00:00Z') }));
  expect(subjectOf(rsa.certificates[0])).toBe('CN=store');
  expect(notAfter(rsa.certificates[0])).toEqual(new Date('2030-01-01T00:00:00Z'));
});

test('a bundle keeps its order and loses its duplicates', () => {
  expect(parsePemBundle(SECOND_CA + ECDSA_CA).pem).toBe(SECOND_CA + ECDSA_CA);
  expect(parsePemBundle(ECDSA_CA + SECOND_CA + ECDSA_CA + ECDSA_CA).pem).toBe(CA_BUNDLE);
});

test.each([
  ['CRLF', CA_BUNDLE.replaceAll('\n', '\r\n')],
  ['CR alone', CA_BUNDLE.replaceAll('\n', '\r')],
  ['a byte order mark', `\ufeff${CA_BUNDLE}`],
  ['text around the blocks', `subject=a\n${ECDSA_CA}\nissuer=b\n${SECOND_CA}bye`],
  ['blanks at line ends', CA_BUNDLE.replaceAll('\n', '  \t\n')],
  ['no newline at the end', CA_BUNDLE.trimEnd()],
  ['one long base64 line', `${BEGIN}\n${body.join('')}\n${END}\n${SECOND_CA}`],
  ['an empty line inside', `${BEGIN}\n\n${body.join('\n\n')}\n${END}\n${SECOND_CA}`],
])('%s is cleaned away', (_, text) => {
  expect(parsePemBundle(text).pem).toBe(CA_BUNDLE);
});

test.each([
  ['an empty text', '', 'is empty. ca_file wants PEM'],
  ['blanks', ' \n\t', 'is empty'],
  ['some text', 'hello', 'holds no certificate'],
  ['DER read as Latin-1', der.toString('latin1'), 'looks like DER'],
  ['DER read as UTF-8', der.toString('utf8'), 'looks like DER'],
  ['base64 of PEM', Buffer.from(ECDSA_CA).toString('base64'), 'is base64 of something. Give the PEM itself'],
  [
    'base64 of PEM in lines',
    Buffer.from(ECDSA_CA)
      .toString('base64')
      .match(/.{1,76}/g)!
      .join('\n'),
    'is base64 of',
  ],
  ['a block encoded twice', `${BEGIN}\n${Buffer.from(ECDSA_CA).toString('base64')}\n${END}`, 'it was encoded twice'],
  ['indented PEM', ECDSA_CA.replace(/^/gm, '  '), 'is indented PEM, which Thanos refuses'],
  ['indented END', `${BEGIN}\n${body.join('\n')}\n ${END}`, 'is indented PEM'],
  ['an indented body', `${BEGIN}\n  ${body.join('\n  ')}\n${END}`, 'certificate 1 is indented PEM'],
  ['PEM on one line', ECDSA_CA.replaceAll('\n', ' '), 'is PEM on one line'],
  ['PEM with \\n as text', ECDSA_CA.replaceAll('\n', '\\n'), 'is PEM on one line'],
  ['PEM without END', `${BEGIN}\n${body.join('\n')}\n`, 'is truncated: 1 BEGIN and 0 END lines'],
  ['PEM cut in the END line', ECDSA_CA.slice(0, -10), 'is truncated: 1 BEGIN and 0 END lines'],
  [
    'two blocks without a newline between them',
    CA_BUNDLE.replace(`${END}\n${BEGIN}`, END + BEGIN),
    'is two PEM blocks joined without a newline, of which Thanos reads neither',
  ],
  ['the second of two cut', CA_BUNDLE.slice(0, -200), 'is truncated: 2 BEGIN and 1 END lines'],
  ['the first of two cut', `${BEGIN}\n${body[0]}\n${SECOND_CA}`, 'is truncated: 2 BEGIN and 1 END lines'],
  ['PEM without BEGIN', `${body.join('\n')}\n${END}\n`, 'holds no certificate'],
  ['a body cut short', `${BEGIN}\n${body.slice(0, 4).join('\n')}\n${END}`, 'certificate 1 is damaged or truncated'],
  ['a damaged second block', ECDSA_CA + SECOND_CA.replace(/^M.*$/m, 'AAAA'), 'certificate 2 is damaged or truncated'],
  ['a public key that is none', undecodableKeyCa(), 'with a public key and a validity'],
  ['dates that are none', unreadableDatesCa(), 'with a public key and a validity'],
  ['a body that is not base64', `${BEGIN}\n${body[0]}\n%%%%\n${END}`, 'certificate 1 is not base64'],
  ['an empty block', `${BEGIN}\n${END}`, 'certificate 1 is not base64'],
  ['words after END', `${ECDSA_CA.trimEnd()} x\n`, 'has text behind "-----END CERTIFICATE-----"'],
  ['words after an END', `${ECDSA_CA.trimEnd()} x\n${SECOND_CA}`, 'has text behind "-----END CERTIFICATE-----"'],
  ['a blank between two blocks', `${ECDSA_CA.trimEnd()} ${SECOND_CA}`, 'is two PEM blocks joined without a newline'],
  [
    'a mark between two blocks',
    `${ECDSA_CA.trimEnd()}\ufeff${SECOND_CA}`,
    'is two PEM blocks joined without a newline',
  ],
  ['a mark before the second block', `${ECDSA_CA}\ufeff${SECOND_CA}`, 'has a byte order mark before a BEGIN line'],
  ['PKCS7', '-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----', 'holds a PKCS7 block'],
  [
    'TRUSTED CERTIFICATE',
    ECDSA_CA.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
    'holds a TRUSTED CERTIFICATE block',
  ],
  ['a request', ECDSA_CA.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'), 'holds a CERTIFICATE REQUEST block'],
  [
    'a public key',
    `${ECDSA_CA}-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n`,
    'holds a PUBLIC KEY block',
  ],
])('%s is refused by name', (_, pem, text) => {
  const said = refused(pem);
  expect(said).toMatch(/^cdk8s-thanos: test\/Ca: ca: /);
  expect(said).toContain(text);
});

test.each([
  ['before', () => rsaPrivateKey() + rsaCa()],
  ['after', () => rsaCa() + rsaPrivateKey()],
  ['alone', () => rsaPrivateKey()],
  ['indented', () => rsaCa() + rsaPrivateKey().replace(/^/gm, '    ')],
  ['of PKCS8', () => `${ECDSA_CA}-----BEGIN PRIVATE KEY-----\nMIGHAgEA\n-----END PRIVATE KEY-----\n`],
  [
    'encrypted',
    () => `${ECDSA_CA}-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGHAgEA\n-----END ENCRYPTED PRIVATE KEY-----\n`,
  ],
])('a private key %s is refused and not shown', (_, text) => {
  const pem = text();
  const said = refused(pem);
  expect(said).toContain('holds a private key');
  for (const line of pem.split('\n').filter((l) => l.length > 40)) expect(said).not.toContain(line);
});

test.each([
  ['a leaf', LEAF],
  ['a self-signed leaf', SELF_SIGNED_LEAF],
  ['a version 1 certificate', V1_CA],
])('%s is not a CA, unless the user says so', (_, pem) => {
  expect(refused(pem)).toMatch(/certificate 1 \(O=cdk8s-thanos tests, CN=.*\) is not a CA/);
  expect(refused(pem)).toContain('or set allowLeaf');
  expect(parsePemBundle(pem, { allowLeaf: true }).pem).toBe(pem);
});

test('a leaf behind a CA is refused by its number', () => {
  expect(refused(ECDSA_CA + LEAF)).toContain('certificate 2');
});

test('an expired CA is refused at the time given, and only there', () => {
  expect(refused(EXPIRED_CA, { validAt: VALID_AT })).toContain(
    'expired on 2021-01-01T00:00:00.000Z (given time 2026-06-01T00:00:00.000Z); Thanos would fail each TLS handshake',
  );
  expect(parsePemBundle(EXPIRED_CA).warnings).toEqual([]);
  expect(parsePemBundle(EXPIRED_CA, { validAt: new Date('2020-06-01') }).warnings).toEqual([]);
});

test('a CA of the future is refused at the time given', () => {
  expect(refused(ECDSA_CA, { validAt: new Date('2023-12-31') })).toContain('is not valid before 2024-01-01');
});

test('an expired root beside a valid one is a warning', () => {
  const { warnings } = parsePemBundle(EXPIRED_CA + ECDSA_CA, { validAt: VALID_AT });
  expect(warnings).toEqual([expect.stringContaining('CN=Expired CA expired on 2021-01-01')]);
});

test('a root that ends within 30 days is a warning', () => {
  const at = (date: string) => parsePemBundle(EXPIRED_CA, { validAt: new Date(date) }).warnings;
  expect(at('2020-12-02T00:00:01Z')).toEqual([
    expect.stringContaining('expires on 2021-01-01T00:00:00.000Z, in 29 days'),
  ]);
  expect(at('2020-12-01T00:00:00Z')).toEqual([]);
});

test.each(['2026-01-01', NaN, new Date('never')])('the time %p is none', (validAt) => {
  expect(refused(ECDSA_CA, { validAt })).toMatch(/validAt: is (.*, )?not a valid Date/);
});

test('a bundle larger than a Secret is refused with its size', () => {
  expect(refused(manyCas(1800))).toMatch(/is a bundle of 1\d{6} bytes; a Secret or ConfigMap holds 1048576/);
});

test.each([undefined, null, 7, { pem: 'x' }])('%p is not PEM text', (pem) => {
  expect(refused(pem as never)).toMatch(/ca: is (undefined|null|7|an object), not PEM text/);
});
