import { S3ClientCertificate } from '../../src';
import { refusal } from '../fixtures/bucket';

test('the keys are those of a kubernetes.io/tls Secret unless told', () => {
  expect(S3ClientCertificate.fromSecretName('tls')).toMatchObject({
    secretName: 'tls',
    certificateKey: 'tls.crt',
    privateKeyKey: 'tls.key',
  });
});

test.each([
  [S3ClientCertificate.fromSecretName(''), '"" is not an object name'],
  [S3ClientCertificate.fromSecretName('a', { certificateKey: 'a/b' }), '"a/b" is not a key'],
  [S3ClientCertificate.fromSecretName('a', { privateKeyKey: '' }), '"" is not a key'],
  [S3ClientCertificate.fromSecretName('a', { certificateKey: 'x', privateKeyKey: 'x' }), 'are both "x"'],
  [S3ClientCertificate.fromSecretName('a', { certKey: 'x' } as never), 'has no field "certKey"'],
  [S3ClientCertificate.fromSecretName('a', null as never), 'is null'],
  ['tls', 'is a text, not a client certificate. Give S3ClientCertificate.fromSecretName'],
  [{}, 'is an object, not a client certificate'],
  [null, 'is null, not a client certificate'],
])('the client certificate %p is refused', (clientCertificate, text) => {
  const said = refusal({ clientCertificate });
  expect(said).toMatch(/^cdk8s-thanos: test\/Bucket: clientCertificate: /);
  expect(said).toContain(text);
});
