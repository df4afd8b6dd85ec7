import type { CacheName } from './spec-parts';

/** Names of the Secrets and ConfigMaps of the bucket that a spec refers to. */
export const NAMES = {
  ca: 'given-ca',
  keys: 'given-keys',
  client: 'given-client-certificate',
  customerKey: 'given-customer-key',
  serviceAccount: 'given-identity',
  /** An objstore.yml that exists. */
  objstore: 'given-objstore',
  /** The claim of a filesystem store. */
  claim: 'given-claim',
};

/** The same of the bucket that is copied to. */
export const SECOND = {
  ca: 'other-ca',
  keys: 'other-keys',
  client: 'other-client-certificate',
  customerKey: 'other-customer-key',
};

/** The same of what the ports serve, which is none of the bucket's. */
export const GRPC = { certificate: 'given-grpc' };
export const HTTP = { certificate: 'given-http', web: 'given-web', login: 'given-login' };

export const TRACING = 'given-tracing';

/** Which component a pod is of: the receivers of a ring have its name in the label. */
export function componentOf(labels: Readonly<Record<string, string>>): string | undefined {
  return labels['app.kubernetes.io/component']?.replace(/-ring\d$/, '');
}

/** What a cache is asked with. */
export const cacheNames = (cache: CacheName) => ({
  password: `given-${cache}-password`,
  ca: `given-${cache}-ca`,
  client: `given-${cache}-client`,
});
