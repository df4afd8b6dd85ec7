import { Duration } from 'cdk8s';
import { S3Credentials, StsTrust } from '../../src';
import { refusal } from '../fixtures/bucket';

const LONG = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const plain = (keys: object) => S3Credentials.unsafePlainText(keys as never);
const token = (options: object) => S3Credentials.fromWebIdentity({ serviceAccountName: 'thanos', ...options });

test.each([
  ['no credentials', undefined, 'is missing. Give S3Credentials.fromSecretName("..."), or S3Credentials.anonymous()'],
  ['null', null, 'is null, not an S3Credentials. Give S3Credentials.fromSecretName'],
  ['an object of keys', { accessKey: 'AKIA', secretKey: 'hunter2' }, 'is an object, not an S3Credentials'],
  ['a text', 'hunter2', 'is a text, not an S3Credentials'],
  ['no Secret name', S3Credentials.fromSecretName(undefined as never), 'undefined is not an object name'],
  ['a bad Secret name', S3Credentials.fromSecretName('S3_Keys'), '"S3_Keys" is not an object name'],
  [
    'keys as a name',
    S3Credentials.fromSecretName({ secretKey: 'hunter2' } as never),
    'an object is not an object name',
  ],
  [
    'an empty access key name',
    S3Credentials.fromSecretName('s', { accessKeyKey: '' }),
    'accessKeyKey: is not the name of a key',
  ],
  [
    'an empty secret key name',
    S3Credentials.fromSecretName('s', { secretKeyKey: '' }),
    'secretKeyKey: is not the name of a key',
  ],
  [
    'a bad token key name',
    S3Credentials.fromSecretName('s', { sessionTokenKey: 'a b' }),
    'sessionTokenKey: is not the name of a key',
  ],
  [
    'one key for both',
    S3Credentials.fromSecretName('s', { accessKeyKey: 'k', secretKeyKey: 'k' }),
    'must name different keys',
  ],
  ['an unknown key', S3Credentials.fromSecretName('s', { accesKeyKey: 'k' } as never), 'did you mean "accessKeyKey"?'],
  ['a secret as its name', S3Credentials.fromSecretName('s', { secretKeyKey: 'hunter2!' }), 'never the key itself'],
  ['a secret as the name of the Secret', S3Credentials.fromSecretName(LONG), 'a text of 40 characters (not shown'],
  [
    'a secret as the name of the file',
    S3Credentials.fromCredentialsFile('s', { key: LONG }),
    'a text of 40 characters',
  ],
  ['no options', S3Credentials.fromSecretName('s', null as never), 'is null'],
  ['a bad revision', S3Credentials.fromSecretName('s', { revision: 3 as never }), 'revision: is 3'],
  ['a bad file Secret', S3Credentials.fromCredentialsFile(''), '"" is not an object name'],
  ['a bad file key', S3Credentials.fromCredentialsFile('s', { key: '../x' }), '"../x" is not a key'],
  ['an empty profile', S3Credentials.fromCredentialsFile('s', { profile: '' }), 'profile: is ""'],
  ['a profile that is not text', S3Credentials.fromCredentialsFile('s', { profile: 5 as never }), 'profile: is 5'],
  ['a bad service account', S3Credentials.fromServiceAccountName('A'), '"A" is not an object name'],
  ['a bad SDK service account', S3Credentials.awsSdk({ serviceAccountName: '' }), '"" is not an object name'],
  ['unknown SDK options', S3Credentials.awsSdk({ profile: 'x' } as never), 'has no field "profile"'],
  ['no token options', S3Credentials.fromWebIdentity(undefined as never), 'is missing'],
  ['a token without account', S3Credentials.fromWebIdentity({} as never), 'serviceAccountName: is missing'],
  ['an unknown token option', token({ role: 'x' }), 'has no field "role"'],
  ['an empty role', token({ roleArn: '' }), 'roleArn: is ""'],
  ['an empty session name', token({ roleSessionName: '' }), 'roleSessionName: is ""'],
  ['an empty audience', token({ audience: '' }), 'audience: is ""'],
  [
    'a token of 599 s',
    token({ expiry: Duration.seconds(599) }),
    'token expiry is 599 s; Kubernetes issues none shorter than 600',
  ],
  ['a token of 200 years', token({ expiry: Duration.days(200 * 365) }), 'Kubernetes takes 4294967296 s at most'],
  ['a token of half seconds', token({ expiry: Duration.millis(900500) }), 'Kubernetes takes whole seconds'],
  ['a token of 0 s', token({ expiry: Duration.seconds(0) }), 'it must be greater than 0'],
  ['a token time that is none', token({ expiry: 3600 }), 'is 3600, not a Duration'],
  ['no literals', plain(undefined as never), 'is missing'],
  ['half literals, no secret', plain({ accessKey: 'AKIA' }), 'secretKey: is missing. Give accessKey and secretKey'],
  ['half literals, no access', plain({ secretKey: 'hunter2' }), 'accessKey: is missing'],
  ['an empty literal', plain({ accessKey: 'AKIA', secretKey: '' }), 'secretKey: is missing'],
  ['a newline at the end', plain({ accessKey: 'AKIA', secretKey: 'hunter2\n' }), 'secretKey: has a newline'],
  ['a blank at the start', plain({ accessKey: ' AKIA', secretKey: 'hunter2' }), 'accessKey: has a newline, or blanks'],
  ['a newline inside', plain({ accessKey: 'AK\nIA', secretKey: 'hunter2' }), 'accessKey: has a newline'],
  ['an empty token', plain({ accessKey: 'AKIA', secretKey: 'hunter2', sessionToken: '' }), 'sessionToken: is missing'],
  [
    'a token with newline',
    plain({ accessKey: 'AKIA', secretKey: 'hunter2', sessionToken: 'hunter2\n' }),
    'sessionToken: has a newline',
  ],
  ['a number', plain({ accessKey: 'AKIA', secretKey: 7 }), 'secretKey: is missing'],
  ['an unknown literal', plain({ accessKey: 'AKIA', secretKey: 'hunter2', token: 'hunter2' }), 'has no field "token"'],
])('%s is refused without an echo', (_, credentials, text) => {
  const said = refusal({ credentials, stsTrust: undefined });
  expect(said).toMatch(/^cdk8s-thanos: test\/Bucket: credentials: /);
  expect(said).toContain(text);
  expect(said).not.toMatch(/hunter2|AKIA|wJal/);
});

test('a token lives an hour and is for AWS unless told', () => {
  expect(token({})._source()).toMatchObject({ audience: 'sts.amazonaws.com', expirySeconds: 3600 });
  expect(token({ audience: 'minio', expiry: Duration.minutes(10) })._source()).toMatchObject({
    audience: 'minio',
    expirySeconds: 600,
  });
});

test('a bad value is said where a construct takes it, not where it was made', () => {
  expect(() => S3Credentials.fromSecretName('S3_Keys')).not.toThrow();
  expect(refusal({ credentials: S3Credentials.fromSecretName('S3_Keys'), stsTrust: StsTrust.S3_CA })).toContain(
    'test/Bucket: credentials: ',
  );
});
