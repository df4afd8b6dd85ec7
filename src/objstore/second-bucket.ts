import type { EnvVar } from '../support/k8s';
import { SECOND_PREFIX, secondTokens, secretToken } from '../support/env-token';
import { InputProblem } from '../support/problem';
import type { GrantPart } from './grant';
import type { ObjectStore, ObjstoreDocument } from './object-store';
import { secondPath } from './paths';

/** What opening a bucket takes in a pod that opens another one too: other paths, variables and volumes. */
export interface SecondBucket {
  readonly document: ObjstoreDocument;
  readonly parts: readonly GrantPart[];
  readonly env: readonly EnvVar[];
}

/**
 * The bucket as the second of a pod. Refuses what Thanos reads from the process: it would take the keys of the first bucket
 * to the second one's server.
 */
export function secondBucket({ document, parts, env, keyVariables, serviceAccountName }: ObjectStore): SecondBucket {
  if ('own' in document)
    throw new InputProblem(
      'names files and variables in an objstore.yml of yours, which are those of the source here. Give its options instead',
    );
  const process = env.find(({ valueFrom }) => valueFrom === undefined)?.name ?? serviceAccountName;
  if (process !== undefined || keyVariables === undefined)
    throw new InputProblem(
      'must have its keys in a Secret (S3Credentials.fromSecretName): variables, files and accounts of the pod open the source',
    );
  const keys = Object.entries(keyVariables).map(([key, variable]) => [key, secretToken(SECOND_PREFIX + variable)]);
  return {
    document: {
      ...document,
      config: (oneTry) => ({ ...(moved(document.config(oneTry)) as object), ...Object.fromEntries(keys) }),
    },
    parts: parts.map((part) => secondPart(part)),
    env: env.map((variable) => ({ ...variable, name: SECOND_PREFIX + variable.name })),
  };
}

/** A part in the place that it has for the second bucket. */
export function secondPart({ volume, mountPath, ...part }: GrantPart): GrantPart {
  return { ...part, volume: { ...volume, name: `to-${volume.name}` }, mountPath: secondPath(mountPath) };
}

/** The values of a config with other paths and variables. */
function moved(value: unknown): unknown {
  if (typeof value === 'string') return secondPath(secondTokens(value));
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, moved(one)]));
}
