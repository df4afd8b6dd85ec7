import type { Grant } from './grant';

/** A folder that nobody writes to: listing it proves the bucket without reading every block's meta.json. */
export const UNUSED_PREFIX = 'cdk8s-thanos-preflight';

/**
 * The Grant of a preflight: the same CA, keys and paths as the components, with its own copy of the config. Where the CA's
 * object is missing the pod starts nevertheless, and the tool says so, instead of waiting without a word.
 */
export function preflightGrant(grant: Grant, configMapName?: string): Grant {
  const own =
    configMapName === undefined
      ? grant
      : grant.replacing('config', (volume) => ({ ...volume, configMap: { ...volume.configMap, name: configMapName } }));
  return own.replacing('ca', ({ secret, configMap, ...volume }) =>
    secret
      ? { ...volume, secret: { ...secret, optional: true } }
      : { ...volume, configMap: { ...configMap, optional: true } },
  );
}
