import type { IConstruct } from 'constructs';
import { requireSameCluster, requireSameNamespace } from '../app/same-app';
import type { Grant } from '../objstore/grant';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import type { EnvVar, Volume, VolumeMount } from '../support/k8s';
import { InputProblem } from '../support/problem';

/** What the second Grant brings into a pod beside the first. */
export interface SecondGrant {
  readonly env: EnvVar[];
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
  readonly annotations: Record<string, string>;
}

/** The second Grant as a pod takes it. */
export function secondGrant({ env, volumes, mounts, checksum, facts }: Grant): SecondGrant {
  return {
    env: [...env],
    volumes: [...volumes],
    mounts: [...mounts],
    annotations: { [facts.checksumAnnotation]: checksum },
  };
}

/** Refuses two buckets that are one, or of which a pod can't mount the second. */
export function requireTwoBuckets(construct: IConstruct, source: ObjstoreConfig, destination: ObjstoreConfig): void {
  requireSameCluster(construct, destination);
  if (source.bucketId === destination.bucketId)
    throw new InputProblem(`is the same bucket as the source (${source.bucketId}). Give another one`);
  requireSameNamespace(source.namespace, destination);
}
