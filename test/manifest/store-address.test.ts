import { storeAddress } from '../../src/manifest/store-address';

test.each([
  [{ endpoint: 's3.example.com' }, 's3.example.com 443'],
  [{ endpoint: 's3.example.com', insecure: true }, 's3.example.com 80'],
  [{ endpoint: 's3.example.com:9000', insecure: true }, 's3.example.com 9000'],
  [{ endpoint: 'http://swift.example.com:8080/auth' }, 'swift.example.com 8080'],
  [{ endpoint: '[2001:db8::1]:9000' }, '2001:db8::1 9000'],
])('%j is at %s', (config, wanted) => {
  const { host, port } = storeAddress(config)!;
  expect(`${host} ${port}`).toBe(wanted);
});

test.each([undefined, null, 'x', {}, { endpoint: '' }, { endpoint: 7 }, { endpoint: 'a b' }])(
  '%j tells none',
  (config) => {
    expect(storeAddress(config)).toBeUndefined();
  },
);
