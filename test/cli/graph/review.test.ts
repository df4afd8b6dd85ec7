import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, temporaryFolder } from '../cli';
import { eventful, hostile, reviewed, TITLES } from './reviewed';

const folder = temporaryFolder();
const stack = join(folder, 'stack.yaml');
writeFileSync(stack, eventful());

/** The text of a part of the page: tags as blanks, entities as what they stand for. */
function part(page: string, title: string): string {
  const at = page.indexOf('<section', page.indexOf('<main>'));
  const sections = page.slice(at).split('<section ');
  const text = sections.find((one) => one.includes(`>${title}</h2>`))!.replace(/<[^>]*>/g, ' ');
  return text
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

test('--html writes the page, with a title of its own; what is there stays without --force', async () => {
  const file = join(folder, 'page.html');
  const graph = (...args: string[]) => cli(['graph', stack, '--html', file, ...args]);
  expect(await graph('--title', 'Q4 <review>')).toMatchObject({ code: 0, stdout: `${file} written\n` });
  expect(readFileSync(file, 'utf8')).toContain('<h1>Q4 &lt;review&gt;</h1>');
  expect((await graph()).stderr).toContain('exists already; nothing was written. Use --force');
  expect((await graph('--out', 'x.svg')).stderr).toContain('give --html or --out, not both');
});

test('the page names its files, and the hash of them is the one that sha256sum gives', () => {
  const page = reviewed(join(folder, 'files'), { 'b.yaml': eventful(), 'a/a.yaml': '\ufeff# nothing\n' });
  const sum = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
  const files = ['a/a.yaml', 'b.yaml'].map((file) => join(folder, 'files', file));
  const lines = files.map((file) => `${sum(readFileSync(file))}  ${file}\n`);
  const text = part(page, 'Source files');
  for (const line of lines) expect(text).toContain(line.slice(0, 64));
  expect(text).toContain(sum(lines.join('')));
});

describe('an eventful stack', () => {
  let page: string;
  beforeAll(() => void (page = reviewed(join(folder, 'eventful'), { 'm.yaml': eventful() })));

  test.each([
    [TITLES[0], ['Deployment m/thanos-store thanos store S3 bucket thanos, by --objstore.config-file']],
    [
      TITLES[0],
      ['Secret s3-ca, at /etc/thanos/certs Secret s3-keys, as env ConfigMap objstore, at /etc/thanos/objstore'],
    ],
    [TITLES[0], ['Deployment m/thanos-query thanos query none none none none']],
    [TITLES[0], ['Deployment m/stranger opens no bucket']],
    [TITLES[0], ['ServiceAccount m/default', 'CA: Secret s3-ca get by Role reader, of RoleBinding m/reader']],
    [TITLES[2], ['Switched off, with the reason', 'ca-outside', 'it was asked for']],
    [TITLES[3], ['Days are counted from 2027-01-01 00:00 UTC', 'Secret m/s3-ca, ca.crt CA of the bucket itself']],
    [TITLES[4], ['quay.io/thanos/thanos:v0.42.4 Thanos v0.42.4 none: by tag only']],
    [TITLES[5], ['Deployment m/thanos-store closed everything is open anyone: UDP 53']],
    [TITLES[6], ['m/thanos-store S3 bucket thanos reads blocks HTTPS 9000', 'refused by closed']],
  ])('%s: %s', (title, texts) => {
    for (const text of texts) expect(part(page, title)).toContain(text);
  });

  test('the summary weighs it', () => {
    const text = page.slice(page.indexOf('<dl>'), page.indexOf('</dl>')).replace(/<[^>]*>/g, '');
    expect(text).toContain('held by 2 of 3 workloads; 1 of them open no bucket; 1 may read of it by a Role');
    expect(text).toMatch(/Lint\s+\d+ errors?, \d+ warnings?, \d+ hints?, 1 switched off/);
    expect(text).toContain('restrict who calls 0 of 3 workloads, and whom 3 call');
  });
});

test('keys and private keys are told of, and never shown', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
  const literal = eventful()
    .replace(
      'name: AWS_ACCESS_KEY_ID',
      'name: AWS_SESSION_TOKEN\n              value: s3cr3t\n            - name: AWS_ACCESS_KEY_ID',
    )
    .concat(
      `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tls' }, stringData: { 'tls.key': key } })}`,
    );
  const page = reviewed(join(folder, 'keys'), { 'm.yaml': literal });
  expect(part(page, TITLES[0])).toContain('written into env AWS_SESSION_TOKEN');
  expect(part(page, TITLES[3])).toContain('Private keys in the manifests Secret tls, tls.key');
  expect(page).not.toMatch(/s3cr3t|c2VjcmV0/);
});

test('no hostile name makes a tag, an attribute or a comment', () => {
  const page = reviewed(join(folder, 'hostile'), { 'm.yaml': hostile() }, '</title><script>1</script>');
  const tags = [...page.matchAll(/<([^\s>]*)((?:[^>"]|"[^"]*")*)>/g)];
  const known =
    /^\/?(!DOCTYPE|html|head|meta|title|style|body|header|h[123]|dl|dt|dd|nav|ul|li|a|main|section|p|div|table|caption|thead|tbody|tr|th|td|span|code|time|br|svg|g|path|polygon|polyline|ellipse|text)$/;
  expect(tags.map(([, name]) => name).filter((name) => !known.test(name))).toEqual([]);
  const attributes = tags.flatMap(([, , rest]) =>
    [...rest.replace(/"[^"]*"/g, '').matchAll(/([\w:-]+)=/g)].map(([, name]) => name),
  );
  expect(attributes.filter((name) => /^(on|src|href$)/.test(name) && name !== 'href')).toEqual([]);
  expect([...page.matchAll(/href="([^"]*)"/g)].map(([, to]) => to).filter((to) => !/^#[a-z]+$/.test(to))).toEqual([]);
});
