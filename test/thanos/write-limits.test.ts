import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Size } from 'cdk8s';
import { Receiver, type WriteLimitsOptions } from '../../src';
import { make } from '../component/made';
import { remoteWrite } from '../programs/remote-write';
import { describeThanos, serveThanos, type Serving } from '../programs/thanos';
import { PodOnDisk } from './pod-on-disk';

const TENANTS = ['"', '$(HOME)', 'yes', 'x: y', 'ü'];

/** A receiver with these limits, alone in its ring. */
async function limited(writeLimits: WriteLimitsOptions, use: (serving: Serving) => Promise<void>): Promise<void> {
  const { objects, workload } = make((scope) => new Receiver(scope, 'Receiver', { replicas: 1, writeLimits }));
  const pod = new PodOnDisk(objects, workload);
  const serving = await serveThanos(pod.args, pod.env);
  try {
    await serving.ready();
    await use(serving);
  } finally {
    await serving.stop();
    pod.remove();
  }
}

const series = (n: number) => Array.from({ length: n }, (_, i) => ({ __name__: 'a', i: `${i}` }));
const status = async ({ remoteWriteAddress }: Serving, n: number, tenant?: string): Promise<number> =>
  (await remoteWrite(remoteWriteAddress, series(n), tenant === undefined ? {} : { 'THANOS-TENANT': tenant })).status;

describeThanos('write limits', () => {
  test('hold for each tenant, whatever its name is, and its own go before the defaults', async () => {
    const limits: WriteLimitsOptions = {
      maxConcurrency: 2,
      defaults: { requestSeries: 2 },
      tenants: {
        big: { requestSeries: 0 },
        heavy: { requestSize: Size.kibibytes(1) },
        ...Object.fromEntries(TENANTS.map((tenant) => [tenant, { requestSamples: 1 }])),
      },
    };
    await limited(limits, async (serving) => {
      expect(await status(serving, 2)).toBe(200);
      expect(await status(serving, 3)).toBe(413);
      expect(await status(serving, 3, 'big')).toBe(200);
      expect(await status(serving, 3, 'heavy')).toBe(413);
      expect(await status(serving, 1, '$(HOME)')).toBe(200);
      expect(await status(serving, 2, '$(HOME)')).toBe(413);
      const page = await serving.text('/metrics');
      expect(page).toMatch(/thanos_receive_write_limits\{limit="body_size",tenant="heavy"\} 1024/);
      for (const tenant of TENANTS)
        expect(page).toContain(`thanos_receive_write_limits{limit="samples",tenant=${JSON.stringify(tenant)}} 1\n`);
    });
  });

  test('of what a tenant has in memory ask the Prometheus that counts it', async () => {
    const asked: string[] = [];
    const prometheus = createServer((request, response) => {
      const result = ['full', 'free'].map((tenant, i) => ({ metric: { tenant }, value: [0, `${10 - 9 * i}`] }));
      let body = request.url ?? '';
      request.on('data', (chunk) => (body += chunk)).on('end', () => asked.push(decodeURIComponent(body)));
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    });
    const url = await listening(prometheus);
    const limits = { defaults: { headSeries: 5 }, metaMonitoring: { url, query: 'sum(x) by (tenant)' } };
    try {
      await limited(limits, async (serving) => {
        await serving.until('a refusal', async () => (await status(serving, 1, 'full')) === 429 || undefined, 20);
        expect(await status(serving, 1, 'free')).toBe(200);
        expect(asked.join()).toContain('sum(x)');
      });
    } finally {
      prometheus.close();
    }
  });
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
