import { Duration, Size } from 'cdk8s';
import { BucketLookup, ObjstoreConfig, S3Ca, S3ClientCertificate, S3Credentials } from '../../src';
import { ECDSA_CA } from '../fixtures/certificates';
import { bucket, message, refusal } from '../fixtures/bucket';
import { chart } from '../render';

const ca = S3Ca.fromPem(ECDSA_CA);

/** Builds where a case is fine. */
function accepted(options: Record<string, unknown>): string {
  return new ObjstoreConfig(chart(), 'Bucket', bucket(options)).yaml;
}

describe('bucket', () => {
  test.each(['abc', 'thanos-blocks', 'a.b.c', 'Old_Bucket', 'tenant:bucket', '1ab', 'x'.repeat(63)])(
    '%s passes',
    (name) => {
      expect(accepted({ bucket: name })).toContain(`bucket: "${name}"`);
    },
  );

  test.each([
    [undefined, 'is missing. Give the name of the bucket'],
    ['', 'is empty. Give the name of the bucket'],
    [null, 'is null. Give the name of the bucket'],
    ['ab', '"ab" has 2 characters; a bucket name has 3 to 63'],
    ['x'.repeat(64), 'has 64 characters'],
    ['-abc', 'is not a bucket name'],
    ['abc.', 'is not a bucket name'],
    ['a b', 'is not a bucket name'],
    ['a/b', 'is not a bucket name'],
    ['abc\n', 'is not a bucket name'],
    ['a..b', 'is not a bucket name'],
    ['a.-b', 'no "-" beside a "."'],
    ['a-.b', 'no "-" beside a "."'],
    ['10.0.0.5', 'no IP address'],
    ['999.999.999.999', 'no IP address'],
    ['tränke', 'is not a bucket name'],
  ])('%p is refused, since Thanos would start and then fail', (name, text) => {
    expect(refusal({ bucket: name })).toMatch(/^cdk8s-thanos: test\/Bucket: bucket: /);
    expect(refusal({ bucket: name })).toContain(text);
  });

  test.each(['a.b', 'Thanos', 'a_b', 'a:b'])('%s is not a host name for the virtual-hosted style', (name) => {
    const said = refusal({ bucket: name.padEnd(3, 'x'), lookup: BucketLookup.VIRTUAL_HOSTED });
    expect(said).toContain('bucket: ');
    expect(said).toContain('Use BucketLookup.PATH');
  });

  test('dots are fine for the virtual-hosted style over plain HTTP', () => {
    expect(accepted({ bucket: 'a.b', lookup: BucketLookup.VIRTUAL_HOSTED, insecure: true })).toContain(
      'virtual-hosted',
    );
  });
});

describe('TLS options that cancel each other', () => {
  test.each([
    ['ca', { ca }],
    ['serverName', { serverName: 'x.example.com' }],
    ['clientCertificate', { clientCertificate: S3ClientCertificate.fromSecretName('tls') }],
    ['unsafeSkipVerify', { unsafeSkipVerify: true }],
  ])('insecure with %s is refused', (prop, options) => {
    expect(refusal({ insecure: true, ...options })).toBe(
      `cdk8s-thanos: test/Bucket: insecure: is true together with ${prop}: Thanos would speak plain HTTP and not use it. Drop one of the two`,
    );
  });

  test('unsafeSkipVerify with a CA is refused', () => {
    expect(refusal({ unsafeSkipVerify: true, ca })).toContain(
      'unsafeSkipVerify: is true together with ca, which it cancels',
    );
  });

  test('unsafeSkipVerify with a server name is refused', () => {
    expect(refusal({ unsafeSkipVerify: true, serverName: 'a.b' })).toContain(
      'unsafeSkipVerify: is true together with serverName',
    );
  });

  test('an IP endpoint needs no server name where no name is checked', () => {
    expect(accepted({ endpoint: '10.0.0.5', insecure: true })).toContain('insecure: true');
    expect(accepted({ endpoint: '10.0.0.5', unsafeSkipVerify: true })).toContain('insecure_skip_verify: true');
  });
});

describe('serverName', () => {
  test.each(['s3.example.com', '10.0.0.5', '::1', 'minio'])('%s passes', (serverName) => {
    expect(accepted({ endpoint: '10.0.0.5:9000', serverName })).toContain(`server_name: "${serverName}"`);
  });

  test.each(['', null, 5, '*.example.com', 'https://a.b', 'a.b:443', '[::1]', 'a b', 'a/b', 'x@y'])(
    '%p is refused',
    (serverName) => {
      expect(refusal({ serverName })).toMatch(
        /^cdk8s-thanos: test\/Bucket: serverName: .* is not a DNS name or IP address; give one without scheme and port$/,
      );
    },
  );
});

test.each([
  ['region', ''],
  ['region', 'eu west'],
  ['region', 'eu/west'],
  ['region', 5],
  ['region', null],
  ['prefix', ''],
  ['prefix', '//'],
  ['prefix', ' '],
  ['prefix', '../other'],
  ['prefix', 'a/./b'],
  ['prefix', 'a\nb'],
  ['prefix', null],
  ['lookup', 'dns'],
  ['lookup', null],
  ['listObjectsVersion', 'v3'],
  ['maxRetries', 0],
  ['maxRetries', -1],
  ['maxRetries', 1.5],
  ['maxRetries', '5'],
  ['maxRetries', null],
])('%s %p is refused by its prop', (prop, value) => {
  expect(refusal({ [prop]: value })).toMatch(new RegExp(`^cdk8s-thanos: test/Bucket: ${prop}: `));
});

test.each(['insecure', 'unsafeSkipVerify', 'multipart', 'contentMd5', 'dualStack', 'trace'])(
  '%s as text is refused, since "false" would count as true',
  (prop) => {
    for (const value of ['false', 'no', 0, null]) {
      expect(refusal({ [prop]: value })).toContain(
        `test/Bucket: ${prop}: is ${JSON.stringify(value)}; it must be true or false`,
      );
    }
  },
);

test('the virtual-hosted style needs a name', () => {
  expect(refusal({ endpoint: '10.0.0.5', serverName: 'a.b', lookup: BucketLookup.VIRTUAL_HOSTED })).toContain(
    'lookup: is virtual-hosted, but the endpoint is an IP address',
  );
});

describe('partSize', () => {
  test.each([Size.mebibytes(5), Size.gibibytes(5)])('%s passes', (partSize) => {
    expect(accepted({ partSize })).toContain('part_size: ');
  });

  test.each([
    [Size.kibibytes(5 * 1024 - 1), 'S3 takes parts of 5 MiB to 5 GiB'],
    [Size.kibibytes(5 * 1024 ** 2 + 1), 'S3 takes parts of 5 MiB to 5 GiB'],
    [Size.mebibytes(0), 'must be greater than 0'],
    [Size.kibibytes(6000.0001), 'give whole bytes'],
    [5, 'is 5, not a Size'],
    [null, 'is null, not a Size'],
  ])('%p is refused', (partSize, text) => {
    expect(refusal({ partSize })).toContain(`test/Bucket: partSize: `);
    expect(refusal({ partSize })).toContain(text);
  });

  test('a part size without parts is refused', () => {
    expect(refusal({ partSize: Size.mebibytes(8), multipart: false })).toContain(
      'partSize: has no effect with multipart false',
    );
  });
});

describe('userMetadata', () => {
  test.each([
    [{ 'a b': 'x' }, 'name "a b" can\'t be an HTTP header'],
    [{ '': 'x' }, 'name "" can\'t be an HTTP header'],
    [{ ä: 'x' }, "can't be an HTTP header"],
    [{ 'Content-Type': 'x' }, 'name "Content-Type" is a header that the S3 client keeps for itself'],
    [{ 'X-Amz-Server-Side-Encryption': 'AES256' }, 'keeps for itself'],
    [{ 'x-minio-force': '1' }, 'keeps for itself'],
    [{ team: 'a', Team: 'b' }, 'has "Team" twice'],
    [{ team: 5 }, 'value of "team" is not a text'],
    [{ team: 'a\r\nb' }, 'value of "team" can\'t be an HTTP header: it has control characters'],
    [['a'], 'is a list'],
    ['a', 'is "a"'],
    [null, 'is null'],
  ])('%p is refused, since each upload would fail', (userMetadata, text) => {
    expect(refusal({ userMetadata })).toContain('test/Bucket: userMetadata: ');
    expect(refusal({ userMetadata })).toContain(text);
  });

  test('the storage class passes in any case', () => {
    expect(accepted({ userMetadata: { 'x-amz-STORAGE-class': 'IA' } })).toContain('"x-amz-STORAGE-class": "IA"');
  });
});

describe('http', () => {
  test.each([
    [{ idleConnTimeout: Duration.seconds(0) }, 'idleConnTimeout: is 0 ms; it must be greater than 0'],
    [{ responseHeaderTimeout: Duration.millis(0.5) }, 'responseHeaderTimeout: is 0.5 ms; give whole milliseconds'],
    [{ tlsHandshakeTimeout: 10 }, 'tlsHandshakeTimeout: is 10, not a Duration'],
    [{ expectContinueTimeout: null }, 'expectContinueTimeout: is null, not a Duration'],
    [
      { idleConnTimeout: Duration.days(365 * 400) },
      'idleConnTimeout: is 12614400000000 ms; Thanos knows no duration over 292',
    ],
    [{ maxIdleConns: -1 }, 'maxIdleConns: is -1; it must be a whole number of at least 0'],
    [{ maxIdleConnsPerHost: 1.5 }, 'maxIdleConnsPerHost: is 1.5'],
    [{ maxConnsPerHost: '5' }, 'maxConnsPerHost: is "5"'],
    [{ insecureSkipVerify: true }, 'has no field "insecureSkipVerify"'],
    [{ idleConTimeout: Duration.seconds(1) }, 'did you mean "idleConnTimeout"?'],
    [null, 'is null'],
    ['x', 'is a text'],
  ])('%p is refused', (http, text) => {
    expect(refusal({ http })).toContain('test/Bucket: http: ');
    expect(refusal({ http })).toContain(text);
  });
});

test.each([
  [{ end_point: 'x' }, 'props: has no field "end_point"; did you mean "endpoint"?'],
  [{ hedgingConfig: {} }, 'props: has no field "hedgingConfig"'],
  [{ signatureVersion2: true }, 'props: has no field "signatureVersion2"'],
])('an unknown option %p is refused', (options, text) => {
  expect(refusal(options)).toContain(`test/Bucket: ${text}`);
});

test.each([undefined, null, 'text'])('%p instead of options is refused', (props) => {
  expect(message(() => new ObjstoreConfig(chart(), 'Bucket', props as never))).toContain('test/Bucket: props: is ');
});

test('an option that is undefined is one that is not set', () => {
  const unset = Object.fromEntries(
    ['ca', 'serverName', 'region', 'http', 'insecure', 'trace'].map((key) => [key, undefined]),
  );
  expect(accepted(unset)).toBe(accepted({}));
});

test('anonymous access must be said, and can be', () => {
  expect(accepted({ credentials: S3Credentials.anonymous() })).toBe(accepted({}));
});
