import { X509Certificate } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { registerSize } from '../../src/cli/size/size';
import { runCommand } from '../cli/run-command';
import { ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import type { Json } from '../render';
import { type Fence, fences } from './fences';
import { runSnippet, snippetFiles } from './running';

const docs = readdirSync(join(__dirname, '../../docs')).filter((name) => name.endsWith('.md'));
const code = ['README.md', ...docs.map((name) => `docs/${name}`)]
  .flatMap(fences)
  .filter(({ language }) => language === 'ts');

let folder: string;
beforeAll(() => {
  folder = snippetFiles();
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** The one snippet of a file that mentions it. */
function snippet(word: string, file = 'README.md'): Fence {
  const [found, ...more] = code.filter(({ place, text }) => place.startsWith(file) && text.includes(word));
  expect(more).toEqual([]);
  return found;
}

test.each(code.map((fence) => [fence.place, fence] as const))('%s runs, and its apps pass synth', (_, fence) => {
  expect(() => runSnippet(fence, folder)).not.toThrow();
});

test('the test that README.md shows takes a snapshot of the whole stack, without the CA', () => {
  const { snapshots } = runSnippet(snippet('@jest/globals'), folder);
  expect(snapshots).toHaveLength(1);
  expect(snapshots[0]).toContainEqual(expect.objectContaining({ kind: 'StatefulSet' }));
  expect(snapshots[0]).toContainEqual(expect.objectContaining({ kind: 'Secret', data: { 'ca.crt': '(redacted)' } }));
  expect(JSON.stringify(snapshots)).not.toContain('BEGIN CERTIFICATE');
});

test('the command that README.md shows beside Capacity prints its table', async () => {
  const { printed } = runSnippet(snippet('Capacity.of'), folder);
  const [, line] = fences('README.md')
    .map(({ text }) => /^npx cdk8s-thanos (size .*)\n$/.exec(text) ?? [])
    .find(([whole]) => whole !== undefined)!;
  const { out } = await runCommand(registerSize, line.split(' '));
  // the notes name fields there and options here
  const [table, ...notes] = printed.join('\n').split('\nnote:');
  expect(table).toContain('compactor');
  expect(out.split('\nnote:')[0]).toBe(table);
  expect(out.split('\nnote:')).toHaveLength(1 + notes.length);
});

describe('the global Query over the Query of another cluster, in docs/tls.md', () => {
  const objects = (): Json[] =>
    runSnippet(snippet("'global'", 'docs/tls.md'), folder).yaml.flatMap((yaml) =>
      parseAllDocuments(yaml).map((document) => document.toJS()),
    );
  const named = (all: Json[], kind: string, name: string): Json[] =>
    all.filter((object) => object.kind === kind && object.metadata.name === name);
  const args = (deployment: Json): string[] => deployment.spec.template.spec.containers[0].args;

  test('the outer name stands in the certificate of the Query that is asked, and in no other', () => {
    const all = objects();
    const holders = all.filter(({ spec }) => spec?.dnsNames?.includes('thanos-query.east.example.com'));
    expect(holders.map(({ metadata }) => metadata.name)).toEqual(['thanos-query-grpc-tls']);
    expect(named(all, 'Certificate', 'thanos-query-grpc-tls')).toHaveLength(2);
  });

  test('it lets in clients of both CAs, and the other parts go on with their own', () => {
    const all = objects();
    const [asked] = named(all, 'Deployment', 'thanos-query');
    expect(args(asked)).toContain('--grpc-server-tls-client-ca=/etc/thanos/grpc-ca/ca.crt');
    const [bundle] = named(all, 'ConfigMap', 'thanos-query-grpc-ca');
    const both = [ECDSA_CA, SECOND_CA].map((pem) => new X509Certificate(pem).fingerprint256);
    const roots: string[] = bundle.data['ca.crt'].match(/-----BEGIN [^]*?-----END CERTIFICATE-----/g);
    expect(roots.map((pem) => new X509Certificate(pem).fingerprint256)).toEqual(both);
    const [receiver] = named(all, 'StatefulSet', 'thanos-receiver');
    expect(args(receiver)).toContain('--grpc-server-tls-client-ca=/etc/thanos/grpc-tls/ca.crt');
  });

  test('the asker shows its own certificate, knows the other CA, and merges the copies of receivers', () => {
    const [, asker] = named(objects(), 'Deployment', 'thanos-query');
    const config = args(asker).find((arg) => arg.startsWith('--endpoint.sd-config='))!;
    const [endpoint] = parse(config.slice(config.indexOf('=') + 1)).endpoints;
    expect(endpoint).toMatchObject({
      address: 'thanos-query.east.example.com:10901',
      client_config: {
        tls_config: {
          enabled: true,
          cert_file: '/etc/thanos/grpc-tls/tls.crt',
          key_file: '/etc/thanos/grpc-tls/tls.key',
        },
      },
    });
    expect(args(asker)).toEqual(
      expect.arrayContaining(['--query.replica-label=receive_replica', '--deduplication.func=chain']),
    );
  });
});
