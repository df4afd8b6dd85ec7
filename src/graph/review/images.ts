import { label } from '../../lint/manifest-object';
import { text } from '../../lint/shape';
import type { World } from '../../lint/world';
import { groupBy } from '../../support/group-by';

/** An image, and who runs it. */
export interface ImageLine {
  /** Without its digest; empty where an operator chooses it. */
  readonly image: string;
  /** Tag; empty where there is none. */
  readonly version: string;
  readonly digest: string;
  readonly thanos: boolean;
  /** `Kind namespace/name, container`. */
  readonly users: readonly string[];
}

/** The images of all containers, Thanos' first. */
export function imagesOf(world: World): ImageLine[] {
  const grouped = [...groupBy(world.containers, ({ json }) => text(json.image))];
  const all = grouped.map(([image, containers]): ImageLine => {
    const users = containers.map(({ pod, name }) => `${label(pod.object)}, ${name}`);
    return { ...parts(image), thanos: containers.some(({ thanos }) => thanos), users: [...new Set(users)] };
  });
  return all.sort((a, b) => Number(b.thanos) - Number(a.thanos));
}

/** Name, tag and digest of an image; the port of a registry is neither. */
function parts(image: string): Pick<ImageLine, 'image' | 'version' | 'digest'> {
  const [named, digest = ''] = image.split('@');
  const version = /:([^:/]+)$/.exec(named)?.[1] ?? '';
  return { image: named, version, digest };
}
