import type { EnvVar, Volume, VolumeMount } from '../support/k8s';
import { argLiteral } from '../support/escape';
import type { Identity } from '../support/identity';
import { thanosYaml } from '../support/yaml';
import type { Extras } from './kind';
import { type Arg, written } from './option';

/** Which cache of a component it is: part of the names of its variables, volumes and paths. */
export type CacheName = 'index-cache' | 'caching-bucket' | 'response-cache' | 'label-cache';

/** Where a cache is used. */
export interface CacheSite {
  readonly cache: CacheName;
  readonly identity: Identity;
  readonly replicas: number;
  /** Where the bucket's CA lies; undefined without one. */
  readonly bucketCa?: string;
}

/** A cache, as the pods of a component take it. */
export interface CachePlan {
  /** The config, not written yet. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly env?: readonly EnvVar[];
  readonly volumes?: readonly Volume[];
  readonly mounts?: readonly VolumeMount[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Something that can be planned for a site. */
export interface Planned {
  _plan(site: CacheSite): CachePlan;
}

/** A cache, where there is one, and where it is used. */
export type CacheUse = readonly [Planned | undefined, CacheSite];

/**
 * The config of a cache as the value of flags. It stands in the arguments: what is secret in it is the name of a variable,
 * written so that Thanos fills it in, not the kubelet, which would put the secret itself into the arguments.
 */
export function cacheArgs(flags: readonly string[], cache: Planned | undefined, site: CacheSite): Arg[] {
  const text = cache && argLiteral(thanosYaml(cache._plan(site).config));
  return flags.flatMap((name) => written(name, text));
}

/** What caches bring into the pods besides. */
export function cacheExtras(caches: readonly CacheUse[]): Extras {
  const plans = caches.flatMap(([cache, site]) => (cache ? [cache._plan(site)] : []));
  return {
    env: plans.flatMap(({ env = [] }) => env),
    volumes: plans.flatMap(({ volumes = [] }) => volumes),
    mounts: plans.flatMap(({ mounts = [] }) => mounts),
    annotations: Object.assign({}, ...plans.map(({ annotations = {} }) => annotations)) as Record<string, string>,
  };
}
