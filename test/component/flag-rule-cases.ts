/** Flags that Thanos refuses together, or panics at: which kind gets them, and what is said of them. */
export interface FlagRuleCase {
  readonly name: string;
  readonly kind: string;
  readonly extraArgs: string[];
  readonly text: string;
  /** What the real program says, or does: undefined where it goes on for a while. */
  readonly thanos: RegExp;
}

const CACHE = '{type: IN-MEMORY, config: {max_size: 1MB}}';
const PANIC = /panic: non-positive interval/;

export const FLAG_RULE_CASES: FlagRuleCase[] = [
  {
    name: 'half of a TLS pair',
    kind: 'query',
    extraArgs: ['--grpc-server-tls-cert=/a'],
    text: '"--grpc-server-tls-cert" is set without "--grpc-server-tls-key"',
    thanos: /both server key and certificate must be provided/,
  },
  {
    name: 'two ways to name Query',
    kind: 'ruler',
    extraArgs: ['--query.config=- static_configs: [a:1]'],
    text: '"--query" and "--query.config" are both set',
    thanos: /parameters cannot be defined at the same time/,
  },
  {
    name: 'two ways to name Alertmanager',
    kind: 'ruler',
    extraArgs: ['--alertmanagers.config=alertmanagers: []'],
    text: '"--alertmanagers.url" and "--alertmanagers.config" are both set',
    thanos: /parameters cannot be defined at the same time/,
  },
  {
    name: 'a label without a value',
    kind: 'receiver',
    extraArgs: ['--label=a'],
    text: '--label: "a" is not a label; write name="value"',
    thanos: /unrecognized label/,
  },
  {
    name: 'a label without quotes',
    kind: 'receiver',
    extraArgs: ['--label=a=b'],
    text: '--label: "a=b" is not a label',
    thanos: /unquote label value/,
  },
  {
    name: 'a label of a Query without quotes',
    kind: 'query',
    extraArgs: ['--selector-label=a=b'],
    text: '--selector-label: "a=b" is not a label',
    thanos: /unquote label value/,
  },
  {
    name: 'no groups at once',
    kind: 'compactor',
    extraArgs: ['--compact.concurrency=0'],
    text: '"--compact.concurrency=0" must be greater than 0',
    thanos: /concurrency level must be > 0/,
  },
  {
    name: 'no time between passes',
    kind: 'compactor',
    extraArgs: ['--wait-interval=0s'],
    text: '"--wait-interval=0s" must be greater than 0',
    thanos: PANIC,
  },
  {
    name: 'no time between looks at the blocks',
    kind: 'store',
    extraArgs: ['--sync-block-duration=0s'],
    text: '"--sync-block-duration=0s" must be greater than 0',
    thanos: PANIC,
  },
  {
    name: 'no blocks at once',
    kind: 'store',
    extraArgs: ['--block-sync-concurrency=0'],
    text: '"--block-sync-concurrency=0" must be greater than 0',
    thanos: /block sync concurrency must be equal or greater than 1/,
  },
  {
    name: 'points in time the wrong way round',
    kind: 'store',
    extraArgs: ['--min-time=2026-01-02T00:00:00Z', '--max-time=2026-01-01T00:00:00Z'],
    text: '"--min-time" is "2026-01-02T00:00:00Z", after "--max-time" of "2026-01-01T00:00:00Z"',
    thanos: /can't be greater than --max-time/,
  },
  {
    name: 'ages the wrong way round',
    kind: 'store',
    extraArgs: ['--min-time=-1d', '--max-time=-2d'],
    text: '"--min-time" is "-1d", after "--max-time" of "-2d"',
    thanos: /can't be greater than --max-time/,
  },
  {
    name: 'a penalty without replicas',
    kind: 'compactor',
    extraArgs: ['--deduplication.func=penalty'],
    text: '"--deduplication.func=penalty" needs "--deduplication.replica-label"',
    thanos: /needs at least one replica label/,
  },
  {
    name: 'no time between look-ups',
    kind: 'query',
    extraArgs: ['--store.sd-dns-interval=0s'],
    text: '"--store.sd-dns-interval=0s" must be greater than 0',
    thanos: PANIC,
  },
  {
    name: 'a dynamic and a fixed interval',
    kind: 'query-frontend',
    extraArgs: ['--query-range.min-split-interval=1h'],
    text: '"--query-range.min-split-interval" needs "--query-range.split-interval=0"',
    thanos: /cannot be set at the same time/,
  },
  {
    name: 'a dynamic interval that is not whole',
    kind: 'query-frontend',
    extraArgs: ['--query-range.split-interval=0', '--query-range.min-split-interval=1h'],
    text: '"--query-range.min-split-interval" needs "--query-range.max-split-interval" too',
    thanos: /should be greater than 0 when query split threshold is enabled/,
  },
  {
    name: 'a second dynamic flag beside a fixed interval',
    kind: 'query-frontend',
    extraArgs: ['--query-range.min-split-interval=0s', '--query-range.max-split-interval=12h'],
    text: '"--query-range.max-split-interval" needs "--query-range.split-interval=0"',
    thanos: /cannot be set at the same time/,
  },
  {
    name: 'fewer than no groups at once',
    kind: 'compactor',
    extraArgs: ['--compact.concurrency=-1'],
    text: '"--compact.concurrency=-1" must be greater than 0',
    thanos: /concurrency level must be > 0/,
  },
  {
    name: 'a label with an escape that Go does not know',
    kind: 'receiver',
    extraArgs: ['--label=a="\\d"'],
    text: '--label: "a=',
    thanos: /unquote label value/,
  },
  {
    name: 'a cache of what is not split',
    kind: 'query-frontend',
    extraArgs: ['--query-range.split-interval=0s', `--query-range.response-cache-config=${CACHE}`],
    text: '"--query-range.split-interval" is 0 together with a response cache',
    thanos: /should be greater than 0 when caching is enabled/,
  },
  {
    name: 'a cache of labels that are not split',
    kind: 'query-frontend',
    extraArgs: ['--labels.split-interval=0s', `--labels.response-cache-config=${CACHE}`],
    text: '"--labels.split-interval" is 0 together with a response cache',
    thanos: /should be greater than 0 +when caching is enabled/,
  },
  {
    name: 'help',
    kind: 'query',
    extraArgs: ['--help'],
    text: '"--help" makes Thanos print and end',
    thanos: /usage: thanos query/,
  },
  {
    name: 'the version',
    kind: 'store',
    extraArgs: ['--version'],
    text: '"--version" makes Thanos print and end',
    thanos: /thanos, version/,
  },
  {
    name: 'one pass alone',
    kind: 'compactor',
    extraArgs: ['--no-wait'],
    text: '"--wait" is not set: Thanos would end after one pass',
    thanos: /internal server is shutting down|compact.*(shut|exit)/i,
  },
];
