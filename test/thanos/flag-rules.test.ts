import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { FLAG_RULE_CASES } from '../component/flag-rule-cases';
import { describeThanos, runThanos } from '../programs/thanos';

/** A command that would run but for the flags of the case. */
const COMMANDS: Record<string, (folder: string) => string[]> = {
  query: () => ['query', '--grpc-address=127.0.0.1:0', '--endpoint=dns+localhost:1'],
  'query-frontend': () => ['query-frontend', '--query-frontend.downstream-url=http://127.0.0.1:1'],
  receiver: (folder) => ['receive', '--grpc-address=127.0.0.1:0', `--tsdb.path=${folder}`],
  ruler: (folder) => [
    ...['rule', '--grpc-address=127.0.0.1:0', `--data-dir=${folder}`],
    ...['--query=127.0.0.1:1', '--alertmanagers.url=http://127.0.0.1:1'],
  ],
  compactor: (folder) => ['compact', `--data-dir=${folder}`, bucketOf(folder)],
  store: (folder) => ['store', '--grpc-address=127.0.0.1:0', `--data-dir=${folder}`, bucketOf(folder)],
};

function bucketOf(folder: string): string {
  return `--objstore.config={type: FILESYSTEM, config: {directory: "${path.join(folder, 'bucket')}"}}`;
}

describeThanos('what is refused at synth fails in Thanos too', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'flags-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each(FLAG_RULE_CASES)('$name', async ({ kind, extraArgs, thanos }) => {
    const wait = kind === 'compactor' && !extraArgs.includes('--no-wait') ? ['--wait'] : [];
    const command = [...COMMANDS[kind](folder), '--http-address=127.0.0.1:0', ...wait, ...extraArgs];
    const { output } = await runThanos(command.filter((arg) => arg !== '--no-wait'));
    expect(output).toMatch(thanos);
  });
});
