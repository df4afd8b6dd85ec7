import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { Chart, Testing } from 'cdk8s';
import { S3Ca, S3CaSecret } from 'cdk8s-thanos';
import { compile, fences, fencesOf } from './fences';

const ROOT = join(__dirname, '../..');
const README = 'README.md';
const texts = [
  README,
  ...readdirSync(join(ROOT, 'examples')).map((name) => `examples/${name}/README.md`),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const all = texts.flatMap(fences);

describe('the TypeScript in README.md, docs and the examples', () => {
  const code = all.filter((fence) => fence.language === 'ts');

  test('compiles', () => {
    expect(code.length).toBeGreaterThan(5);
    expect(compile(code)).toEqual([]);
  }, 60_000);

  test('would not compile with a prop that does not exist, a wrong type, or an unknown name', () => {
    const wrong = [
      "new ThanosStack(app, 'x', { objstore: bucket, recever: {} });",
      "import { S3Ca } from 'cdk8s-thanos';\nS3Ca.fromPem(1);",
      "new StoreGatway(chart, 'x', { objstore });",
    ].map((text) => `\`\`\`ts\n${text}\n\`\`\``);
    const errors = compile(fencesOf(wrong.join('\n'), 'wrong.md'));
    expect(errors).toEqual([
      expect.stringMatching(/wrong.md:1: .*recever/),
      expect.stringMatching(/wrong.md:4: .*number.*string/),
      expect.stringMatching(/wrong.md:8: .*StoreGatway/),
    ]);
  }, 60_000);
});

test('the certificates that README.md makes with openssl are what the library and a TLS client want', () => {
  const script = all.find(({ place, text }) => place.startsWith(README) && text.includes('openssl req'))!;
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  try {
    const run = spawnSync('bash', ['-euc', script.text], { cwd: folder, encoding: 'utf8' });
    expect(run).toMatchObject({ status: 0 });
    const scope = new Chart(Testing.app(), 'test');
    const ca = new S3CaSecret(scope, 'Ca', {
      ca: S3Ca.fromFile(join(folder, 'certs/minio-ca.crt'), { validAt: new Date() }),
    });
    const server = new X509Certificate(readFileSync(join(folder, 'public.crt')));
    expect(server.verify(new X509Certificate(ca.pem).publicKey)).toBe(true);
    expect(server.checkHost('s3.minio.example.com')).toBe('s3.minio.example.com');
    expect(existsSync(join(folder, 'private.key'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What a text of the repository links to in it. */
function links(text: string): string[] {
  return [...readFileSync(join(ROOT, text), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to]) => to);
}

test('every file and folder that README.md links to is there', () => {
  expect(links(README).length).toBeGreaterThan(4);
  expect(links(README).filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
});

test('every file and folder that README.md links to is in the package, where README.md is read too', () => {
  const pack = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8' });
  const files: string[] = JSON.parse(pack.stdout)[0].files.map(({ path }: { path: string }) => path);
  const missing = links(README).filter((link) => !files.some((file) => file === link || file.startsWith(`${link}/`)));
  expect(missing).toEqual([]);
}, 60_000);

test('every link of the reference leads to a page and a heading that are there', () => {
  const folder = join(ROOT, 'docs/reference');
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  const headings = (text: string): string[] =>
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading.toLowerCase());
  const dead = pages.flatMap((page) => {
    const text = readFileSync(join(folder, page), 'utf8');
    return [...text.matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)]
      .filter(([, file, heading]) => {
        const target = file === '' ? join(folder, page) : join(folder, dirname(page), file);
        return !existsSync(target) || !headings(readFileSync(target, 'utf8')).includes(heading);
      })
      .map(([link]) => `${page}: ${link}`);
  });
  expect(pages.length).toBeGreaterThan(20);
  expect(dead).toEqual([]);
});

test('every npm script that README.md names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const named = [...readFileSync(join(ROOT, README), 'utf8').matchAll(/`npm (?:run )?([a-z0-9:]+)/g)].map(
    ([, name]) => name,
  );
  const known = Object.keys(scripts).concat('install', 'pack');
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
