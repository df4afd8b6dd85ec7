import type { ConfigForm } from './config-addresses';

/** What goes over a call that Thanos is told to make. */
export type Carried =
  | 'StoreAPI'
  | 'queries'
  | 'cached answers'
  | 'cached blocks'
  | 'writes of the ring'
  | 'alerts'
  | 'recorded series'
  | 'reads'
  | 'spans'
  | 'counts of series';

/** What goes over the calls that a flag causes. */
export interface FlagCalls {
  readonly flags: readonly string[];
  /** The form of the config that the flag gives; undefined where its value is the address itself. */
  readonly config?: ConfigForm;
  readonly carries: Carried;
  readonly protocol?: string;
}

const STORE_API = { carries: 'StoreAPI', protocol: 'gRPC' } as const;
const QUERIES = { carries: 'queries' } as const;

/** The flags that name somebody, by command. */
export const FLAG_CALLS: Readonly<Record<string, readonly FlagCalls[]>> = {
  query: [
    {
      flags: ['--endpoint', '--endpoint-strict', '--endpoint-group', '--endpoint-group-strict', '--store', '--rule'],
      ...STORE_API,
    },
    { flags: ['--endpoint.sd-config'], config: 'endpoints', ...STORE_API },
    { flags: ['--store.sd-files'], config: 'targets', ...STORE_API },
  ],
  'query-frontend': [
    { flags: ['--query-frontend.downstream-url'], ...QUERIES },
    {
      flags: ['--query-range.response-cache-config', '--labels.response-cache-config'],
      config: 'cache',
      carries: 'cached answers',
      protocol: 'TCP',
    },
  ],
  store: [
    {
      flags: ['--index-cache.config', '--store.caching-bucket.config'],
      config: 'cache',
      carries: 'cached blocks',
      protocol: 'TCP',
    },
  ],
  receive: [{ flags: ['--receive.hashrings'], config: 'hashrings', carries: 'writes of the ring', protocol: 'gRPC' }],
  rule: [
    { flags: ['--query'], ...QUERIES },
    { flags: ['--query.config'], config: 'targets', ...QUERIES },
    { flags: ['--query.sd-files'], config: 'targets', ...QUERIES },
    { flags: ['--grpc-query-endpoint'], carries: 'queries', protocol: 'gRPC' },
    { flags: ['--alertmanagers.url'], carries: 'alerts' },
    { flags: ['--alertmanagers.config'], config: 'alertmanagers', carries: 'alerts' },
    { flags: ['--remote-write.config'], config: 'remote-write', carries: 'recorded series' },
  ],
  sidecar: [{ flags: ['--prometheus.url'], carries: 'reads' }],
};

/** What receivers ask to know the series of a tenant, and where all commands send their spans: beside the calls of the data. */
export const SIDE_CALLS: readonly FlagCalls[] = [
  { flags: ['--receive.limits-config'], config: 'limits', carries: 'counts of series' },
  { flags: ['--tracing.config'], config: 'tracing', carries: 'spans' },
];
