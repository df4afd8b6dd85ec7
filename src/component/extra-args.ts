import type { IConstruct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { isOwnImage, thanosMinor } from '../pod/image';
import type { ThanosPodOptions } from '../pod/thanos-pod-options';
import { checked, found } from '../support/problem';
import { requireSoundFlags } from './flag-rules';
import type { Flags } from './flags';

/**
 * Adds the users' own arguments, and refuses what the Thanos in the image does not know. An image of the users' own may
 * know more than the Thanos that this library was measured with: there an unknown flag is a warning.
 */
export function finishFlags(
  construct: IConstruct,
  flags: Flags,
  { extraArgs = [], image, schedule }: Pick<ThanosPodOptions, 'extraArgs' | 'image'> & { readonly schedule?: unknown },
): void {
  const unknown = checked(construct, 'extraArgs', () => flags.override(extraArgs, isOwnImage(image)));
  for (const name of unknown)
    appChecks(construct).warn(
      construct,
      'extraArgs',
      `${found(name)} is not a flag that this library knows; Thanos gets it`,
    );
  checked(construct, extraArgs.length > 0 ? 'extraArgs' : 'kind', () =>
    requireSoundFlags(flags.command, flags, schedule !== undefined),
  );
  checked(construct, 'image', () => flags.requireVersion(thanosMinor(image)));
}
