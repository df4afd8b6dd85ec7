import * as fc from 'fast-check';
import type {
  AroundSpec,
  BesideSpec,
  CacheName,
  CacheSpec,
  CaSpec,
  RingSpec,
  ShardsSpec,
  StoreName,
} from './spec-parts';
import { around, beside, ca, caches, rings, shards, store } from './spec-parts';
import { valid } from './valid';

/** Components of a stack that open the bucket, with the label `app.kubernetes.io/component` of their pods. */
export const OPENERS = {
  receiver: 'receiver',
  compactor: 'compactor',
  storeGateway: 'store',
  ruler: 'ruler',
  bucketWeb: 'bucket-web',
  preflight: 'preflight',
} as const;
export const OTHERS = {
  receiveRouter: 'receive-router',
  query: 'query',
  queryFrontend: 'query-frontend',
  grafana: 'grafana',
} as const;

/** What a random stack is made of: plain data, from which two equal apps can be made. */
export interface Spec {
  readonly name: string;
  readonly namespace: string;
  readonly parts: readonly (keyof typeof OPENERS | keyof typeof OTHERS)[];
  readonly store: StoreName;
  readonly ca: CaSpec;
  readonly keys: KeysSpec;
  readonly clientCertificate: boolean;
  readonly encryption: 'none' | 's3' | 'kms' | 'customer';
  readonly preflightInit: boolean;
  readonly sidecar: boolean;
  /** A ruler that sends its results away, and so does not open the bucket. */
  readonly stateless: boolean;
  /** Receivers and store gateways in each of two zones, where the parts allow it. */
  readonly zones: boolean;
  /** By whom the parts are watched, where there are some that stay. */
  readonly monitoring: 'none' | 'operator' | 'annotations';
  /** What gRPC serves, and asks with; `open`: TLS that lets in all. */
  readonly grpc: 'plain' | 'secret' | 'text' | 'issued' | 'open';
  /** A compactor that comes by a schedule. */
  readonly scheduled: boolean;
  /** What the HTTP ports serve. */
  readonly http: 'plain' | 'secret' | 'text' | 'issued' | 'locked';
  /** Receivers of some tenants, beside `receiver`. */
  readonly rings: readonly RingSpec[];
  readonly shards: ShardsSpec;
  readonly caches: Readonly<Record<CacheName, CacheSpec>>;
  readonly beside: BesideSpec;
  readonly around: AroundSpec;
  readonly texts: Texts;
}

/** The zones of a stack: receivers of several need a router. */
export function zonesOf({ zones, parts, rings }: Spec): string[] | undefined {
  const receives = parts.includes('receiver') || rings.length > 0;
  const divided = receives ? parts.includes('receiveRouter') : parts.includes('storeGateway');
  return zones && divided ? ['a', 'b'] : undefined;
}

/** Whether somebody watches the parts: a Job is nothing to watch, nor is one that comes by a schedule. */
export function isMonitored({ monitoring, parts, scheduled }: Spec): boolean {
  return monitoring !== 'none' && parts.some((part) => part !== 'preflight' && !(part === 'compactor' && scheduled));
}

export interface KeysSpec {
  readonly kind: 'secret' | 'file' | 'service-account' | 'web-identity' | 'aws-sdk' | 'anonymous' | 'plain';
  readonly session: boolean;
  /** Whether the STS call trusts the private CA, where there is one. */
  readonly trustCa: boolean;
}

/** Strings of the user, with everything that breaks naive YAML, shells and templates. */
export interface Texts {
  readonly labels: Record<string, string>;
  readonly prefix: string;
  readonly region: string;
  readonly metadata: Record<string, string>;
  readonly webLabel: string;
  readonly annotation: string;
}

const HOSTILE = [
  ...['0123', '1e3', '0x1F', '1_000', '12:30:45', '.inf', '~', 'null', 'yes', 'Off', 'true', '2024-01-01'],
  ...['a: b', 'a #b', '- a', '? a', '{a}', '[a]', '*a', '&a', '!!str a', '%YAML', '@a', '`a`', '|', '>', '---', '...'],
  ...['$(HOME)', '$(POD_NAME)', '$$(POD_NAME)', '$', '$$', '$(', '$()', '${HOME}', '$ä', '\\x24(A)', '{{ $value }}'],
  ...['"', "'", '\\', '\\n', 'a"b\\c', ' a', 'a ', 'a\n', '\na', 'a\r\nb', '\t', 'a\u0000b', '\u0007', '\u007f'],
  ...['ü', '日本', '😀', '\u0085', '\u00a0', '\u2028', '\u2029', '\ufeff', '\ufffe', '\uffff', 'e\u0301'],
];

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((pair) => pair.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
);
/** The same without what an HTTP header or a folder can't hold; such values are refused at synth, as tests of the input show. */
const printable = text.map((value) => value.replace(/[\p{Cc}]/gu, '').trim() || 'a');
const word = printable.map((value) => value.replace(/[\s/]/gu, '') || 'a');
const folder = printable
  .map((value) => (/^[./\s]*$/.test(value) ? 'a' : value))
  .filter((value) => !/(^|\/)\.\.?(\/|$)/.test(value));
const header = word.map((value) => value.replace(/[^\x21-\x7e]/g, '') || 'a');

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/);
const labelName = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,8}$/).filter((name) => !/_replica$/.test(name));
const part = [...Object.keys(OPENERS), ...Object.keys(OTHERS)] as Spec['parts'][number][];

const drawn: fc.Arbitrary<Spec> = fc.record({
  // the volumes of the bucket that is copied to begin with `to-`, and the oracle reads names wherever they stand
  name: label.filter((name) => name !== 'to'),
  namespace: label,
  parts: fc.subarray(part, { minLength: 1 }),
  store,
  ca,
  keys: fc.record({
    kind: fc.constantFrom(
      'secret' as const,
      'file' as const,
      'service-account' as const,
      'web-identity' as const,
      'aws-sdk' as const,
      'anonymous' as const,
      'plain' as const,
    ),
    session: fc.boolean(),
    trustCa: fc.boolean(),
  }),
  clientCertificate: fc.boolean(),
  encryption: fc.constantFrom('none' as const, 's3' as const, 'kms' as const, 'customer' as const),
  preflightInit: fc.boolean(),
  sidecar: fc.boolean(),
  stateless: fc.boolean(),
  zones: fc.boolean(),
  monitoring: fc.constantFrom<Spec['monitoring'][]>('none', 'none', 'operator', 'annotations'),
  grpc: fc.constantFrom<Spec['grpc'][]>('plain', 'secret', 'text', 'issued', 'open'),
  scheduled: fc.boolean(),
  http: fc.constantFrom('plain' as const, 'secret' as const, 'text' as const, 'issued' as const, 'locked' as const),
  rings,
  shards,
  caches,
  beside,
  around,
  texts: fc.record({
    labels: fc.dictionary(labelName, text, { maxKeys: 3 }),
    prefix: folder,
    region: word,
    metadata: fc.dictionary(
      fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).map((name) => `My-${name}`),
      header,
      { maxKeys: 2 },
    ),
    webLabel: text,
    annotation: text,
  }),
});

/** A random stack: any components, store, CA, credentials and texts, and what stands beside and around them. */
export const spec: fc.Arbitrary<Spec> = drawn.map(valid);
