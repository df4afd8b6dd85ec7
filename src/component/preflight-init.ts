import type { Container, Volume } from '../support/k8s';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { containerImage, thanosMinor } from '../pod/image';
import { orNone } from '../pod/or-none';
import { resourceRequirements } from '../pod/resources';
import { RESTRICTED_CONTAINER } from '../pod/security';
import type { ThanosPodOptions } from '../pod/thanos-pod-options';
import { within } from '../support/table';
import { PREFLIGHT_REQUESTS, preflightFlags } from './preflight';

const VOLUME = 'preflight-config';

/** An init container that proves the bucket before Thanos starts, and the volume of its config. */
export function preflightInit(
  objstore: ObjstoreConfig,
  options: ThanosPodOptions,
): { container: Container; volume: Volume } {
  const grant = objstore._preflight().replacing('config', (volume) => ({ ...volume, name: VOLUME }));
  const flags = preflightFlags(grant);
  within('image', () => flags.requireVersion(thanosMinor(options.image)));
  const container = {
    name: 'preflight',
    ...containerImage(options.image),
    args: flags.toArgs(),
    env: orNone([...grant.env]),
    // the limits are the pod's anyway, and a namespace with a quota wants them of every container
    resources: resourceRequirements({ limits: options.resources?.limits }, PREFLIGHT_REQUESTS),
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [...grant.mounts],
  };
  return { container, volume: grant.part('config')!.volume };
}
