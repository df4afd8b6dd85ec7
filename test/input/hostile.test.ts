import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, Duration, Size } from 'cdk8s';
import * as fc from 'fast-check';
import { S3Ca, S3Credentials, ThanosStack } from '../../src';
import { CA_BUNDLE, ECDSA_CA, LEAF, rsaCa, rsaPrivateKey } from '../fixtures/certificates';
import { runs } from '../property/runs';

/** What an app with these objstore options writes, or how it says no. */
function synth(objstore: unknown): { error?: Error; files: string[] } {
  const outdir = path.join(mkdtempSync(path.join(tmpdir(), 'hostile-')), 'out');
  let error: Error | undefined;
  try {
    const app = new App({ outdir });
    new ThanosStack(app, 'thanos', { objstore: objstore as never, compactor: {} });
    app.synth();
  } catch (thrown) {
    error = thrown as Error;
  }
  return { error, files: existsSync(outdir) ? readdirSync(outdir) : [] };
}

const GOOD = {
  bucket: 'thanos',
  endpoint: 's3.minio.example.com:9000',
  ca: S3Ca.fromPem(ECDSA_CA),
  credentials: S3Credentials.fromSecretName('keys'),
};

/** A refusal names construct path and prop, is not a crash of ours, and leaves no file. */
function refusedWell({ error, files }: ReturnType<typeof synth>, prop: RegExp): void {
  expect(error?.message).toMatch(/^cdk8s-thanos: thanos\/Objstore/);
  expect(error?.message).toMatch(prop);
  expect(error).not.toBeInstanceOf(TypeError);
  expect(files).toEqual([]);
}

const LINES = ECDSA_CA.trimEnd().split('\n');
const BODY = LINES.slice(1, -1);
const der = Buffer.from(BODY.join(''), 'base64');
const wrap = (body: string, label = 'CERTIFICATE') => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** By hand: what people paste, mount and convert by mistake. */
const BROKEN_PEM: [string, string][] = [
  ['nothing', ''],
  ['blanks', ' \n\t\n'],
  ['prose', 'please see the wiki'],
  ['a path', '/etc/ssl/certs/ca.crt'],
  ['JSON', '{"ca.crt": "..."}'],
  ['HTML of a login page', '<!doctype html><html><body>Sign in</body></html>'],
  ['DER read as text', der.toString('latin1')],
  ['DER read as UTF-8', der.toString('utf8')],
  ['hex', der.toString('hex')],
  ['base64 without lines around it', BODY.join('\n')],
  ['base64 of PEM', base64(ECDSA_CA)],
  ['base64 of base64 of PEM', base64(base64(ECDSA_CA))],
  ['base64 of PEM between PEM lines', wrap(base64(ECDSA_CA))],
  ['PEM on one line', LINES.join(' ')],
  ['PEM with written-out newlines', LINES.join('\\n')],
  ['PEM without newlines', LINES.join('')],
  ['indented PEM', LINES.map((line) => `  ${line}`).join('\n')],
  ['PEM indented with tabs', LINES.map((line) => `\t${line}`).join('\n')],
  ['an indented body', [LINES[0], ...BODY.map((line) => `  ${line}`), LINES.at(-1)].join('\n')],
  ['quoted PEM', LINES.map((line) => `"${line}"`).join('\n')],
  ['YAML around PEM', `ca.crt: |\n${LINES.map((line) => `  ${line}`).join('\n')}`],
  ['only a BEGIN line', LINES[0]],
  ['only an END line', LINES.at(-1)!],
  ['BEGIN and END', `${LINES[0]}\n${LINES.at(-1)}\n`],
  ['END before BEGIN', `${LINES.at(-1)}\n${BODY.join('\n')}\n${LINES[0]}\n`],
  ['no END line', LINES.slice(0, -1).join('\n')],
  ['no BEGIN line', LINES.slice(1).join('\n')],
  ['four dashes', ECDSA_CA.replaceAll('-----', '----')],
  ['six dashes', ECDSA_CA.replaceAll('-----', '------')],
  ['long dashes', ECDSA_CA.replaceAll('-----', '\u2014\u2014')],
  ['lower case', ECDSA_CA.replaceAll('CERTIFICATE', 'certificate')],
  ['a misspelt label', wrap(BODY.join('\n'), 'CERTIFCATE')],
  ['TRUSTED CERTIFICATE', wrap(BODY.join('\n'), 'TRUSTED CERTIFICATE')],
  ['X509 CRL', wrap(BODY.join('\n'), 'X509 CRL')],
  ['PKCS7', wrap(BODY.join('\n'), 'PKCS7')],
  ['CMS', wrap(BODY.join('\n'), 'CMS')],
  ['a request', wrap(BODY.join('\n'), 'CERTIFICATE REQUEST')],
  ['a public key', wrap(BODY.join('\n'), 'PUBLIC KEY')],
  ['EC parameters', wrap('BggqhkjOPQMBBw==', 'EC PARAMETERS')],
  ['an SSH key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample me@host'],
  ['a private key', rsaPrivateKey()],
  ['a private key after the CA', ECDSA_CA + rsaPrivateKey()],
  ['a private key before the CA', rsaPrivateKey() + ECDSA_CA],
  ['an encrypted private key', wrap('MIIBvTBXBgkqhkiG9w0BBQ0w', 'ENCRYPTED PRIVATE KEY')],
  ['an OpenSSH private key', wrap('b3BlbnNzaC1rZXktdjE=', 'OPENSSH PRIVATE KEY')],
  ['a leaf', LEAF],
  ['a leaf after a CA', ECDSA_CA + LEAF],
  ['a leaf before a CA', LEAF + ECDSA_CA],
  ['half a body', wrap(BODY.slice(0, BODY.length / 2).join('\n'))],
  ['a body without its first line', wrap(BODY.slice(1).join('\n'))],
  ['a body without its last line', wrap(BODY.slice(0, -1).join('\n'))],
  ['lines in reverse', wrap([...BODY].reverse().join('\n'))],
  ['a body of zeros', wrap('AAAA')],
  ['a body that is not base64', wrap('!!!!')],
  ['a body of URL-safe base64', wrap(der.toString('base64url').replace(/[^-_]$/, '-_'))],
  ['a comment in the body', wrap([...BODY.slice(0, 2), '# root', ...BODY.slice(2)].join('\n'))],
  ['a header in the body', wrap(`Proc-Type: 4,ENCRYPTED\n\n${BODY.join('\n')}`)],
  ['NUL between', ECDSA_CA.replaceAll('\n', '\0\n')],
  ['UTF-16', Buffer.from(ECDSA_CA, 'utf16le').toString('utf8')],
  ['a broken one after a good one', ECDSA_CA + wrap('AAAA')],
  ['a broken one before a good one', wrap('AAAA') + ECDSA_CA],
  ['a truncated one before a good one', `${LINES.slice(0, 4).join('\n')}\n${ECDSA_CA}`],
  ['a truncated one after a good one', ECDSA_CA + LINES.slice(0, 4).join('\n')],
  ['two copies glued together', ECDSA_CA.trimEnd() + ECDSA_CA],
];

test(`there are at least 60 of them`, () => expect(BROKEN_PEM.length).toBeGreaterThanOrEqual(60));

test.each(BROKEN_PEM)('a CA that is %s is refused by name', (_, pem) => {
  refusedWell(synth({ ...GOOD, ca: S3Ca.fromPem(pem) }), / ca: /);
});

test('a fuzzed bundle is refused by name, or every certificate in it is one of the bundle', () => {
  const good = CA_BUNDLE + rsaCa();
  const edit = fc.record({
    at: fc.nat(good.length),
    cut: fc.nat(200),
    put: fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('\n', '-----', ' ', '\0', '=', wrap('AAAA'), LINES[0])),
  });
  const certificates = (text: string) =>
    new Set(text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g));
  const known = certificates(good);
  let refused = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const text = edits.reduce((t, { at, cut, put }) => t.slice(0, at) + put + t.slice(at + cut), good);
      const ca = S3Ca.fromPem(text);
      const result = synth({ ...GOOD, ca });
      if (result.error) {
        refused++;
        refusedWell(result, / ca: /);
      } else {
        // a changed byte may leave a certificate that parses: what is written must still be what was given
        for (const one of certificates(text)) if (known.has(one)) expect(result.files).toHaveLength(1);
      }
    }),
    runs(300),
  );
  expect(refused).toBeGreaterThan(60);
});

/** By hand: options that Thanos or Kubernetes would refuse, at start or weeks later. */
const BROKEN_OPTIONS: [string, object][] = [
  ['bucket', { bucket: '' }],
  ['bucket', { bucket: 'ab' }],
  ['bucket', { bucket: 'a'.repeat(64) }],
  ['bucket', { bucket: '192.168.1.1' }],
  ['bucket', { bucket: 'a..b' }],
  ['bucket', { bucket: 's3://thanos' }],
  ['bucket', { bucket: 'thanos/blocks' }],
  ['bucket', { bucket: 7 }],
  ['bucket', { bucket: null }],
  ['endpoint', { endpoint: '' }],
  ['endpoint', { endpoint: 'https://s3.example.com' }],
  ['endpoint', { endpoint: 's3.example.com/thanos' }],
  ['endpoint', { endpoint: 's3.example.com:' }],
  ['endpoint', { endpoint: 's3.example.com:99999' }],
  ['endpoint', { endpoint: 's3.example.com:9000:9000' }],
  ['endpoint', { endpoint: ' s3.example.com' }],
  ['endpoint', { endpoint: 's3.example.com\n' }],
  ['endpoint', { endpoint: 'user:pw@s3.example.com' }],
  ['endpoint', { endpoint: '_minio:9000' }],
  ['endpoint', { endpoint: '[::1' }],
  ['endpoint', { endpoint: {} }],
  ['serverName', { endpoint: '10.0.0.7:9000' }],
  ['serverName', { serverName: 'https://s3' }],
  ['serverName', { serverName: '' }],
  ['credentials', { credentials: undefined }],
  ['credentials', { credentials: { accessKey: 'a', secretKey: 'b' } }],
  ['credentials', { credentials: S3Credentials.unsafePlainText({ accessKey: 'a' } as never) }],
  ['credentials', { credentials: S3Credentials.unsafePlainText({ accessKey: 'a', secretKey: 'b\n' }) }],
  ['credentials', { credentials: S3Credentials.fromSecretName('Not_A_Name') }],
  [
    'credentials',
    { credentials: S3Credentials.fromWebIdentity({ serviceAccountName: 'x', expiry: Duration.seconds(9) }) },
  ],
  ['insecure', { insecure: true }],
  ['unsafeSkipVerify', { unsafeSkipVerify: true }],
  ['ca', { ca: 'ca.crt' }],
  ['ca', { ca: S3Ca.fromFile('/no/such/ca.crt') }],
  ['ca', { ca: S3Ca.fromFile('/') }],
  ['ca', { ca: S3Ca.fromSecretName('') }],
  ['region', { region: 'eu west' }],
  ['prefix', { prefix: '//' }],
  ['lookup', { lookup: 'dns' }],
  ['listObjectsVersion', { listObjectsVersion: 'v3' }],
  ['partSize', { partSize: Size.mebibytes(1) }],
  ['partSize', { partSize: 64 }],
  ['maxRetries', { maxRetries: 0 }],
  ['maxRetries', { maxRetries: 1.5 }],
  ['userMetadata', { userMetadata: { 'a b': 'c' } }],
  ['userMetadata', { userMetadata: { a: 'b\nInjected: yes' } }],
  ['http', { http: { idleConnTimeout: Duration.seconds(0) } }],
  ['http', { http: { maxIdleConns: -1 } }],
  ['http', { http: { idle_conn_timeout: '90s' } }],
  ['stsEndpoint', { stsEndpoint: 'https://sts.example.com' }],
  ['stsTrust', { credentials: S3Credentials.fromServiceAccountName('thanos') }],
  ['props', { acces_key: 'AKIA' }],
  ['props', { serverNam: 's3' }],
];

test.each(BROKEN_OPTIONS)('a broken %s is refused by name: %p', (prop, over) => {
  refusedWell(synth({ ...GOOD, ...over }), new RegExp(`^cdk8s-thanos: thanos/Objstore: ${prop}: `));
});

test('a fuzzed option of a wrong type is refused by name, or written', () => {
  const field = fc.constantFrom(
    ...[
      'bucket',
      'endpoint',
      'credentials',
      'ca',
      'serverName',
      'region',
      'prefix',
      'lookup',
      'insecure',
      'encryption',
    ],
    ...[
      'clientCertificate',
      'partSize',
      'multipart',
      'maxRetries',
      'contentMd5',
      'userMetadata',
      'http',
      'stsEndpoint',
    ],
    ...['stsTrust', 'trace', 'dualStack', 'listObjectsVersion', 'serverCertificate', 'reloader', 'unsafeSkipVerify'],
  );
  fc.assert(
    fc.property(field, fc.anything({ maxDepth: 1 }), (name, value) => {
      const result = synth({ ...GOOD, [name]: value });
      if (result.error) refusedWell(result, /cdk8s-thanos: thanos\/Objstore(\/Ca)?: /);
      else expect(result.files).toHaveLength(1);
    }),
    runs(300),
  );
});
