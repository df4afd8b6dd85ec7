import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { done, temporaryFolder } from '../cli';

const folder = temporaryFolder();
const NAMES = ['store', '"] [label="x', '<script>alert(1)</script>', 'a\\Nb\\"c\\', '&lt;&#35;', 'é'];
const DECODED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** The texts of a picture, as a browser shows them. */
function texts(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
    text.replace(/&(#\d+|\w+);/g, (_, name: string) =>
      name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : DECODED[name],
    ),
  );
}

test('Graphviz draws every name as it is, in the colours of who looks at it', async () => {
  const manifests = NAMES.map((name) =>
    stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: { template: { spec: { containers: [{ name: 'x', image: 'thanos', args: ['store'] }] } } },
    }),
  );
  const file = join(folder, 'm.yaml');
  writeFileSync(file, manifests.join('---\n'));
  const { stdout } = await done(['graph', file, '--format', 'svg']);
  expect(stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  expect(texts(stdout)).toEqual(expect.arrayContaining(NAMES));
  expect(stdout).not.toMatch(/<script|"black"|"white"/);
  expect(stdout).toContain('prefers-color-scheme:dark');
});

// with curves Graphviz took more than six minutes for it
test('a picture of hundreds of arrows has straight ones, and ends', async () => {
  const parts = Array.from({ length: 150 }, (_, i) => i);
  const manifests = parts.flatMap((i) => {
    const labels = { app: `q${i}` };
    const args = ['query', ...[1, 2, 3].map((step) => `--endpoint=q${(i + step) % parts.length}:10901`)];
    return [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `q${i}`, namespace: 'm' },
        spec: { template: { metadata: { labels }, spec: { containers: [{ name: 'x', image: 'thanos', args }] } } },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: `q${i}`, namespace: 'm' },
        spec: { selector: labels, ports: [{ port: 10901 }] },
      },
    ];
  });
  const file = join(folder, 'many.yaml');
  writeFileSync(file, manifests.map((object) => stringify(object)).join('---\n'));
  const { stdout } = await done(['graph', file, '--format', 'svg']);
  expect(stdout.match(/class="edge"/g)).toHaveLength(450);
  expect(stdout).toMatch(/<path [^>]*d="M[-\d.]+,[-\d.]+C/);
}, 60_000);
