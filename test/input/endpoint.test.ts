import { canonicalEndpoint, isInCluster, parseEndpoint } from '../../src/input/endpoint';
import { S3Credentials } from '../../src';
import { refusal } from '../fixtures/bucket';

test.each([
  ['s3.example.com', { host: 's3.example.com', isIp: false }],
  ['s3.example.com:9000', { host: 's3.example.com', port: 9000, isIp: false }],
  ['s3.example.com.:9000', { host: 's3.example.com.', port: 9000, isIp: false }],
  ['minio:9000', { host: 'minio', port: 9000, isIp: false }],
  ['my_minio.ns.svc:443', { host: 'my_minio.ns.svc', port: 443, isIp: false }],
  ['10.0.0.5:9000', { host: '10.0.0.5', port: 9000, isIp: true }],
  ['[::1]:9000', { host: '::1', port: 9000, isIp: true }],
  ['[2001:db8::5]', { host: '2001:db8::5', isIp: true }],
])('%s is an endpoint', (endpoint, parsed) => {
  expect(parseEndpoint(endpoint)).toEqual({ port: undefined, ...parsed });
});

test.each([
  ['', 'is empty. Write host or host:port only'],
  [undefined, 'is missing. Write host or host:port only'],
  [9000, 'is 9000, not a text'],
  [
    'https://s3.example.com',
    'has a scheme. Write host or host:port only, such as "s3.minio.example.com:9000"; TLS is used',
  ],
  ['http://s3.example.com', 'has a scheme'],
  ['s3.example.com/bucket', 'has a path or query'],
  ['s3.example.com:9000/', 'has a path or query'],
  ['s3.example.com?x=y', 'has a path or query'],
  ['s3.example.com#x', 'has a path or query'],
  [' s3.example.com', 'has blanks'],
  ['s3.example.com:9000\n', 'has blanks'],
  ['s3 example.com', 'has blanks'],
  ['s3.example.com:', 'port "" is not a number from 1 to 65535'],
  ['s3.example.com:0', 'port "0" is not a number'],
  ['s3.example.com:65536', 'port "65536" is not a number'],
  ['s3.example.com:9000x', 'port "9000x" is not a number'],
  ['s3.example.com:90:00', 'port "90:00" is not a number'],
  ['2001:db8::5', 'is an IPv6 address without brackets. Write "[2001:db8::5]:9000"'],
  ['[s3.example.com]:9000', 'in brackets is not an IPv6 address'],
  ['[10.0.0.5]:9000', 'in brackets is not an IPv6 address'],
  ['[fe80::1%eth0]:9000', 'has an IPv6 zone'],
  ['_minio:9000', 'is neither a DNS name nor an IP address'],
  ['minio-:9000', 'is neither a DNS name nor an IP address'],
  ['*.example.com', 'is neither a DNS name nor an IP address'],
  ['a..b', 'is neither a DNS name nor an IP address'],
  ['1.2.3', 'is neither a DNS name nor an IP address'],
  ['1.2.3.400', 'is neither a DNS name nor an IP address'],
  [`${'x'.repeat(64)}.com`, 'is neither a DNS name nor an IP address'],
  ['bücher.example', 'is neither a DNS name nor an IP address'],
  ['$(HOST):9000', 'is neither a DNS name nor an IP address'],
])('the endpoint %p is refused with its place', (endpoint, text) => {
  const said = refusal({ endpoint });
  expect(said).toMatch(/^cdk8s-thanos: test\/Bucket: endpoint: /);
  expect(said).toContain(text);
});

test.each([
  'AKIA:hunter2@s3.example.com',
  'https://AKIA:hunter2@s3.example.com',
  ' AKIA:hunter2@s3.example.com',
  's3.example.com/thanos?X-Amz-Signature=hunter2',
  'https://s3.example.com?X-Amz-Signature=hunter2',
  's3.example.com ?secret=hunter2',
])('keys in the endpoint %s are not echoed', (endpoint) => {
  expect(refusal({ endpoint })).not.toMatch(/hunter2|AKIA/);
});

test('user information is answered with where keys belong', () => {
  expect(refusal({ endpoint: 'a:b@s3.example.com' })).toContain('holds user information before "@"');
  expect(refusal({ endpoint: 'a:b@s3.example.com' })).toContain('keys belong in credentials');
});

test('an IP endpoint needs a server name, and the text says which', () => {
  const said = refusal({ endpoint: '10.0.0.5:9000' });
  expect(said).toContain('test/Bucket: serverName: is missing, and the endpoint is the IP address 10.0.0.5');
  expect(said).toContain('"10.0.0.5" itself when the certificate has that IP SAN');
  expect(refusal({ endpoint: '[::1]:9000', credentials: S3Credentials.anonymous() })).toContain('"::1" itself');
});

test('spellings of one store are one', () => {
  const one = (endpoint: string, insecure = false) => canonicalEndpoint(endpoint, insecure, 'monitoring');
  expect(one('S3.Example.com')).toBe('s3.example.com:443');
  expect(one('s3.example.com.:443')).toBe('s3.example.com:443');
  expect(one('s3.example.com', true)).toBe('s3.example.com:80');
  expect(one('[2001:DB8:0:0::5]:9000')).toBe(one('[2001:db8::5]:9000'));
  expect(one('minio.store.svc.cluster.local:9000')).toBe('minio.store.svc:9000');
  expect(one('minio.store.svc:9000')).toBe('minio.store.svc:9000');
});

test('a name without dots means another store in another namespace', () => {
  expect(canonicalEndpoint('minio:9000', false, 'a')).toBe('minio.a.svc:9000');
  expect(canonicalEndpoint('minio:9000', false, 'b')).toBe('minio.b.svc:9000');
});

test('only a Service means another store in another cluster', () => {
  expect(isInCluster('minio.store.svc:9000/thanos')).toBe(true);
  expect(isInCluster('claim:blocks.monitoring')).toBe(true);
  expect(isInCluster('claim.example.com:443/thanos')).toBe(false);
  expect(isInCluster('s3.example.com:443/thanos')).toBe(false);
  expect(isInCluster('10.0.0.5:443/thanos')).toBe(false);
});
