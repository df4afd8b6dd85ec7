import type { Spec } from './spec';
import type { CacheName, CacheSpec, StoreName } from './spec-parts';

/*
 * Which stacks there are: what the library refuses is made into what is nearest to it. Each rule has a test of its message
 * with the component that it belongs to.
 */

/** Stores whose client takes a CA. */
const WITH_CA: readonly StoreName[] = ['s3', 'gcs', 'azure', 'swift', 'cos', 'obs', 'own-secret', 'own-config-map'];

/** The nearest stack that is allowed. */
export function valid(spec: Spec): Spec {
  const { store, parts, beside } = spec;
  const ofS3 = store === 's3';
  const ca = WITH_CA.includes(store) ? spec.ca : { kind: 'none' as const };
  const rest: Spec = {
    ...spec,
    ca,
    // other stores have one way each, or two, which `session` chooses from
    keys: ofS3 ? spec.keys : { ...spec.keys, kind: 'secret' },
    clientCertificate: ofS3 && spec.clientCertificate,
    encryption: ofS3 ? spec.encryption : 'none',
    // a router hands each tenant to its ring
    rings: parts.includes('receiveRouter') ? spec.rings : [],
    shards: parts.includes('storeGateway') ? spec.shards : { ...spec.shards, hash: false, time: false },
    // Thanos forbids a compactor beside it
    beside: parts.includes('compactor') && beside.tool === 'retention' ? { ...beside, tool: 'cleanup' } : beside,
  };
  return { ...rest, caches: cachesOf(rest) };
}

function cachesOf(spec: Spec): Spec['caches'] {
  const each = (name: CacheName): CacheSpec => cacheOf(spec, name, spec.caches[name]);
  const response = each('response-cache');
  const label = each('label-cache');
  // Go takes the CA of both from one variable
  const both = isOwnCa(response) && isOwnCa(label);
  return {
    'index-cache': each('index-cache'),
    'caching-bucket': each('caching-bucket'),
    'response-cache': response,
    'label-cache': both ? { ...label, ca: 'image' } : label,
  };
}

function cacheOf({ parts, ca, http }: Spec, name: CacheName, cache: CacheSpec): CacheSpec {
  const ofStore = name === 'index-cache' || name === 'caching-bucket';
  if (!parts.includes(ofStore ? 'storeGateway' : 'queryFrontend')) return { ...cache, kind: 'none' };
  if (cache.kind === 'groupcache') {
    // its pods ask each other over plain HTTP
    const shared = name === 'caching-bucket' && http === 'plain';
    return { ...cache, kind: shared ? 'groupcache' : 'memory' };
  }
  if (cache.kind !== 'redis') return cache;
  const ofBucket = cache.ca === 'bucket' && !(ofStore && ca.kind !== 'none');
  return {
    ...cache,
    ca: ofBucket ? 'image' : cache.ca,
    // Thanos' response cache does not use it
    client: cache.client && ofStore && cache.ca !== 'none',
  };
}

function isOwnCa({ kind, ca }: CacheSpec): boolean {
  return kind === 'redis' && (ca === 'secret' || ca === 'configMap');
}
