import { S3Encryption } from '../../src';
import { refusal } from '../fixtures/bucket';

test.each([
  ['no KMS key', S3Encryption.kms(''), 'SSE-KMS needs a key id'],
  ['a KMS key that is not text', S3Encryption.kms(7 as never), 'SSE-KMS needs a key id'],
  ['unknown KMS options', S3Encryption.kms('k', { ctx: {} } as never), 'has no field "ctx"'],
  [
    'a context value that is not text',
    S3Encryption.kms('k', { context: { a: 5 as never } }),
    'context: "a": is a number; Kubernetes takes only text here',
  ],
  ['a bad Secret of a customer key', S3Encryption.customerKeyFromSecretName('A'), '"A" is not an object name'],
  ['a bad key of a customer key', S3Encryption.customerKeyFromSecretName('a', { key: 'x/y' }), '"x/y" is not a key'],
  [
    'unknown customer key options',
    S3Encryption.customerKeyFromSecretName('a', { file: 'x' } as never),
    'has no field "file"',
  ],
  ['a text', 'SSE-S3', 'is a text, not an encryption. Give S3Encryption.s3()'],
  ['null', null, 'is null, not an encryption'],
])('%s is refused', (_, encryption, text) => {
  const said = refusal({ encryption });
  expect(said).toMatch(/^cdk8s-thanos: test\/Bucket: encryption: /);
  expect(said).toContain(text);
});

test('a customer key over plain HTTP is refused: the client would not send it', () => {
  const encryption = S3Encryption.customerKeyFromSecretName('sse');
  expect(refusal({ encryption, insecure: true })).toContain('encryption: is SSE-C with insecure');
});
