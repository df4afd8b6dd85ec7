import { Size } from 'cdk8s';
import {
  CacheCa,
  CachingBucket,
  IndexCache,
  type MemcachedOptions,
  type RedisOptions,
  ResponseCache,
} from '../../src/index';
import { cacheNames } from './names';
import type { Spec } from './spec';
import type { CacheName, CacheSpec } from './spec-parts';

const MEMCACHED: MemcachedOptions = { addresses: ['cache.example.com:11211'] };

/** The caches of the store gateways. */
export function storeCaches({ caches }: Spec) {
  const { 'index-cache': index, 'caching-bucket': bucket } = caches;
  return { indexCache: indexCache(index), cachingBucket: cachingBucket(bucket) };
}

function indexCache(cache: CacheSpec): IndexCache | undefined {
  switch (cache.kind) {
    case 'memory':
      return IndexCache.inMemory();
    case 'memcached':
      return IndexCache.memcached(MEMCACHED);
    case 'redis':
      return IndexCache.redis(redis('index-cache', cache));
    default:
      return undefined;
  }
}

function cachingBucket(cache: CacheSpec): CachingBucket | undefined {
  switch (cache.kind) {
    case 'memory':
      return CachingBucket.inMemory();
    case 'memcached':
      return CachingBucket.memcached(MEMCACHED);
    case 'redis':
      return CachingBucket.redis(redis('caching-bucket', cache));
    case 'groupcache':
      return CachingBucket.groupcache();
    default:
      return undefined;
  }
}

/** The caches of the query frontends. */
export function frontendCaches({ caches }: Spec) {
  const labels = responseCache('label-cache', caches['label-cache']);
  return {
    responseCache: responseCache('response-cache', caches['response-cache']),
    labelRequests: labels && { responseCache: labels },
  };
}

function responseCache(name: CacheName, cache: CacheSpec): ResponseCache | undefined {
  switch (cache.kind) {
    case 'memory':
      return ResponseCache.inMemory({ maxSize: Size.mebibytes(10) });
    case 'memcached':
      return ResponseCache.memcached(MEMCACHED);
    case 'redis':
      return ResponseCache.redis(redis(name, cache));
    default:
      return undefined;
  }
}

function redis(name: CacheName, { password, ca, client }: CacheSpec): RedisOptions {
  const names = cacheNames(name);
  const authority = {
    none: undefined,
    secret: CacheCa.fromSecretName(names.ca),
    configMap: CacheCa.fromConfigMapName(names.ca, { key: 'public.crt' }),
    bucket: CacheCa.ofBucket(),
    image: CacheCa.ofImage(),
  }[ca];
  return {
    address: 'redis.example.com:6379',
    password: password ? { secretName: names.password } : undefined,
    tls: authority && { ca: authority, clientCertificateSecretName: client ? names.client : undefined },
  };
}
