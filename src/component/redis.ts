import type { Duration, Size } from 'cdk8s';
import { FILE_MODE } from '../objstore/paths';
import { checksum } from '../support/checksum';
import type { EnvVar } from '../support/k8s';
import { dataKey, objectName } from '../support/names';
import { found, InputProblem } from '../support/problem';
import { duration, size, struct, text, wholeNumber } from '../support/rows';
import { required, type StructTable } from '../support/table';
import { goDuration, thanosSize } from '../support/units';
import { secretToken } from '../support/env-token';
import { secretVar } from '../support/env-vars';
import { CACHE_CA, type CacheCa } from './cache-ca';
import type { CachePlan, CacheSite } from './cache-plan';

/** A key of a Secret that exists in the pods' namespace. */
export interface CachePasswordOptions {
  /** Name of the Secret. */
  readonly secretName: string;
  /**
   * Key that holds the password, one line.
   * @default password
   */
  readonly key?: string;
}

/** TLS to a Redis. */
export interface RedisTlsOptions {
  /** The CA that signed its certificate. */
  readonly ca: CacheCa;
  /**
   * Name in its certificate. Not for a response cache: Thanos does not use it there.
   * @default - the host of the address
   */
  readonly serverName?: string;
  /**
   * Secret with a client certificate, keys `tls.crt` and `tls.key`. Not for a response cache.
   * @default - none
   */
  readonly clientCertificateSecretName?: string;
}

/**
 * A cache in a Redis that exists. Thanos ends at its start where it is not reached; later it goes on without.
 */
export interface RedisOptions {
  /** Address, `host:port`. */
  readonly address: string;
  /**
   * User.
   * @default - Redis' own, `default`
   */
  readonly username?: string;
  /**
   * Where the password lies. It reaches the pods as a variable, which Thanos reads into its config.
   * @default - none
   */
  readonly password?: CachePasswordOptions;
  /**
   * Number of the database.
   * @default 0
   */
  readonly database?: number;
  /**
   * Name of the master, where the address is that of a Sentinel.
   * @default - the address is a Redis
   */
  readonly masterName?: string;
  /**
   * TLS.
   * @default - none: everything crosses the network readable
   */
  readonly tls?: RedisTlsOptions;
  /**
   * Timeout of a connection.
   * @default - Thanos' own, 5 s
   */
  readonly dialTimeout?: Duration;
  /**
   * Timeout of reading.
   * @default - Thanos' own, 3 s
   */
  readonly readTimeout?: Duration;
  /**
   * Timeout of writing.
   * @default - Thanos' own, 3 s
   */
  readonly writeTimeout?: Duration;
  /**
   * Requests for several items that run at once.
   * @default - Thanos' own, 100
   */
  readonly fetchConcurrency?: number;
  /**
   * Items of one such request.
   * @default - Thanos' own, 100
   */
  readonly fetchBatchSize?: number;
  /**
   * Writes that run at once.
   * @default - Thanos' own, 20
   */
  readonly asyncConcurrency?: number;
  /**
   * Writes that wait; more are dropped.
   * @default - Thanos' own, 10000
   */
  readonly asyncBufferSize?: number;
  /**
   * Memory of each pod for items that Redis was asked for, which it calls back when they change.
   * @default - none
   */
  readonly localCacheSize?: Size;
}

const PASSWORD: StructTable<CachePasswordOptions> = {
  secretName: required(objectName, 'Name the Secret'),
  key: dataKey,
};

const TLS: StructTable<RedisTlsOptions> = {
  ca: required(
    CACHE_CA,
    "Give CacheCa.fromSecretName or CacheCa.fromConfigMapName, CacheCa.ofBucket() where it is the bucket's, or CacheCa.ofImage() for a public CA",
  ),
  serverName: text,
  clientCertificateSecretName: objectName,
};

/** How it is read. */
export const REDIS: StructTable<RedisOptions> = {
  address: required(address, 'Give host:port'),
  username: text,
  password,
  database: wholeNumber(0),
  masterName: text,
  tls: struct(TLS),
  dialTimeout: duration,
  readTimeout: duration,
  writeTimeout: duration,
  fetchConcurrency: wholeNumber(1),
  fetchBatchSize: wholeNumber(1),
  asyncConcurrency: wholeNumber(1),
  asyncBufferSize: wholeNumber(1),
  localCacheSize: size,
};

/**
 * The `config` of a Redis, and what the pods need for it.
 * @internal
 */
export function redisPlan(read: RedisOptions, site: CacheSite): CachePlan {
  const variable = `${site.cache.toUpperCase().replaceAll('-', '_')}_PASSWORD`;
  const tls = read.tls && tlsPlan(read.tls, site);
  const config = {
    addr: read.address,
    username: read.username,
    password: read.password && secretToken(variable),
    db: read.database,
    master_name: read.masterName,
    dial_timeout: read.dialTimeout && goDuration(read.dialTimeout),
    read_timeout: read.readTimeout && goDuration(read.readTimeout),
    write_timeout: read.writeTimeout && goDuration(read.writeTimeout),
    max_get_multi_concurrency: read.fetchConcurrency,
    get_multi_batch_size: read.fetchBatchSize,
    max_async_concurrency: read.asyncConcurrency,
    max_async_buffer_size: read.asyncBufferSize,
    cache_size: read.localCacheSize && thanosSize(read.localCacheSize),
    tls_enabled: tls && true,
    tls_config: tls?.config,
  };
  const { secretName, key = 'password' } = read.password ?? {};
  const secret = secretName === undefined ? [] : [secretVar(variable, secretName, key)];
  return { ...tls, config, env: [...secret, ...(tls?.env ?? [])] };
}

/**
 * Thanos' response cache reads none of the files of `tls_config` (measured): there the CA is told to Go itself, for which
 * the frontend has no other use.
 */
function tlsPlan({ ca, serverName, clientCertificateSecretName }: RedisTlsOptions, site: CacheSite): CachePlan {
  const { cache } = site;
  const { path, volume, mount, revision } = ca._plan(site);
  const annotations = revision === undefined ? {} : { [`checksum/${cache}-ca`]: checksum({ revision }) };
  const own = { volumes: volume ? [volume] : [], mounts: mount ? [mount] : [], annotations };
  if (cache === 'response-cache' || cache === 'label-cache') {
    const idle = Object.entries({ serverName, clientCertificateSecretName }).find(([, value]) => value !== undefined);
    if (idle) throw new InputProblem(`tls: ${idle[0]} is not used by Thanos' response cache. Drop it`);
    const env: EnvVar[] = path === undefined ? [] : [{ name: 'SSL_CERT_FILE', value: path }];
    return { config: {}, env, ...own };
  }
  const [client, folder] = [`${cache}-client`, `/etc/thanos/${cache}-client`];
  const certified = clientCertificateSecretName !== undefined;
  const config = {
    ca_file: path,
    cert_file: certified ? `${folder}/tls.crt` : undefined,
    key_file: certified ? `${folder}/tls.key` : undefined,
    server_name: serverName,
  };
  if (!certified) return { config, ...own };
  const items = ['tls.crt', 'tls.key'].map((key) => ({ key, path: key }));
  const secret = { secretName: clientCertificateSecretName, defaultMode: FILE_MODE, items };
  return {
    config,
    volumes: [...own.volumes, { name: client, secret }],
    mounts: [...own.mounts, { name: client, mountPath: folder, readOnly: true }],
    annotations,
  };
}

function password(value: unknown): CachePasswordOptions {
  if (typeof value !== 'string') return struct(PASSWORD)(value);
  throw new InputProblem(
    'is a text, which synth would write into a manifest. Put it into a Secret, and write { secretName: ... }',
  );
}

function address(value: unknown): string {
  if (typeof value === 'string' && /^([^\s/@:[\]]+|\[[0-9a-fA-F:.]+\]):\d{1,5}$/.test(value)) return value;
  // what stands before an "@" may be a password
  const shown = typeof value === 'string' && value.includes('@') ? 'what is given' : found(value);
  throw new InputProblem(
    `${shown} is not the address of a Redis; write "host:port"; user and password have their own fields`,
  );
}
