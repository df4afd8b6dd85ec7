import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import {
  CacheCa,
  CachingBucket,
  type CachingBucketOptions,
  type GroupcacheOptions,
  IndexCache,
  IndexCacheItem,
  QueryFrontend,
  type QueryFrontendOptions,
  type RedisOptions,
  type RedisResponseCacheOptions,
  ResponseCache,
  StoreGateway,
  type StoreGatewayOptions,
} from '../../src/index';
import { expand } from '../thanos/pod-on-disk';
import { bucket, make, type Made } from './made';

function store(options: StoreGatewayOptions, ca?: null): Made<StoreGateway> {
  const over = ca === null ? { ca: undefined } : {};
  return make((scope) => new StoreGateway(scope, 'Store', { objstore: bucket(scope, over), ...options }));
}

function frontend(options: QueryFrontendOptions): Made<QueryFrontend> {
  return make((scope) => new QueryFrontend(scope, 'Frontend', { downstreamUrl: 'http://q:10902', ...options }));
}

const PASSWORD = { secretName: 'redis', key: 'pw' };
const REDIS: Required<Omit<RedisOptions, 'tls'>> = {
  address: 'redis.cache:6379',
  username: 'thanos',
  password: PASSWORD,
  database: 3,
  masterName: 'main',
  dialTimeout: Duration.seconds(1),
  readTimeout: Duration.seconds(2),
  writeTimeout: Duration.seconds(4),
  fetchConcurrency: 5,
  fetchBatchSize: 6,
  asyncConcurrency: 7,
  asyncBufferSize: 8,
  localCacheSize: Size.mebibytes(9),
};
const WRITTEN = {
  ...{ addr: 'redis.cache:6379', username: 'thanos', db: 3, master_name: 'main' },
  ...{ dial_timeout: '1s', read_timeout: '2s', write_timeout: '4s', cache_size: '9MiB' },
  ...{ max_get_multi_concurrency: 5, get_multi_batch_size: 6, max_async_concurrency: 7, max_async_buffer_size: 8 },
};

/** What Thanos reads of a flag: after the kubelet, and after Thanos itself filled in the variables. */
function read(made: Made<StoreGateway | QueryFrontend>, flag: string, env: Record<string, string> = {}): unknown {
  const text = expand(made.flag(flag)[0], env);
  return parse(text.replace(/\$\((\w+)\)/g, (_, name: string) => env[name]));
}

describe('a Redis', () => {
  it('every option is written, and the password is a variable that Thanos fills in, not the kubelet', () => {
    const made = store({ indexCache: IndexCache.redis(REDIS) });
    const hard = ` it's "a\\b: #c $(X) ü`;
    const config = read(made, '--index-cache.config', { INDEX_CACHE_PASSWORD: hard });
    expect(config).toEqual({ type: 'REDIS', config: { ...WRITTEN, password: hard } });
    expect(made.container.env).toContainEqual({
      name: 'INDEX_CACHE_PASSWORD',
      valueFrom: { secretKeyRef: { name: 'redis', key: 'pw' } },
    });
    // the kubelet knows the variable, and must not put it into the arguments
    expect(expand(made.flag('--index-cache.config')[0], { INDEX_CACHE_PASSWORD: hard })).not.toContain(hard);
  });

  it('the same for the bucket and for responses, each with a variable of its own', () => {
    const made = store({ cachingBucket: CachingBucket.redis(REDIS), indexCache: IndexCache.redis(REDIS) });
    const env = { CACHING_BUCKET_PASSWORD: 'a', INDEX_CACHE_PASSWORD: 'b' };
    expect(read(made, '--store.caching-bucket.config', env)).toEqual({
      type: 'REDIS',
      config: { ...WRITTEN, password: 'a' },
    });
    expect(made.container.env.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(Object.keys(env)),
    );
    const all: Required<Omit<RedisResponseCacheOptions, 'tls'>> = { ...REDIS, expiration: Duration.days(1) };
    const responses = frontend({ responseCache: ResponseCache.redis(all) });
    for (const flag of ['--query-range.response-cache-config', '--labels.response-cache-config'])
      expect(read(responses, flag, { RESPONSE_CACHE_PASSWORD: 'c' })).toEqual({
        type: 'REDIS',
        config: { ...WRITTEN, password: 'c', expiration: '24h' },
      });
    expect(responses.container.env).toHaveLength(1);
  });

  it('TLS: CA and client certificate are mounted, each from its Secret', () => {
    const tls = {
      ca: CacheCa.fromSecretName('redis-ca', { key: 'root.pem', revision: '1' }),
      serverName: 'redis.example.com',
      clientCertificateSecretName: 'redis-client',
    };
    const made = store({ indexCache: IndexCache.redis({ address: 'redis:6379', tls }) });
    expect(read(made, '--index-cache.config')).toEqual({
      type: 'REDIS',
      config: {
        addr: 'redis:6379',
        tls_enabled: true,
        tls_config: {
          ca_file: '/etc/thanos/index-cache-ca/ca.crt',
          cert_file: '/etc/thanos/index-cache-client/tls.crt',
          key_file: '/etc/thanos/index-cache-client/tls.key',
          server_name: 'redis.example.com',
        },
      },
    });
    const mode = { defaultMode: 0o440 };
    expect(made.pod.volumes).toEqual(
      expect.arrayContaining([
        {
          name: 'index-cache-ca',
          secret: { secretName: 'redis-ca', ...mode, items: [{ key: 'root.pem', path: 'ca.crt' }] },
        },
        {
          name: 'index-cache-client',
          // nothing else that the Secret may hold
          secret: {
            secretName: 'redis-client',
            ...mode,
            items: ['tls.crt', 'tls.key'].map((key) => ({ key, path: key })),
          },
        },
      ]),
    );
    expect(made.container.volumeMounts).toEqual(
      expect.arrayContaining([
        { name: 'index-cache-ca', mountPath: '/etc/thanos/index-cache-ca', readOnly: true },
        { name: 'index-cache-client', mountPath: '/etc/thanos/index-cache-client', readOnly: true },
      ]),
    );
    const annotation = 'checksum/index-cache-ca';
    const later = { ca: CacheCa.fromSecretName('redis-ca', { revision: '2' }) };
    const rolled = store({ indexCache: IndexCache.redis({ address: 'redis:6379', tls: later }) });
    expect(made.template.metadata.annotations[annotation]).toMatch(/^[0-9a-f]{64}$/);
    expect(rolled.template.metadata.annotations[annotation]).not.toBe(made.template.metadata.annotations[annotation]);
  });

  it('TLS with the CA of the bucket, which is there anyway, or with those of the image', () => {
    const config = (ca: CacheCa) => {
      const made = store({ indexCache: IndexCache.redis({ address: 'redis:6379', tls: { ca } }) });
      return (read(made, '--index-cache.config') as { config: object }).config;
    };
    const enabled = { addr: 'redis:6379', tls_enabled: true };
    expect(config(CacheCa.ofBucket())).toEqual({ ...enabled, tls_config: { ca_file: '/etc/thanos/certs/ca.crt' } });
    expect(config(CacheCa.ofImage())).toEqual({ ...enabled, tls_config: {} });
  });

  it('TLS of a response cache: Thanos reads no file there, so Go is told the CA', () => {
    const ca = CacheCa.fromConfigMapName('redis-ca');
    const made = frontend({ responseCache: ResponseCache.redis({ address: 'redis:6379', tls: { ca } }) });
    expect(made.container.env).toEqual([{ name: 'SSL_CERT_FILE', value: '/etc/thanos/response-cache-ca/ca.crt' }]);
    expect(made.pod.volumes).toEqual([
      {
        name: 'response-cache-ca',
        configMap: { name: 'redis-ca', defaultMode: 0o440, items: [{ key: 'ca.crt', path: 'ca.crt' }] },
      },
    ]);
  });
});

it('an index cache holds what it is told, for as long as it is told', () => {
  const items = [IndexCacheItem.POSTINGS, IndexCacheItem.EXPANDED_POSTINGS];
  const ttl = Duration.days(2);
  expect(
    read(store({ indexCache: IndexCache.memcached({ addresses: ['a:1'], items, ttl }) }), '--index-cache.config'),
  ).toEqual({
    type: 'MEMCACHED',
    config: { addresses: ['a:1'] },
    enabled_items: ['Postings', 'ExpandedPostings'],
    ttl: '48h',
  });
});

describe('a cache of the bucket', () => {
  const ALL: Required<CachingBucketOptions> = {
    subrangeSize: Size.kibibytes(32),
    maxRangeRequests: 5,
    metafileMaxSize: Size.mebibytes(2),
    chunkAttributesTtl: Duration.days(1),
    chunkSubrangeTtl: Duration.days(2),
    blocksIterTtl: Duration.minutes(3),
    metafileExistsTtl: Duration.hours(4),
    metafileAbsentTtl: Duration.minutes(5),
    metafileContentTtl: Duration.days(6),
  };
  const SETTINGS = {
    ...{ chunk_subrange_size: 32768, max_chunks_get_range_requests: 5, metafile_max_size: '2MiB' },
    ...{ chunk_object_attrs_ttl: '24h', chunk_subrange_ttl: '48h', blocks_iter_ttl: '3m' },
    ...{ metafile_exists_ttl: '4h', metafile_doesnt_exist_ttl: '5m', metafile_content_ttl: '144h' },
  };

  it.each<[string, CachingBucket, object]>([
    ['IN-MEMORY', CachingBucket.inMemory(ALL), {}],
    ['MEMCACHED', CachingBucket.memcached({ addresses: ['a:1'], ...ALL }), { addresses: ['a:1'] }],
    ['REDIS', CachingBucket.redis({ address: 'a:1', ...ALL }), { addr: 'a:1' }],
  ])('every option is written: %s', (type, cachingBucket, config) => {
    expect(read(store({ cachingBucket }), '--store.caching-bucket.config')).toEqual({ type, config, ...SETTINGS });
  });

  it('groupcache knows all pods, and itself among them', () => {
    const all: Required<GroupcacheOptions> = { ...ALL, maxSize: Size.mebibytes(512), group: 'g' };
    const made = store({ replicas: 3, cachingBucket: CachingBucket.groupcache(all) });
    const url = (n: number) => `http://thanos-store-${n}.thanos-store-headless.monitoring.svc.cluster.local:10902`;
    expect(read(made, '--store.caching-bucket.config', { POD_NAME: 'thanos-store-1' })).toEqual({
      type: 'GROUPCACHE',
      config: { self_url: url(1), peers: [url(0), url(1), url(2)], groupcache_group: 'g', max_size: '512MiB' },
      ...SETTINGS,
    });
    expect(made.container.env).toContainEqual({
      name: 'POD_NAME',
      valueFrom: { fieldRef: { fieldPath: 'metadata.name' } },
    });
    const plain = store({ cachingBucket: CachingBucket.groupcache() });
    expect(read(plain, '--store.caching-bucket.config', { POD_NAME: 'x' })).toMatchObject({
      config: { groupcache_group: 'thanos-store', peers: [url(0), url(1)] },
    });
  });
});

describe('errors', () => {
  const redis = (over: object) => ({ indexCache: IndexCache.redis({ address: 'redis:6379', ...over }) });

  it.each<[string, object, string]>([
    [
      'a password in the code',
      redis({ password: 'hunter2' }),
      'indexCache: password: is a text, which synth would write into a manifest. Put it into a Secret, and write { secretName: ... }',
    ],
    [
      'a password of no Secret',
      redis({ password: {} }),
      'indexCache: password: secretName: is missing. Name the Secret',
    ],
    ['TLS without a CA', redis({ tls: {} }), 'indexCache: tls: ca: is missing. Give CacheCa.fromSecretName or'],
    [
      'a CA that is a text',
      redis({ tls: { ca: 'ca.crt' } }),
      'indexCache: tls: ca: is "ca.crt", not a CacheCa; write CacheCa.fromSecretName(',
    ],
    [
      'a CA of a Secret without a name',
      redis({ tls: { ca: CacheCa.fromSecretName('') } }),
      'indexCache: ca: "" is not an object name',
    ],
    [
      'a password in the address',
      redis({ address: 'redis://me:hunter2@redis:6379' }),
      'indexCache: address: what is given is not the address of a Redis; write "host:port"',
    ],
    [
      'an address without a port',
      redis({ address: 'redis' }),
      'indexCache: address: "redis" is not the address of a Redis',
    ],
    [
      'no address',
      { indexCache: IndexCache.redis({} as RedisOptions) },
      'indexCache: address: is missing. Give host:port',
    ],
    [
      'a password in an argument',
      { extraArgs: ['--index-cache.config={type: REDIS, config: {addr: "a:1", password: hunter2}}'] },
      'extraArgs: "--index-cache.config" holds a password, which synth would write into a manifest. Give the cache as a prop',
    ],
    [
      'a password that the kubelet would put into an argument',
      { extraArgs: ['--store.caching-bucket.config=type: REDIS\nconfig:\n  password: $(PW)\n'] },
      'extraArgs: "--store.caching-bucket.config" holds a password',
    ],
  ])('%s', (_, options, message) => {
    let said = '';
    try {
      store(options);
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain(`cdk8s-thanos: test/Store: ${message}`);
    expect(said).not.toContain('hunter2');
  });

  it('a password of an argument that Thanos fills in, or none at all, passes', () => {
    for (const password of ["'$$(PW)'", '"$$(PW)"', '$$(PW)', '|2-\n    $$(PW)', '""', ''])
      expect(() =>
        store({ extraArgs: [`--index-cache.config=type: REDIS\nconfig:\n  password: ${password}\n  addr: a:1\n`] }),
      ).not.toThrow();
  });

  it("the bucket's CA, where the bucket has none", () => {
    const tls = { ca: CacheCa.ofBucket() };
    const text = 'ca: is that of the bucket, but these pods have none. Give CacheCa.fromSecretName';
    const address = 'redis:6379';
    expect(() => store({ indexCache: IndexCache.redis({ address, tls }) }, null)).toThrow(`indexCache: ${text}`);
    expect(() => frontend({ responseCache: ResponseCache.redis({ address, tls }) })).toThrow(`responseCache: ${text}`);
  });

  it('two response caches, each with a CA', () => {
    const one = (name: string) =>
      ResponseCache.redis({ address: 'redis:6379', tls: { ca: CacheCa.fromSecretName(name) } });
    expect(() => frontend({ responseCache: one('a'), labelRequests: { responseCache: one('b') } })).toThrow(
      'responseCache: is a Redis with a CA of its own, and so is labelRequests.responseCache; Thanos can be told one',
    );
    const plain = ResponseCache.redis({ address: 'redis:6379', password: { secretName: 'other' } });
    const { container } = frontend({ responseCache: one('a'), labelRequests: { responseCache: plain } });
    expect(container.env.map(({ name }: { name: string }) => name)).toEqual(['SSL_CERT_FILE', 'LABEL_CACHE_PASSWORD']);
  });

  it.each([{ serverName: 'a' }, { clientCertificateSecretName: 'a' }])(
    'a response cache that is told what Thanos does not read: %j',
    (over) => {
      const tls = { ca: CacheCa.ofImage(), ...over };
      const [name] = Object.keys(over);
      expect(() => frontend({ responseCache: ResponseCache.redis({ address: 'redis:6379', tls }) })).toThrow(
        `responseCache: tls: ${name} is not used by Thanos' response cache. Drop it`,
      );
    },
  );
});
