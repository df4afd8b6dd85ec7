import { Duration, Size } from 'cdk8s';
import { IndexCache, ObjstoreConfig, QueryFrontend, ResponseCache, S3Credentials, StoreGateway } from '../../src';
import { chart, type Json, render } from '../render';
import { PodOnDisk } from './pod-on-disk';
import { S3Stub } from './s3-stub';
import { serverCertificates } from './server-certificates';
import { describeThanos, serveThanos } from '../programs/thanos';

const MIB = 1024 ** 2;
const ADDRESSES = ['127.0.0.1:1', 'dns+memcached.example.com:11211', 'dnssrv+_memcached._tcp.memcached.example.com'];

describeThanos('a cache config', () => {
  let stub: S3Stub;
  beforeAll(async () => {
    stub = await S3Stub.start(serverCertificates(['s3.example.com']));
  });
  afterAll(() => stub.stop());

  /** Metrics of the only workload of a chart. */
  async function metrics(build: (scope: Json) => void, edit = (arg: string) => arg): Promise<string> {
    const scope = chart();
    build(scope);
    const objects = render(scope);
    const workload = objects.find(({ kind }) => ['StatefulSet', 'Deployment'].includes(kind));
    const pod = new PodOnDisk(objects, workload);
    try {
      const serving = await serveThanos(pod.args.map(edit), pod.env);
      return await serving.text('/metrics').finally(() => serving.stop());
    } finally {
      pod.remove();
    }
  }

  function store(indexCache: IndexCache, edit?: (arg: string) => string): Promise<string> {
    const s3 = { bucket: 'thanos', endpoint: stub.address, insecure: true, credentials: S3Credentials.anonymous() };
    return metrics((scope) => {
      new StoreGateway(scope, 'store', { objstore: new ObjstoreConfig(scope, 'objstore', s3), indexCache });
    }, edit);
  }

  function frontend(responseCache: ResponseCache, edit?: (arg: string) => string): Promise<string> {
    const downstreamUrl = 'http://127.0.0.1:1';
    return metrics((scope) => void new QueryFrontend(scope, 'frontend', { downstreamUrl, responseCache }), edit);
  }

  test.each([
    ['nothing said', {}, 250 * MIB, 125 * MIB],
    ['a large size', { maxSize: Size.gibibytes(2) }, 2048 * MIB, 125 * MIB],
    ['a size under the default item', { maxSize: Size.mebibytes(20) }, 20 * MIB, 20 * MIB],
    ['an item alone', { maxItemSize: Size.kibibytes(3) }, 250 * MIB, 3 * 1024],
    ['both', { maxSize: Size.kibibytes(1537), maxItemSize: Size.kibibytes(1) }, 1537 * 1024, 1024],
  ])('is taken: index in memory, %s', async (_, options, size, item) => {
    const page = await store(IndexCache.inMemory(options));
    expect(value(page, 'thanos_store_index_cache_max_size_bytes')).toBe(size);
    expect(value(page, 'thanos_store_index_cache_max_item_size_bytes')).toBe(item);
  });

  test('is taken: index in memcached', async () => {
    const page = await store(
      IndexCache.memcached({
        addresses: ADDRESSES,
        timeout: Duration.millis(1500),
        maxItemSize: Size.mebibytes(2),
        dnsUpdateInterval: Duration.days(2),
      }),
    );
    expect(page).toMatch(
      /^thanos_memcached_client_info\{dns_provider_update_interval="48h0m0s",.*max_item_size="2097152",.*timeout="1.5s"\} 1$/m,
    );
    for (const address of ADDRESSES) expect(page).toContain(`dns_provider_results{addr="${address}"`);
    expect(await store(IndexCache.memcached({ addresses: ['127.0.0.1:1'] }))).toContain('max_item_size="1048576"');
  });

  test('is taken: responses in memory', async () => {
    for (const validity of [undefined, Duration.days(2)]) {
      const page = await frontend(ResponseCache.inMemory({ maxSize: Size.mebibytes(10), validity }));
      for (const tripper of ['query_range', 'labels'])
        expect(value(page, `querier_cache_entries{cache="fifocache",tripperware="${tripper}"}`)).toBe(0);
    }
  });

  test('is taken: responses in memcached', async () => {
    const addresses = ['127.0.0.1:1', '127.0.0.1:2'];
    const full = { addresses, expiration: Duration.days(2), maxItemSize: Size.mebibytes(2) };
    for (const options of [full, { addresses }]) {
      const page = await frontend(ResponseCache.memcached(options));
      expect(value(page, 'cortex_memcache_client_servers{name="",tripperware="query_range"}')).toBe(2);
    }
  });

  test.each([['host'], ['dns+host'], ['a b:1'], ['']])('is refused at synth: address %j', (address) => {
    expect(() => IndexCache.memcached({ addresses: [address] })._yaml()).toThrow('is not an address of memcached');
    expect(() => ResponseCache.memcached({ addresses: [address] })._yaml()).toThrow('is not an address of memcached');
  });

  describe('ends Thanos (controls)', () => {
    const memcached = IndexCache.memcached({ addresses: ['127.0.0.1:1'] });

    test('where only the size of the index cache is lowered', async () => {
      const raw = (arg: string): string => arg.replace(/\n *max_item_size:.*/, '');
      const failed = store(IndexCache.inMemory({ maxSize: Size.mebibytes(20) }), raw);
      await expect(failed).rejects.toThrow('cannot be bigger than overall cache size (20971520)');
    });

    test.each(['host', 'dns+host'])('where an address has no port: %s', async (address) => {
      await expect(store(memcached, (arg) => arg.replace('127.0.0.1:1"', `${address}"`))).rejects.toThrow(
        /missing port in address|no server address resolved/,
      );
    });

    test('where a duration of a response cache has a day', async () => {
      const cache = ResponseCache.memcached({ addresses: ['127.0.0.1:1'], expiration: Duration.days(1) });
      await expect(frontend(cache, (arg) => arg.replace('"24h"', '"1d"'))).rejects.toThrow('into time.Duration');
    });
  });
});

/** Value of a series, named with its labels. */
function value(page: string, series: string): number | undefined {
  const line = page.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
