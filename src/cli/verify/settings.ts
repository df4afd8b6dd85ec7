import { X509Certificate } from 'node:crypto';
import { bucketName } from '../../input/s3-fields';
import { parsePemBundle } from '../../pki/pem-bundle';
import { found } from '../../support/problem';
import { withoutOuterSlashes } from '../../support/url';
import { endpointOption, named, timeoutOption } from '../ca/endpoint-option';
import { clientPair } from '../client-certificate';
import { readInput, readTextInput, readPem } from '../files';
import { hide } from '../output';
import { CliProblem } from '../problem';
import { readManifests } from '../s3/manifests';
import { readObjstore } from '../s3/objstore-file';
import { type BucketConfig, type AccessKeys, LOOKUPS, type Settings } from '../s3/settings';

/** Options of `verify`. */
export interface VerifyOptions {
  readonly bucket?: string;
  readonly endpoint?: string;
  readonly serverName?: string;
  readonly ca?: string;
  readonly region?: string;
  readonly prefix?: string;
  readonly lookup?: string;
  readonly insecure?: boolean;
  readonly anonymous?: boolean;
  readonly clientCert?: string;
  readonly clientKey?: string;
  readonly objstore?: string;
  readonly manifests?: string;
  readonly config?: string;
  readonly connect?: string;
  readonly timeout: string;
  readonly readOnly?: boolean;
}

/** Hosts where Thanos' S3 client puts the bucket into the host name unless told otherwise. */
const VIRTUAL_HOSTS = /(^|\.)(amazonaws\.com(\.cn)?|storage\.googleapis\.com|aliyuncs\.com)$/;

/** The settings and keys from flags, files and environment. Flags win. */
export function settingsOf(options: VerifyOptions): { settings: Settings; keys?: AccessKeys } {
  const config = { ...configFile(options), ...flags(options) };
  const { bucket, endpoint } = config;
  if (bucket === undefined || endpoint === undefined)
    throw new CliProblem(
      `${endpoint === undefined ? '--endpoint' : '--bucket'} is missing: give --endpoint and --bucket, or --objstore FILE, or --manifests FILE`,
    );
  named('bucket', () => bucketName(bucket));
  const keys = options.anonymous ? undefined : keysOf(config);
  return { settings: combine(config, bucket, endpoint, options), keys };
}

function combine(config: BucketConfig, bucket: string, endpoint: string, options: VerifyOptions): Settings {
  const { insecure = false, lookup = 'auto' } = config;
  if (insecure && config.ca)
    throw new CliProblem('insecure together with a CA: plain HTTP would be used, and the CA not. Drop one of the two');
  const { host, port, isIp } = endpointOption(endpoint, 'endpoint');
  const virtual =
    !isIp && (lookup === 'virtual-hosted' || (lookup === 'auto' && VIRTUAL_HOSTS.test(host) && !bucket.includes('.')));
  const requestHost = virtual ? `${bucket}.${host}` : host;
  const connect = options.connect === undefined ? undefined : endpointOption(options.connect, '--connect');
  return {
    bucket,
    host: requestHost,
    port: port ?? (insecure ? 80 : 443),
    hostHeader: hostHeader(requestHost, port, insecure),
    pathStyle: !virtual,
    region: config.region,
    prefix: withoutOuterSlashes(config.prefix ?? ''),
    listV1: config.listV1 ?? false,
    tls: !insecure,
    skipVerify: config.skipVerify ?? false,
    serverName: config.serverName ?? requestHost,
    roots: config.ca === undefined ? undefined : rootsOf(config.ca),
    client: clientPair(config.clientCertificate, config.clientKey),
    timeoutMs: timeoutOption(options.timeout),
    readOnly: options.readOnly ?? false,
    connect: connect && { host: connect.host, port: connect.port ?? port ?? 443 },
  };
}

/** The port is left out where it is the scheme's, as HTTP clients do; it is part of what is signed. */
function hostHeader(host: string, port: number | undefined, insecure: boolean): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === undefined || port === (insecure ? 80 : 443) ? name : `${name}:${port}`;
}

function configFile({ objstore, manifests, config, ca }: VerifyOptions): BucketConfig {
  if (objstore !== undefined && manifests !== undefined)
    throw new CliProblem('give --objstore or --manifests, not both');
  if (config !== undefined && manifests === undefined) throw new CliProblem('--config needs --manifests');
  const text = ca === undefined ? undefined : readPem(ca);
  if (manifests !== undefined) return readManifests(manifests, config, text);
  return objstore === undefined ? { ca: text } : readObjstore(readTextInput(objstore), objstore, () => undefined, text);
}

function flags(options: VerifyOptions): BucketConfig {
  const { bucket, endpoint, region, prefix, lookup, insecure, serverName } = options;
  if (lookup !== undefined && !LOOKUPS.includes(lookup))
    throw new CliProblem(`--lookup ${found(lookup)} is not one of ${LOOKUPS.join(', ')}`);
  const clientCertificate = options.clientCert === undefined ? undefined : readInput(options.clientCert);
  const clientKey = options.clientKey === undefined ? undefined : readInput(options.clientKey);
  const given = { bucket, endpoint, region, prefix, lookup, insecure, serverName, clientCertificate, clientKey };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function rootsOf(pem: string): X509Certificate[] {
  return named('the CA', () => parsePemBundle(pem, { allowLeaf: true, asIs: true })).certificates;
}

/** Keys of the config win over the environment, as in Thanos. Blanks at an end are what the store refuses later. */
function keysOf(config: BucketConfig): AccessKeys {
  const env = process.env;
  const keys = config.keys ?? {
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    sessionToken: env.AWS_SESSION_TOKEN || undefined,
  };
  hide(keys.secretAccessKey, keys.secretAccessKey.trim(), keys.sessionToken);
  const source = config.keys ? 'objstore.yml' : 'the environment';
  const names = {
    accessKeyId: 'AWS_ACCESS_KEY_ID',
    secretAccessKey: 'AWS_SECRET_ACCESS_KEY',
    sessionToken: 'AWS_SESSION_TOKEN',
  };
  for (const field of ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const) {
    const value = keys[field];
    if (value === '')
      throw new CliProblem(
        `${names[field]} is not set in ${source}: Thanos would go on without a signature. Set it, or use --anonymous`,
      );
    if (value !== undefined && /\s|[^\x20-\x7e]/.test(value))
      throw new CliProblem(
        `${names[field]} of ${source} has a blank, a newline or a character that no key has, most often a newline at the end. Write it with printf '%s', not echo`,
      );
  }
  return keys;
}
