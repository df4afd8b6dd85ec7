import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LIVE, OLD, RECORDED, SERIES, TICK, valueAt } from '../e2e/support/faults/known-samples';
import { type Read, Reader } from '../e2e/support/faults/reader';
import { Writer } from '../e2e/support/faults/writer';

const old = [1, 2, 3].map((n) => n * TICK);

/** A frontend whose answers are spoilt: what docs/reliability.md counts must be seen. */
async function read(
  spoil: (name: string, values: [number, string][][]) => string[] | number | undefined,
): Promise<Read> {
  const writer = new Writer('http://localhost:0');
  const now = Math.floor(Date.now() / TICK) * TICK;
  const times = Array.from({ length: 10 }, (_, n) => now - (n + 5) * TICK);
  for (const time of times) {
    writer.sent.add(time);
    writer.acknowledged.add(time);
  }
  const server: Server = createServer((request, response) => {
    const name = new URL(request.url!, 'http://x').searchParams.get('query')!.split('[')[0];
    const values =
      name === RECORDED
        ? [[[Date.now() / 1000, String(SERIES)] as [number, string]]]
        : Array.from({ length: SERIES }, (_, n) =>
            (name === OLD ? old : times).map((at): [number, string] => [at / 1000, String(valueAt(n, at))]),
          );
    const spoilt = spoil(name, values);
    response.statusCode = typeof spoilt === 'number' ? spoilt : 200;
    const result = values.map((one, n) => ({ metric: { series: String(n) }, values: one }));
    response.end(JSON.stringify({ data: { result }, warnings: Array.isArray(spoilt) ? spoilt : undefined }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const reader = new Reader(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, writer, old, 0);
  reader.start();
  await reader.stop();
  server.close();
  server.closeAllConnections();
  return reader.take();
}

test.each<[string, Parameters<typeof read>[0], Partial<Read>]>([
  ['right answers', () => undefined, { answered: 3, wrong: 0, warned: 0 }],
  ['a value that nobody wrote', (name, values) => void (name === LIVE && (values[7][2][1] = '-1')), { wrong: 1 }],
  ['a time that nobody wrote', (name, values) => void (name === OLD && (values[7][0][0] = 9)), { wrong: 1 }],
  ['a sample twice', (name, values) => void (name === OLD && values[7].push(values[7][0])), { wrong: 1 }],
  ['a gap', (name, values) => void (name === LIVE && values[7].pop()), { wrong: 1, warned: 0 }],
  ['a series that is missing', (name, values) => void (name === OLD && values.pop()), { wrong: 1 }],
  [
    'a gap with a warning',
    (name, values) => (name === OLD ? (values.pop(), ['a store is away']) : undefined),
    { wrong: 0, warned: 1 },
  ],
  [
    'a wrong value with a warning',
    (name, values) => (name === OLD ? ((values[0][0][1] = '-1'), ['a store is away']) : undefined),
    { wrong: 1, warned: 1 },
  ],
  ['a record of a part', (name, values) => void (name === RECORDED && (values[0][0][1] = '99')), { wrong: 1 }],
  ['an error', (name) => (name === LIVE ? 503 : undefined), { asked: 3, answered: 2, wrong: 0 }],
])('the reader of the faults sees %s', async (_, spoil, seen) => {
  expect(await read(spoil)).toMatchObject(seen);
});
