import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { openTcp, openTls } from '../../../src/cli/pki/connect';
import { type Verdict, verdictOf } from '../../../src/cli/pki/judge';
import { pemOf } from '../../../src/pki/certificate';
import { parsePemBundle } from '../../../src/pki/pem-bundle';
import { runThanos } from '../../programs/thanos';
import { listening } from '../servers';
import { keyOf, made } from './made';
import type { Setup } from './setups';

/** What `verify` says of a set-up, and what the real Thanos does. */
export interface Both {
  readonly verdict: Verdict;
  readonly thanos: { readonly opens: boolean; readonly output: string };
}

const EMPTY = '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
const TIMEOUT_MS = 10_000;

/** Asks both of a server that shows these certificates. */
export async function both({ host, sent, roots }: Setup): Promise<Both> {
  const [chain, trusted] = [sent, roots].map((specs) => specs.map((spec) => pemOf(made(spec))));
  const { privateKey: key } = keyOf(sent[0].key ?? sent[0].subject, sent[0].keyType);
  const options = {
    cert: chain.join(''),
    key: key.export({ type: 'pkcs8', format: 'pem' }),
    // a server may show what a careful one would not
    ciphers: 'DEFAULT@SECLEVEL=0',
  };
  const server = await listening(createServer(options, (_, response) => response.end(EMPTY)));
  try {
    const thanos = askThanos(server.port, host, trusted.join(''));
    const tls = await openTls(await openTcp('127.0.0.1', server.port, TIMEOUT_MS), {
      serverName: host,
      timeoutMs: TIMEOUT_MS,
    });
    tls.socket.destroy();
    // what was sent arrives as it was sent
    expect(tls.sent.map(({ raw }) => pemOf(raw))).toEqual(chain);
    const { certificates } = parsePemBundle(trusted.join(''), { allowLeaf: true });
    return { verdict: verdictOf(tls.sent, certificates, host, new Date()), thanos: await thanos };
  } finally {
    await server.stop();
  }
}

/** How `verify` and Thanos differ: in what they conclude, or in what Thanos says; undefined: they agree. */
export function difference({ verdict, thanos }: Both): string | undefined {
  const finding = verdict.chain ?? verdict.name;
  if (thanos.opens) return finding && `verify: ${finding.cause}; Thanos opens the bucket`;
  if (!finding) return `verify: it opens; Thanos: ${thanos.output}`;
  if (thanos.output.includes(finding.thanos ?? '')) return undefined;
  return `verify foretells ${finding.thanos}; Thanos: ${thanos.output}`;
}

/** Work on all, a few at a time. */
export async function each<T, R>(all: readonly T[], work: (one: T) => Promise<R>, atOnce = 4): Promise<R[]> {
  const results: R[] = [];
  const queue = [...all.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

async function askThanos(port: number, host: string, ca: string): Promise<Both['thanos']> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-x509-'));
  const file = path.join(folder, 'ca.crt');
  writeFileSync(file, ca);
  const config = {
    bucket: 'thanos',
    endpoint: `127.0.0.1:${port}`,
    region: 'eu-test-1',
    access_key: 'an-access-key',
    secret_key: 'a-secret-key',
    max_retries: 1,
    http_config: { tls_config: { ca_file: file, server_name: host } },
  };
  const text = JSON.stringify({ type: 'S3', config });
  const { code, output } = await runThanos(['tools', 'bucket', 'ls', `--objstore.config=${text}`]);
  rmSync(folder, { recursive: true });
  return { opens: code === 0, output: output.replaceAll('\\"', '"').replaceAll('\\\\', '\\') };
}
