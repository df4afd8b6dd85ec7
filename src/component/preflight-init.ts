import type { Container, Volume } from '../support/k8s';
import type { Construct } from 'constructs';
import { CONFIG_DIRECTORY } from '../objstore/paths';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { checked } from '../support/problem';
import { imageReference, THANOS_REPOSITORY, THANOS_TAG } from '../pod/image';
import { orNone } from '../pod/or-none';
import type { ComponentOptions } from '../pod/pod-options';
import { RESTRICTED_CONTAINER } from '../pod/pod';
import { preflightFlags } from './preflight';

const VOLUME = 'preflight-config';

/** An init container that proves the bucket before Thanos starts, and the volume of its config. */
export function preflightInit(
  scope: Construct,
  objstore: ObjstoreConfig,
  options: ComponentOptions,
): { container: Container; volume: Volume } {
  const grant = objstore._preflight();
  const config = grant.volumes.find((volume) => volume.name === 'objstore-config')!;
  const mounts = grant.mounts.map((m) => (m.mountPath === CONFIG_DIRECTORY ? { ...m, name: VOLUME } : m));
  const container = {
    name: 'preflight',
    image: checked(scope, 'image', () => imageReference(options.image ?? {}, THANOS_REPOSITORY, THANOS_TAG)),
    args: preflightFlags(scope, grant.flag).toArgs(),
    env: orNone(grant.env),
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: mounts,
  };
  return { container, volume: { ...config, name: VOLUME } };
}
