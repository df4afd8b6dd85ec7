import { holdsPrivateKey } from '../../pki/certificate';
import type { KeyRef } from '../files';
import { sourcesOf } from '../files';
import { caRefs } from '../ca-mounts';
import type { Hit, Rule } from '../finding';
import { content, keys } from '../manifest-object';
import type { World } from '../world';

export const caPrivateKey: Rule = {
  id: 'ca-private-key',
  severity: 'error',
  about: 'a private key beside the CA: an error where pods mount it, else a warning',
  check: (world) => distinct(caRefs(world)).flatMap((ref) => privateKeys(world, ref)),
};

function distinct(refs: KeyRef[]): KeyRef[] {
  return [...new Map(refs.map((ref) => [ref.object, ref])).values()];
}

function privateKeys(world: World, { object }: KeyRef): Hit[] {
  if (object === undefined) return [];
  return keys(object)
    .filter((key) => holdsPrivateKey(content(object, key) ?? ''))
    .map((key) => {
      const mounted = shown(world, object.kind, object.name, object.namespace, key);
      return {
        object,
        path: `data["${key}"]`,
        text: mounted ? 'is a private key, and pods mount it with the CA' : 'is a private key beside the CA',
        fix: 'Keep the CA certificate alone in this object; whoever has the key can sign for every server',
        severity: mounted ? undefined : 'warning',
      };
    });
}

/** Whether a volume shows the key as a file: `items` can leave it out. */
function shown(world: World, kind: string, name: string, namespace: string, key: string): boolean {
  return world.containers
    .filter(({ pod }) => pod.object.namespace === namespace || pod.object.namespace === '' || namespace === '')
    .some((container) =>
      container.mounts
        .flatMap((mount) => sourcesOf(world, container, mount.volume))
        .some((s) => s.kind === kind && s.name === name && (!s.items || s.items.some((i) => i.key === key))),
    );
}
