import type { Extras } from './kind';

/** What a kind has besides, with what an option adds. */
export function joined(own: Extras, more: Extras): Extras {
  return {
    ...own,
    volumes: [...(own.volumes ?? []), ...(more.volumes ?? [])],
    mounts: [...(own.mounts ?? []), ...(more.mounts ?? [])],
    annotations: { ...own.annotations, ...more.annotations },
  };
}
