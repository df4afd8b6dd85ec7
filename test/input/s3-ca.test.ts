import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { type IS3Ca, ObjstoreConfig, S3Ca } from '../../src';
import { CA_BUNDLE, ECDSA_CA, LEAF, certificatePath } from '../fixtures/certificates';
import { bucket, refusal } from '../fixtures/bucket';
import { chart } from '../render';

let folder: string;
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'ca-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Buffer): string {
  const name = path.join(folder, 'ca.crt');
  writeFileSync(name, content);
  return name;
}

test('a CA is text, a file, or a reference', () => {
  expect(S3Ca.fromPem(ECDSA_CA).caSource).toMatchObject({ pem: ECDSA_CA, key: 'ca.crt' });
  expect(S3Ca.fromFile(certificatePath('ecdsa-ca')).caSource).toMatchObject({ pem: ECDSA_CA });
  expect(S3Ca.fromSecretName('corp-ca').caSource).toMatchObject({
    secretName: 'corp-ca',
    key: 'ca.crt',
    exclusive: false,
  });
  expect(S3Ca.fromConfigMapName('corp', { key: 'roots.pem', exclusive: true, revision: '2' }).caSource).toMatchObject({
    configMapName: 'corp',
    key: 'roots.pem',
    revision: '2',
    exclusive: true,
  });
});

test('a file is read once: synth does not mix two states of it', () => {
  const ca = S3Ca.fromFile(file(ECDSA_CA));
  expect(ca.caSource.pem).toBe(ECDSA_CA);
  file(CA_BUNDLE);
  expect(ca.caSource.pem).toBe(ECDSA_CA);
});

test('a file that is not there is named with construct and prop', () => {
  expect(refusal({ ca: S3Ca.fromFile('certs/nowhere.crt') })).toBe(
    `cdk8s-thanos: test/Bucket: ca: the file "certs/nowhere.crt" can't be read (ENOENT); it was looked for in ${process.cwd()}, the folder where synth runs. Give the path from there, or an absolute one`,
  );
});

test.each([
  ['a folder', () => folder, "can't be read (EISDIR)"],
  ['no path', () => undefined as unknown as string, "the file undefined can't be read"],
  [
    'DER',
    () => file(Buffer.from(ECDSA_CA.replace(/-----.*-----|\s/g, ''), 'base64')),
    'is DER, not PEM. Convert it with',
  ],
  ['UTF-16', () => file(Buffer.from(`\ufeff${ECDSA_CA}`, 'utf16le')), 'is UTF-16. Save it as UTF-8'],
  ['an empty file', () => file(''), 'is empty'],
])('%s as a file is refused', (_, name, text) => {
  expect(refusal({ ca: S3Ca.fromFile(name()) })).toContain(text);
});

test('a UTF-8 byte order mark in a file does no harm', () => {
  const config = new ObjstoreConfig(chart(), 'Bucket', bucket({ ca: S3Ca.fromFile(file(`\ufeff${ECDSA_CA}`)) }));
  expect(config.caSecret?.pem).toBe(ECDSA_CA);
});

test.each([
  [S3Ca.fromSecretName(''), '"" is not an object name'],
  [S3Ca.fromSecretName('Corp'), '"Corp" is not an object name'],
  [S3Ca.fromSecretName(undefined as never), 'undefined is not an object name'],
  [S3Ca.fromConfigMapName('a b'), '"a b" is not an object name'],
  [S3Ca.fromSecretName('a', { key: 'x/y' }), '"x/y" is not a key'],
  ...['tls.key', 'ca.key', 'key.pem', 'privkey.pem', 'server-key', 'PRIVATE.KEY'].map((key) => [
    S3Ca.fromSecretName('a', { key }),
    `key "${key}" names a private key, which would be in every granted pod. Give the key of the certificate, such as "ca.crt"`,
  ]),
  [S3Ca.fromSecretName('a', { revision: '' }), 'revision: is ""'],
  [S3Ca.fromSecretName('a', { revision: 3 as never }), 'revision: is 3'],
  [S3Ca.fromSecretName('a', { keys: 'x' } as never), 'has no field "keys"; did you mean "key"?'],
  [S3Ca.fromSecretName('a', null as never), 'is null'],
  [S3Ca.fromPem(LEAF, { allowLeafs: true } as never), 'did you mean "allowLeaf"?'],
  [S3Ca.fromPem(ECDSA_CA, null as never), 'is null'],
  [ECDSA_CA, 'is a text, not a CA. Give S3Ca.fromFile("ca.crt") or another S3Ca'],
  [null, 'is null, not a CA'],
  [{}, 'is an object, not a CA'],
  [{ caSource: null }, 'has no caSource'],
  [{ caSource: { secretName: 'a', configMapName: 'b', key: 'c' } }, 'lies in a Secret and in a ConfigMap'],
  [{ caSource: { secretName: 'A B', key: 'c' } }, '"A B" is not an object name'],
] as [unknown, string][])('the CA %p is refused', (ca, text) => {
  const said = refusal({ ca });
  expect(said).toMatch(/^cdk8s-thanos: test\/Bucket: ca: /);
  expect(said).toContain(text);
  expect(said).not.toContain('MII');
});

test('any IS3Ca will do', () => {
  const ca: IS3Ca = { caSource: { pem: ECDSA_CA, key: 'ca.crt', exclusive: true } };
  expect(new ObjstoreConfig(chart(), 'Bucket', bucket({ ca })).caSecret?.pem).toBe(ECDSA_CA);
});

test('what is wrong with a file names the file', () => {
  const name = file('hello');
  expect(refusal({ ca: S3Ca.fromFile(name) })).toContain(`ca: the file "${name}": holds no certificate`);
  expect(refusal({ ca: S3Ca.fromPem('hello') })).toContain('ca: holds no certificate');
});
