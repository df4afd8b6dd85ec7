import { parsePemBundle } from '../../src/pki/pem-bundle';
import { rawBlocks, scanPem } from '../../src/pki/pem';
import { ECDSA_CA } from '../fixtures/certificates';
import { steps } from '../fixtures/steps';
import { refused } from '../cli/refused';

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';
const BLANKS = ' '.repeat(1000);

const attempt = (pem: string) => () => {
  try {
    parsePemBundle(pem, { allowLeaf: true });
  } catch {
    // refused: what counts is how long it took to see
  }
};

test.each([
  ['BEGIN lines', `${BEGIN}\n`],
  ['BEGIN and blanks', `${BEGIN}${BLANKS}`],
  ['END lines', `${END}\n`],
  ['END and blanks', `${END}${BLANKS}\n`],
  ['blanks', BLANKS],
  ['lines of blanks', `${BLANKS}\n`],
  ['blanks with a separator', `${BEGIN}${BLANKS}\u2028`],
  ['byte order marks', '\ufeff'],
  ['unended BEGINs', '-----BEGIN '],
  ['unended keys', '-----BEGIN PRIVATE '],
  ['base64', 'QUJD'],
  ['whole blocks', `${BEGIN}\nQUJD\n${END}\n`],
  ['certificates', ECDSA_CA],
])('twice as many %s take twice as many steps', (_, part) => {
  const once = Math.ceil(20_000 / part.length);
  for (const read of [(pem: string) => attempt(pem), (pem: string) => () => scanPem(pem)]) {
    const [small, large] = [once, 2 * once].map((n) => steps(read(part.repeat(n))));
    expect(large).toBeLessThanOrEqual(2.2 * small + 1000);
  }
});

test('a text larger than any bundle is refused before it is read', () => {
  const pem = `${BEGIN}\n`.repeat(400_000);
  expect(refused(() => parsePemBundle(pem))).toContain(`is a text of ${pem.length} characters`);
  expect(steps(attempt(pem))).toBe(0);
});

test('whatever follows BEGIN on its line belongs to it', () => {
  const [{ sameLine }] = rawBlocks(`${BEGIN}${BLANKS}\u2028${BLANKS}\u2029\nQUJD\n${END}`);
  expect(sameLine).toBe(`\u2028${BLANKS}\u2029`);
});

test('a block behind a byte order mark is told, as Thanos skips it', () => {
  const broken = { kind: 'broken', problem: 'stands behind a byte order mark' };
  expect(scanPem(`\ufeff${ECDSA_CA}${ECDSA_CA}`)).toMatchObject([broken, { kind: 'certificate' }]);
  expect(scanPem(`${ECDSA_CA}\ufeff${ECDSA_CA}`)).toMatchObject([{ kind: 'certificate' }, broken]);
  expect(parsePemBundle(`\ufeff${ECDSA_CA}`).pem).toBe(ECDSA_CA);
  expect(refused(() => parsePemBundle(`\ufeff${ECDSA_CA}`, { asIs: true }))).toContain('starts with a byte order mark');
});
