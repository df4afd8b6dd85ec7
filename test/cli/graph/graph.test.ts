import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerGraph } from '../../../src/cli/graph/graph';
import { temporaryFolder } from '../cli';
import { runCommand } from '../run-command';

const folder = temporaryFolder();
const workload = (name: string, bucket: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: m }
spec:
  template:
    spec:
      containers:
        - { name: t, image: thanos, args: [store, "--objstore.config={type: S3, config: {bucket: ${bucket}}}"] }
`;
const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const stack = file('stack.yaml', workload('store', 'b'));
const graph = (...args: string[]) => runCommand(registerGraph, ['graph', ...args]);

test('it prints Mermaid, or DOT where that is asked for', async () => {
  expect(await graph(stack)).toMatchObject({ code: 0, out: expect.stringMatching(/^flowchart LR\n/) });
  expect(await graph(stack, '--format', 'dot')).toMatchObject({ code: 0, out: expect.stringMatching(/^digraph /) });
});

test('--json has the nodes, the edges and the flags that say so', async () => {
  const { nodes, edges, ok } = JSON.parse((await graph(stack, '--json')).out);
  expect([ok, nodes.length, edges]).toEqual([
    true,
    2,
    [expect.objectContaining({ carries: 'reads blocks', by: '--objstore.config' })],
  ]);
});

test.each(['md', 'Markdown'])(
  '--out writes Mermaid into the fence of a .%s file, in which GitHub shows it',
  async (end) => {
    const out = join(folder, `fenced.${end}`);
    await graph(stack, '--out', out);
    expect(readFileSync(out, 'utf8')).toBe(`\`\`\`mermaid\n${(await graph(stack)).out}\`\`\`\n`);
    await graph(stack, '--format', 'dot', '--out', out, '--force');
    expect(readFileSync(out, 'utf8')).toMatch(/^digraph /);
  },
);

test('--out writes the file, and overwrites it with --force alone', async () => {
  const out = join(folder, 'stack.mmd');
  expect((await graph(stack, '--out', out)).out).toBe(`${out} written\n`);
  expect(readFileSync(out, 'utf8')).toBe((await graph(stack)).out);
  await expect(graph(stack, '--out', out)).rejects.toThrow('exists already; nothing was written. Use --force');
  expect((await graph(stack, '--out', out, '--force')).code).toBe(0);
});

test('several clusters are drawn on one sheet, each apart, and a bucket of both once', async () => {
  for (const cluster of ['a', 'b']) {
    mkdirSync(join(folder, 'fleet', cluster), { recursive: true });
    file(`fleet/${cluster}/s.yaml`, workload('store', 'b'));
  }
  const { nodes } = JSON.parse((await graph(join(folder, 'fleet'), '--clusters', 'folder', '--json')).out);
  expect(nodes.map(({ title, group }: { title: string; group?: string }) => [title, group?.slice(-5)])).toEqual([
    ['store', 'a / m'],
    ['S3 bucket b', undefined],
    ['store', 'b / m'],
  ]);
});

test.each([
  ['a format that there is not', [stack, '--format', 'png'], '--format is not one of mermaid, dot, svg'],
  ['a grouping that there is not', [stack, '--clusters', 'x'], '--clusters is not one of auto, one, folder, file'],
  ['no YAML', [file('bad.yaml', 'a: b: c')], 'bad.yaml is not YAML'],
  ['no Kubernetes object', [file('none.yaml', 'a: 1')], 'none.yaml document 1 has no kind and apiVersion'],
  ['a file that is not there', [join(folder, 'x.yaml')], 'no such file or directory'],
  [
    'nothing to draw',
    [file('cm.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n')],
    'neither Thanos nor what holds its keys',
  ],
])('%s is an error', async (_, args, message) => {
  await expect(graph(...args)).rejects.toThrow(message);
});
