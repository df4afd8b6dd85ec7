import { Duration, Size } from 'cdk8s';
import {
  CacheCa,
  CachingBucket,
  IndexCache,
  ObjstoreConfig,
  QueryFrontend,
  ResponseCache,
  S3Credentials,
  StoreGateway,
} from '../../src';
import { identityOf } from '../../src/support/identity';
import { chart, type Json, render } from '../render';
import { type Given, PodOnDisk } from './pod-on-disk';
import { RedisStub } from './redis-stub';
import { S3Stub } from './s3-stub';
import { serverCertificates } from './server-certificates';
import { describeThanos, serveThanos } from '../programs/thanos';

const MIB = 1024 ** 2;
const SITE = { cache: 'index-cache', identity: identityOf({}, 'store'), replicas: 1 } as const;
const ADDRESSES = ['127.0.0.1:1', 'dns+memcached.example.com:11211', 'dnssrv+_memcached._tcp.memcached.example.com'];

describeThanos('a cache config', () => {
  let stub: S3Stub;
  beforeAll(async () => {
    stub = await S3Stub.start(serverCertificates(['s3.example.com']));
  });
  afterAll(() => stub.stop());

  /** Metrics of the only workload of a chart. */
  async function metrics(build: (scope: Json) => void, edit = (arg: string) => arg, given?: Given): Promise<string> {
    const scope = chart();
    build(scope);
    const objects = render(scope);
    const workload = objects.find(({ kind }) => ['StatefulSet', 'Deployment'].includes(kind));
    const pod = new PodOnDisk(objects, workload, given);
    try {
      const serving = await serveThanos(pod.args.map(edit), pod.env);
      return await serving.text('/metrics').finally(() => serving.stop());
    } finally {
      pod.remove();
    }
  }

  function store(
    indexCache: IndexCache | undefined,
    edit?: (arg: string) => string,
    given?: Given,
    cachingBucket?: CachingBucket,
  ): Promise<string> {
    const s3 = { bucket: 'thanos', endpoint: stub.address, insecure: true, credentials: S3Credentials.anonymous() };
    return metrics(
      (scope) => {
        new StoreGateway(scope, 'store', {
          objstore: new ObjstoreConfig(scope, 'objstore', s3),
          indexCache,
          cachingBucket,
        });
      },
      edit,
      given,
    );
  }

  function frontend(responseCache: ResponseCache, edit?: (arg: string) => string, given?: Given): Promise<string> {
    const downstreamUrl = 'http://127.0.0.1:1';
    return metrics((scope) => void new QueryFrontend(scope, 'frontend', { downstreamUrl, responseCache }), edit, given);
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

  describe('a Redis', () => {
    const PASSWORD = ` it's "a\\b: #c $(X) ü`;
    const given = (password = PASSWORD): Given => ({
      redis: { password },
      'redis-ca': { 'ca.crt': certificates.ca },
      'redis-client': { 'tls.crt': certificates.clientCertificate, 'tls.key': certificates.clientKey },
    });
    const certificates = serverCertificates(['localhost', 'redis.example.com']);
    const tls = { cert: certificates.serverCertificate, key: certificates.serverKey };
    let [plain, secure]: RedisStub[] = [];
    beforeEach(async () => {
      [plain, secure] = [await RedisStub.start(), await RedisStub.start(tls)];
    });
    afterEach(() => Promise.all([plain.stop(), secure.stop()]));

    const password = { secretName: 'redis' };
    const full = () => ({
      ...{ address: `127.0.0.1:${plain.port}`, username: 'me', password, database: 2 },
      ...{ dialTimeout: Duration.seconds(2), readTimeout: Duration.millis(1500), writeTimeout: Duration.minutes(1) },
      ...{ fetchConcurrency: 2, fetchBatchSize: 3, asyncConcurrency: 4, asyncBufferSize: 5 },
      localCacheSize: Size.mebibytes(1),
    });

    test('is told any password of one line, as it stands in the Secret, by each cache', async () => {
      await store(IndexCache.redis(full()), undefined, given());
      await store(undefined, undefined, given(), CachingBucket.redis({ ...full(), blocksIterTtl: Duration.days(1) }));
      await frontend(ResponseCache.redis({ ...full(), expiration: Duration.days(2) }), undefined, given());
      expect(plain.told.filter((word) => word === PASSWORD).length).toBeGreaterThanOrEqual(3);
      expect(plain.told.filter((word) => word === 'SELECT').length).toBeGreaterThanOrEqual(3);
    });

    test('is told the password without the line break that people leave at its end', async () => {
      await store(IndexCache.redis(full()), undefined, given('secret\n'));
      expect(plain.told).toContain('secret');
    });

    test('is trusted by its CA, and by no other', async () => {
      const ca = CacheCa.fromSecretName('redis-ca');
      const address = `localhost:${secure.port}`;
      await store(IndexCache.redis({ address, tls: { ca } }), undefined, given());
      const byAddress = { address: `127.0.0.1:${secure.port}` };
      const named = { ca, serverName: 'redis.example.com', clientCertificateSecretName: 'redis-client' };
      await store(undefined, undefined, given(), CachingBucket.redis({ ...byAddress, tls: named }));
      await frontend(ResponseCache.redis({ address, tls: { ca } }), undefined, given());
      expect(secure.told).toContain('HELLO');
      const image = { address, tls: { ca: CacheCa.ofImage() } };
      await expect(store(IndexCache.redis(image))).rejects.toThrow('unknown authority');
      await expect(frontend(ResponseCache.redis(image))).rejects.toThrow('unknown authority');
    });

    test('ends Thanos where it is not there at the start (control)', async () => {
      await expect(store(IndexCache.redis({ address: '127.0.0.1:1' }))).rejects.toThrow('connection refused');
    });
  });

  test.each<[string, () => CachingBucket]>([
    ['in memory', () => CachingBucket.inMemory({ maxSize: Size.mebibytes(20), subrangeSize: Size.kibibytes(32) })],
    ['in memcached', () => CachingBucket.memcached({ addresses: ['127.0.0.1:1'], metafileMaxSize: Size.mebibytes(2) })],
    [
      'in the pods themselves',
      () => CachingBucket.groupcache({ maxSize: Size.mebibytes(20), blocksIterTtl: Duration.days(1) }),
    ],
  ])('is taken: the bucket %s', async (_, cache) => {
    expect(await store(undefined, undefined, undefined, cache())).toContain('thanos_store_bucket_cache_operation');
  });

  test.each([['host'], ['dns+host'], ['a b:1'], ['']])('is refused at synth: address %j', (address) => {
    const given = { addresses: [address] };
    expect(() => IndexCache.memcached(given)._plan(SITE)).toThrow('is not an address of memcached');
    expect(() => ResponseCache.memcached(given)._plan(SITE)).toThrow('is not an address of memcached');
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
