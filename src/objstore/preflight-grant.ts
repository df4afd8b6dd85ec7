import { partJson, type Volume } from '../support/k8s';
import type { ObjstoreOptions } from '../input/s3-options';
import type { Grant } from './grant';
import { objstoreYaml } from './objstore-yaml';

/** A folder that nobody writes to: listing it proves the bucket without reading every block's meta.json. */
export const UNUSED_PREFIX = 'cdk8s-thanos-preflight';

/** objstore.yml for a quick proof: one try of one cheap LIST, instead of ten of them over all blocks. */
export function preflightYaml(s3: ObjstoreOptions): string {
  const prefix = [(s3.prefix ?? '').replace(/^\/+|\/+$/g, ''), UNUSED_PREFIX].filter((part) => part !== '').join('/');
  return objstoreYaml({ ...s3, prefix, maxRetries: 1 });
}

/**
 * The Grant of a preflight: the same CA, keys and paths as the components, with its own copy of the config. Where the CA's
 * object is missing the pod starts nevertheless, and the tool says so, instead of waiting without a word.
 */
export function preflightGrant(grant: Grant, configMapName: string): Grant {
  const volumes = grant.volumes.map((volume) => preflightVolume(volume, configMapName));
  const mounts = grant.facts.mounts.map(({ path }, i) => ({ volume: partJson(volumes[i]), path }));
  return { ...grant, volumes, facts: { ...grant.facts, mounts } };
}

function preflightVolume(volume: Volume, configMapName: string): Volume {
  if (volume.name === 'objstore-config') return { ...volume, configMap: { ...volume.configMap, name: configMapName } };
  if (volume.name !== 's3-ca-cert') return volume;
  const { secret, configMap } = volume;
  return secret
    ? { ...volume, secret: { ...secret, optional: true } }
    : { ...volume, configMap: { ...configMap, optional: true } };
}
