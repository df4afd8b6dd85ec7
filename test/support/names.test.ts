import { dataKey, dnsLabel, objectName } from '../../src/support/names';

test.each(['thanos', 'a', '0a-b9', 'x'.repeat(63)])('%s is a DNS label', (name) => {
  expect(dnsLabel(name)).toBe(name);
});

test.each(['', 'Thanos', 'a_b', '-a', 'a-', 'a.b', 'a b', 'a\n', 'ä', 7, null, undefined])(
  '%p is not a DNS label',
  (name) => {
    expect(() => dnsLabel(name as string)).toThrow('is not a DNS label');
  },
);

test('an over-long name is counted', () => {
  expect(() => dnsLabel('x'.repeat(55), 52)).toThrow(
    'has 55 characters, 3 over the limit of 52; choose a shorter name',
  );
});

test.each(['thanos-s3-ca-cert', 'a.b.c', 'kube-root-ca.crt'])('%s names an object', (name) => {
  expect(objectName(name)).toBe(name);
});

test.each(['', 'A', 'a..b', 'a/b', 'x'.repeat(254), { secretKey: 'hunter2' }, undefined])(
  '%p names no object',
  (name) => {
    expect(() => objectName(name as string)).toThrow('is not an object name');
    expect(() => objectName(name as string)).not.toThrow('hunter2');
  },
);

test.each(['ca.crt', '.hidden', 'A_B-c.9', '...x'.slice(2)])('%s is a data key', (key) => {
  expect(dataKey(key)).toBe(key);
});

test.each(['', '.', '..', '..x', 'a/b', 'a b', 'x'.repeat(254), 7])('%p is not a data key', (key) => {
  expect(() => dataKey(key as string)).toThrow('is not a key of a Secret or ConfigMap');
});
