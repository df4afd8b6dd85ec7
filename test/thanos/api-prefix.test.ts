import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routeOf } from '../../src/cli/check/api-page';
import { readCommandLine } from '../../src/thanos/command-line';
import { describeThanos, serveThanos } from '../programs/thanos';

jest.setTimeout(60_000);

describeThanos('where check asks an API that may be below a prefix, the real one answers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-prefix-'));
  const bucket = `--objstore.config={type: FILESYSTEM, config: {directory: ${join(folder, 'bucket')}}}`;
  const data = `--data-dir=${join(folder, 'data')}`;
  const [route, external] = ['--web.route-prefix=/a/', '--web.external-prefix=/b'];

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['query', '/api/v1/stores', ['query']],
    ['query', '/api/v1/stores', ['query', route, external]],
    ['query', '/api/v1/stores', ['query', external]],
    ['query', '/api/v1/stores', ['query', '--web.route-prefix=a']],
    ['tools bucket web', '/api/v1/blocks', ['tools', 'bucket', 'web', bucket, route, external]],
    ['tools bucket web', '/api/v1/blocks', ['tools', 'bucket', 'web', bucket, external]],
    ['compact', '/api/v1/blocks', ['compact', '--wait', data, bucket, route, external]],
    ['store', '/api/v1/blocks?view=loaded', ['store', data, bucket, external]],
  ])('%s: %s', async (command, api, args) => {
    const line = readCommandLine(args);
    expect(line.command).toBe(command);
    const thanos = await serveThanos(args);
    try {
      expect((await thanos.page(`${routeOf(line)}${api}`)).status).toBe(200);
    } finally {
      await thanos.stop();
    }
  });
});
