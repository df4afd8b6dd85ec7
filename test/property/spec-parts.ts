import * as fc from 'fast-check';

/** Object stores, and an objstore.yml that exists. */
export const STORES = [
  's3',
  'gcs',
  'azure',
  'swift',
  'cos',
  'obs',
  'oss',
  'bos',
  'oci',
  'filesystem',
  'own-secret',
  'own-config-map',
] as const;
export type StoreName = (typeof STORES)[number];

export type CaSpec =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly bundle: boolean }
  | { readonly kind: 'secret' | 'configMap'; readonly key: string; readonly exclusive: boolean };

/** Receivers of some tenants. */
export interface RingSpec {
  readonly matcher: 'exact' | 'glob';
  readonly shuffle: boolean;
}

/** Parts into which store gateways and compactors divide the bucket. */
export interface ShardsSpec {
  readonly hash: boolean;
  readonly time: boolean;
  readonly compactor: 'none' | 'hash' | 'values';
}

export const CACHES = ['index-cache', 'caching-bucket', 'response-cache', 'label-cache'] as const;
export type CacheName = (typeof CACHES)[number];

export interface CacheSpec {
  readonly kind: 'none' | 'memory' | 'memcached' | 'redis' | 'groupcache';
  /** Of a Redis: whether it asks for a password, whose CA it has, and whether it asks for a certificate. */
  readonly password: boolean;
  readonly ca: 'none' | 'secret' | 'configMap' | 'bucket' | 'image';
  readonly client: boolean;
}

export const TOOLS = [
  ...(['none', 'ls', 'inspect', 'verify', 'cleanup', 'retention'] as const),
  ...(['downsample', 'mark', 'unmark', 'rewrite', 'replicate'] as const),
] as const;

/** What stands beside the components of a stack. */
export interface BesideSpec {
  /** A sidecar of a Prometheus: a workload, or of the operator. */
  readonly prometheus: 'none' | 'workload' | 'operator';
  /** Whether a PodMonitor of its own finds that sidecar, and a Query of its own asks it. */
  readonly sidecarMonitor: boolean;
  readonly sidecarAsked: boolean;
  /** A ThanosRuler of the operator. */
  readonly operatedRuler: boolean;
  /** By what people get to a part, the nth of those that there are. */
  readonly route: 'none' | 'ingress' | 'http' | 'grpc';
  readonly routeTo: number;
  readonly replicate: boolean;
  readonly tool: (typeof TOOLS)[number];
  readonly toolScheduled: boolean;
  /** The bucket that is copied to. */
  readonly second: { readonly ca: CaSpec; readonly clientCertificate: boolean; readonly customerKey: boolean };
}

/** What is around the components of a stack. */
export interface AroundSpec {
  readonly closed: boolean;
  readonly check: boolean;
  /** Whether alerts tell of the end of certificates. */
  readonly certificateAlerts: boolean;
  readonly tracing: 'none' | 'address' | 'secret';
  readonly scaled: boolean;
}

export const ca: fc.Arbitrary<CaSpec> = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({ kind: fc.constant('text' as const), bundle: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom('secret' as const, 'configMap' as const),
    key: fc.constantFrom('ca.crt', 'ca-bundle.pem', 'public.crt'),
    exclusive: fc.boolean(),
  }),
);

const cache: fc.Arbitrary<CacheSpec> = fc.record({
  kind: fc.constantFrom<CacheSpec['kind'][]>('none', 'memory', 'memcached', 'redis', 'redis', 'groupcache'),
  password: fc.boolean(),
  ca: fc.constantFrom<CacheSpec['ca'][]>('none', 'secret', 'configMap', 'bucket', 'image'),
  client: fc.boolean(),
});

/** Half of the stacks have their bucket in S3, which has more forms than all others. */
export const store = fc.oneof(fc.constant<StoreName>('s3'), fc.constantFrom(...STORES));

export const rings: fc.Arbitrary<RingSpec[]> = fc.array(
  fc.record({ matcher: fc.constantFrom('exact' as const, 'glob' as const), shuffle: fc.boolean() }),
  { maxLength: 2 },
);

export const shards: fc.Arbitrary<ShardsSpec> = fc.record({
  hash: fc.boolean(),
  time: fc.boolean(),
  compactor: fc.constantFrom<ShardsSpec['compactor'][]>('none', 'hash', 'values'),
});

export const caches: fc.Arbitrary<Record<CacheName, CacheSpec>> = fc.record({
  'index-cache': cache,
  'caching-bucket': cache,
  'response-cache': cache,
  'label-cache': cache,
});

export const beside: fc.Arbitrary<BesideSpec> = fc.record({
  prometheus: fc.constantFrom<BesideSpec['prometheus'][]>('none', 'workload', 'operator'),
  sidecarMonitor: fc.boolean(),
  sidecarAsked: fc.boolean(),
  operatedRuler: fc.boolean(),
  route: fc.constantFrom<BesideSpec['route'][]>('none', 'ingress', 'http', 'grpc'),
  routeTo: fc.nat(9),
  replicate: fc.boolean(),
  tool: fc.constantFrom(...TOOLS),
  toolScheduled: fc.boolean(),
  second: fc.record({ ca, clientCertificate: fc.boolean(), customerKey: fc.boolean() }),
});

export const around: fc.Arbitrary<AroundSpec> = fc.record({
  // takes ten times as long as a stack without
  closed: fc.constantFrom(false, false, false, false, true),
  check: fc.boolean(),
  certificateAlerts: fc.boolean(),
  tracing: fc.constantFrom<AroundSpec['tracing'][]>('none', 'address', 'secret'),
  scaled: fc.boolean(),
});
