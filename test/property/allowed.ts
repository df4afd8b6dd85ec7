import type { Json } from '../render';
import type { Pods } from '../stack/pods';
import { secondName } from './build-beside';
import { cacheNames, componentOf, NAMES, SECOND, TRACING } from './names';
import type { Seen } from './oracle';
import type { Spec } from './spec';
import { CACHES, type CaSpec, type CacheName } from './spec-parts';

/*
 * Which container must see what is guarded, worked out from the spec alone: of the bucket, of the bucket that is copied to,
 * of the caches and of tracing. Nobody sees more of it.
 */

class Files implements Seen {
  public readonly files = new Map<string, string>();
  public readonly env = new Map<string, string>();

  public add({ files, env }: Seen): this {
    for (const [path, source] of files) this.files.set(path, source);
    for (const [name, source] of env) this.env.set(name, source);
    return this;
  }

  public ca(ca: CaSpec, path: string, made: string, given: string): void {
    if (ca.kind === 'text') this.files.set(path, `Secret/${made}-s3-ca-cert/ca.crt`);
    if (ca.kind === 'secret') this.files.set(path, `Secret/${given}/${ca.key}`);
    if (ca.kind === 'configMap') this.files.set(path, `ConfigMap/${given}/${ca.key}`);
  }

  public client(directory: string, secret: string): void {
    for (const file of ['tls.crt', 'tls.key']) this.files.set(`${directory}/${file}`, `Secret/${secret}/${file}`);
  }
}

/** Everything of the bucket that a container must see which opens it; a preflight reads a config of its own. */
export function wanted(spec: Spec, container: Json): Seen {
  const { ca, name } = spec;
  const seen = new Files();
  seen.files.set('/etc/thanos/objstore/objstore.yml', config(spec, /^preflight/.test(container.name)));
  seen.ca(ca, '/etc/thanos/certs/ca.crt', name, NAMES.ca);
  if (spec.store !== 's3') return seen.add(otherKeys(spec));
  if (spec.clientCertificate) seen.client('/etc/thanos/client-tls', NAMES.client);
  if (spec.encryption === 'customer')
    seen.files.set('/etc/thanos/sse/sse-c.key', `Secret/${NAMES.customerKey}/sse-c.key`);
  return seen.add(s3Keys(spec));
}

function config({ store, name }: Spec, ofPreflight: boolean): string {
  if (store === 'own-secret') return `Secret/${NAMES.objstore}/mine.yml`;
  if (store === 'own-config-map') return `ConfigMap/${NAMES.objstore}/mine.yml`;
  return `ConfigMap/${name}-${ofPreflight ? 'preflight-config' : 'objstore-config'}/objstore.yml`;
}

function s3Keys({ ca, keys, name }: Spec): Seen {
  const seen = new Files();
  const { files, env } = seen;
  const secret = (from: string, [id, key, token]: string[]): void => {
    env.set('AWS_ACCESS_KEY_ID', `Secret/${from}/${id}`);
    env.set('AWS_SECRET_ACCESS_KEY', `Secret/${from}/${key}`);
    if (keys.session) env.set('AWS_SESSION_TOKEN', `Secret/${from}/${token}`);
  };
  if (keys.kind === 'secret') secret(NAMES.keys, ['id', 'key', 'token']);
  if (keys.kind === 'plain')
    secret(`${name}-s3-credentials`, ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']);
  if (keys.kind === 'file') {
    files.set('/etc/thanos/s3-credentials/credentials', `Secret/${NAMES.keys}/credentials`);
    env.set('AWS_SHARED_CREDENTIALS_FILE', '/etc/thanos/s3-credentials/credentials');
    if (keys.session) env.set('AWS_PROFILE', 'thanos');
  }
  if (keys.kind === 'web-identity') {
    files.set('/var/run/secrets/thanos-s3/token', 'token for sts.amazonaws.com');
    env.set('AWS_WEB_IDENTITY_TOKEN_FILE', '/var/run/secrets/thanos-s3/token');
  }
  const trusts = ca.kind !== 'none' && keys.trustCa;
  if (trusts && ['service-account', 'web-identity'].includes(keys.kind))
    env.set('SSL_CERT_FILE', '/etc/thanos/certs/ca.crt');
  if (trusts && keys.kind === 'aws-sdk') env.set('AWS_CA_BUNDLE', '/etc/thanos/certs/ca.crt');
  return seen;
}

/** Variables and files of the stores that are none of S3's, by key of the Secret. */
function otherKeys({ store, keys }: Spec): Seen {
  const seen = new Files();
  const { files, env } = seen;
  const variables = (names: Record<string, string>): void => {
    for (const [name, key] of Object.entries(names)) env.set(name, `Secret/${NAMES.keys}/${key}`);
  };
  const file = (variable: string, key: string): void => {
    files.set(`/etc/thanos/objstore-credentials/${key}`, `Secret/${NAMES.keys}/${key}`);
    env.set(variable, `/etc/thanos/objstore-credentials/${key}`);
  };
  if (store === 'gcs' && !keys.session) file('GOOGLE_APPLICATION_CREDENTIALS', 'gcs.json');
  if (store === 'oci' && !keys.session) file('TF_VAR_private_key_path', 'oci.pem');
  if (store === 'azure' && !keys.session) variables({ OBJSTORE_STORAGE_ACCOUNT_KEY: 'account' });
  if (store === 'swift') variables({ OBJSTORE_PASSWORD: 'password' });
  if (store === 'cos') variables({ OBJSTORE_SECRET_ID: 'id', OBJSTORE_SECRET_KEY: 'key' });
  if (store === 'obs' || store === 'bos') variables({ OBJSTORE_ACCESS_KEY: 'id', OBJSTORE_SECRET_KEY: 'key' });
  if (store === 'oss') variables({ OBJSTORE_ACCESS_KEY_ID: 'id', OBJSTORE_ACCESS_KEY_SECRET: 'key' });
  if (store === 'filesystem') files.set('/var/thanos/bucket/*', `Claim/${NAMES.claim}/*`);
  if (/^own/.test(store) && keys.session) variables({ MINE: 'mine' });
  return seen;
}

/** The same of the bucket that is copied to, at paths and in variables of its own. */
export function wantedOfSecond(spec: Spec): Seen {
  const { ca, clientCertificate, customerKey } = spec.beside.second;
  const seen = new Files();
  const name = secondName(spec);
  seen.files.set('/etc/thanos/to/objstore/objstore.yml', `ConfigMap/${name}-objstore-to-config/objstore.yml`);
  seen.ca(ca, '/etc/thanos/to/certs/ca.crt', name, SECOND.ca);
  if (clientCertificate) seen.client('/etc/thanos/to/client-tls', SECOND.client);
  if (customerKey) seen.files.set('/etc/thanos/to/sse/sse-c.key', `Secret/${SECOND.customerKey}/sse-c.key`);
  seen.env.set('TO_AWS_ACCESS_KEY_ID', `Secret/${SECOND.keys}/AWS_ACCESS_KEY_ID`);
  seen.env.set('TO_AWS_SECRET_ACCESS_KEY', `Secret/${SECOND.keys}/AWS_SECRET_ACCESS_KEY`);
  return seen;
}

/** What a cache is asked with, in the pods that have it. */
function wantedOfCache({ caches }: Spec, name: CacheName): Seen {
  const seen = new Files();
  const { kind, password, ca, client } = caches[name];
  if (kind !== 'redis') return seen;
  const names = cacheNames(name);
  if (password) seen.env.set(`${name.toUpperCase().replace('-', '_')}_PASSWORD`, `Secret/${names.password}/password`);
  if (ca === 'secret') seen.files.set(`/etc/thanos/${name}-ca/ca.crt`, `Secret/${names.ca}/ca.crt`);
  if (ca === 'configMap') seen.files.set(`/etc/thanos/${name}-ca/ca.crt`, `ConfigMap/${names.ca}/public.crt`);
  if (client) seen.client(`/etc/thanos/${name}-client`, names.client);
  // the frontend's client takes its CA from the process
  const ofProcess = name === 'response-cache' || name === 'label-cache';
  if (ofProcess && (ca === 'secret' || ca === 'configMap'))
    seen.env.set('SSL_CERT_FILE', `/etc/thanos/${name}-ca/ca.crt`);
  return seen;
}

const CACHED: Record<string, readonly CacheName[]> = {
  store: ['index-cache', 'caching-bucket'],
  'query-frontend': ['response-cache', 'label-cache'],
};
const OPENING = [
  'receiver',
  'compactor',
  'store',
  'ruler',
  'bucket-web',
  'preflight',
  'thanos-sidecar',
  'thanos-ruler',
];
const TRACED = [
  ...['receiver', 'receive-router', 'compactor', 'store', 'ruler', 'query', 'query-frontend', 'bucket-web'],
];

/** All that is guarded and that a container must see; nothing of it where it is none of these. */
export function allowed(spec: Spec, { labels }: Pods, container: Json): Seen {
  const seen = new Files();
  const { name } = container;
  const component = componentOf(labels);
  const stateless = component === 'ruler' && spec.stateless;
  const main = name === component || name === 'thanos-sidecar' || name === 'thanos-ruler';
  const preflight = /^preflight/.test(name);
  const ofJob = /^bucket-(?!web$)/.test(component ?? '');
  if ((main && OPENING.includes(name) && !stateless) || preflight || (main && ofJob)) seen.add(wanted(spec, container));
  if (main && component === 'bucket-replicate') seen.add(wantedOfSecond(spec));
  for (const cache of main ? (CACHED[name] ?? []) : []) seen.add(wantedOfCache(spec, cache));
  if (main && TRACED.includes(name) && spec.around.tracing === 'secret')
    seen.files.set('/etc/thanos/tracing/tracing.yml', `Secret/${TRACING}/tracing.yml`);
  return seen;
}

/** Names of all objects that nobody else may touch. */
export function guardedNames(spec: Spec): string[] {
  const second = secondName(spec);
  const made = ['objstore-config', 'preflight-config', 's3-ca-cert', 's3-credentials', 'objstore-to-config'];
  return [
    ...Object.values(NAMES).filter((name) => name !== NAMES.serviceAccount),
    ...Object.values(SECOND),
    ...CACHES.flatMap((cache) => Object.values(cacheNames(cache))),
    TRACING,
    ...made.flatMap((end) => [`${spec.name}-${end}`, `${second}-${end}`]),
  ];
}

/** Names of the objects that something seen comes from. */
export function namesIn({ files, env }: Seen): string[] {
  return [...files.values(), ...env.values()].flatMap(
    (source) => /^(?:Secret|ConfigMap|Claim)\/([^/]+)\//.exec(source)?.[1] ?? [],
  );
}
