import * as fc from 'fast-check';
import type { Names } from './made';
import type { Setup } from './setups';

const LABELS = ['s3', 'S3', 'a', 'b', 'a-b', 'test', '*'];
const domain = fc.array(fc.constantFrom(...LABELS), { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
const subtree = fc.tuple(fc.constantFrom('', '', '.'), domain).map((parts) => parts.join(''));

/** The first, in most cases: a URI with many parts that deviate is never read. */
function mostly(usual: string, ...others: string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: fc.constantFrom(...others) });
}

const odd = mostly(
  '10.0.0.7',
  '[::1]',
  '[fe80::1%25en0]',
  '[1.2.3.4]',
  '[::1',
  '',
  'a]',
  'a..b',
  'a.',
  'a%25b',
  'a%41b',
  'a%ffb',
  'a b',
  'a:b',
);
const uri = fc
  .tuple(
    mostly('https:', 'http:', 'HTTP:', 'spiffe:', 'a+b:', '1a:', ':', ''),
    mostly('//', '/', '///', ''),
    mostly('', 'me@', 'me:p%40:@', '@', 'a@b@', 'm"e@', '%zz@'),
    fc.oneof({ weight: 9, arbitrary: domain }, { weight: 1, arbitrary: odd }),
    mostly('', ':', ':80', ':http', ':1:2'),
    mostly('/', '', '/x', '/a%2fb', '/a"b', '/%', '*', 'a:b'),
    mostly('', '?', '??', '?q=/'),
    mostly('', '#', '#a%2fb', '#a"b', '#%'),
  )
  .map((parts) => parts.join(''));
const opaque = fc.constantFrom('', '*', 'urn:uuid:1', 'a:b', '/a:b', 'a%3Ab"', '//', '///a', 'x://a\u0007b', 'x:?');
const email = fc
  .tuple(fc.constantFrom('a', 'a', 'A', '"a b"', 'a\\@b', 'a..b'), domain)
  .map(([local, at]) => `${local}@${at}`);

function few<T>(one: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> {
  return fc.array(one, { maxLength });
}

const names: fc.Arbitrary<Names> = fc.record({
  dns: few(domain, 2).map((others) => ['s3.test', ...others]),
  uris: few(fc.oneof({ weight: 20, arbitrary: uri }, { weight: 1, arbitrary: opaque }), 1),
  emails: few(email, 1),
});

const mails = few(fc.oneof(subtree, email), 1);
const permitted = fc.record<Names>({
  dns: fc.oneof(fc.constant<string[]>(['test', '*', 's3', 'a', 'b', 'a-b']), few(subtree, 3)),
  uris: fc.oneof(fc.constant<string[]>([]), fc.constant<string[]>(['test', 's3', 'a', 'b', '*']), few(subtree, 3)),
  emails: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: mails }),
});
const excluded = fc.record<Names>({ dns: few(subtree, 2), uris: few(subtree, 3), emails: mails });

function maybe(trees: fc.Arbitrary<Names>): fc.Arbitrary<Names | undefined> {
  return fc.option(trees, { nil: undefined });
}

/** A server right below its root, whose names the root permits and excludes in many ways, and nothing else is odd. */
export const nameSetups: fc.Arbitrary<Setup> = fc
  .record({ names, permitted: maybe(permitted), excluded: maybe(excluded) })
  .map(({ names: own, ...constraints }) => ({
    host: 's3.test',
    sent: [{ subject: 'server', issuer: 'root', ca: false, names: own }],
    roots: [{ subject: 'root', issuer: 'root', ...constraints }],
  }));
