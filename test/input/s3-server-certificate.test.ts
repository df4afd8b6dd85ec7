import { X509Certificate } from 'node:crypto';
import { type ObjstoreOptions, S3Ca, S3ServerCertificate } from '../../src';
import { ECDSA_CA, EXPIRED_CA, LEAF, rsaLeaf, SECOND_CA, VALID_AT } from '../fixtures/certificates';
import { AppRegistry } from '../../src/app/registry';
import { bucket } from '../fixtures/objstore';

function judged(over: Partial<ObjstoreOptions>, pem = LEAF): () => unknown {
  return () => bucket({ serverCertificate: S3ServerCertificate.fromPem(pem, { validAt: VALID_AT }), ...over });
}

test('a certificate for the endpoint, signed by the CA, is accepted and written nowhere', () => {
  expect(judged({})).not.toThrow();
  expect(bucket({ serverCertificate: S3ServerCertificate.fromPem(LEAF) }).objstore.yaml).toBe(bucket().objstore.yaml);
});

test('one for another name is refused, with its names and the way out', () => {
  expect(judged({ endpoint: 'minio.local:9000' })).toThrow(
    /test\/Objstore: serverCertificate: .*is for DNS:s3\.minio\.example\.com, not for minio\.local\. Set serverName/,
  );
});

test('serverName is what counts where it is set', () => {
  expect(judged({ endpoint: '10.0.0.7:9000', serverName: 's3.minio.example.com' })).not.toThrow();
  expect(judged({ serverName: 'other.example.com' })).toThrow(/not for other\.example\.com/);
});

test('one that another CA signed is refused', () => {
  expect(judged({ ca: S3Ca.fromPem(SECOND_CA) })).toThrow(
    /was signed by .*CN=ECDSA CA, whose certificate is neither in ca nor sent by the server/,
  );
});

test('the chain is not judged where the CA is only referenced', () => {
  expect(judged({ ca: S3Ca.fromSecretName('ca') })).not.toThrow();
});

test('one without a subject alternative name is refused', () => {
  const pem = rsaLeaf({ subject: 's3.minio.example.com' });
  expect(judged({ ca: S3Ca.fromPem(pem, { allowLeaf: true }) }, pem)).toThrow(
    /has no subject alternative name.*SAN DNS:s3\.minio/,
  );
});

test('an expired one is refused', () => {
  expect(judged({}, EXPIRED_CA)).toThrow(/serverCertificate: .*expired on 202/);
});

test('it has no effect without verification', () => {
  expect(judged({ ca: undefined, unsafeSkipVerify: true })).toThrow(/has no effect without verification/);
});

test('the CA itself is not a server certificate for that name', () => {
  expect(judged({}, ECDSA_CA)).toThrow(/test\/Objstore: serverCertificate: /);
});

test('one that ends soon is accepted with a warning', () => {
  const validAt = new Date(Date.parse(new X509Certificate(LEAF).validTo) - 10 * 24 * 3600 * 1000);
  const { chart } = bucket({ serverCertificate: S3ServerCertificate.fromPem(LEAF, { validAt }) });
  expect(AppRegistry.of(chart).standing().warnings).toEqual([
    expect.stringMatching(/^test\/Objstore: serverCertificate: certificate .* expires on .*, in 10 days$/),
  ]);
});
