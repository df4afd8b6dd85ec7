import { createPublicKey, type KeyObject } from 'node:crypto';
import { holdsPrivateKey } from '../../pki/certificate';
import { certificatesIn } from '../../pki/pem';
import type { KeyRef } from '../files';
import { sourcesOf } from '../files';
import { caRefs } from '../ca-mounts';
import type { Hit, Rule } from '../finding';
import { content, keys, type ManifestObject } from '../manifest-object';
import type { Container } from '../pod';
import type { World } from '../world';

export const caPrivateKey: Rule = {
  id: 'ca-private-key',
  severity: 'error',
  about: 'a private key beside the CA: an error where a container of Thanos mounts it, else a warning',
  check: (world) => distinct(caRefs(world)).flatMap((ref) => privateKeys(world, ref)),
};

function distinct(refs: KeyRef[]): KeyRef[] {
  return [...new Map(refs.map((ref) => [ref.object, ref])).values()];
}

function privateKeys(world: World, { object }: KeyRef): Hit[] {
  if (object === undefined) return [];
  return keys(object)
    .filter((key) => holdsPrivateKey(content(object, key) ?? ''))
    .flatMap((key): Hit[] => {
      const shown = containersWith(world, object, key);
      const mounted = shown.some(({ thanos }) => thanos);
      const of = ownerOf(object, content(object, key)!);
      // a server's key lies beside its certificate, and the server mounts it: only Thanos must not
      if (!mounted && of === 'server') return [];
      const power = of === 'server' ? 'can pose as the server' : 'can sign for every server';
      return [
        {
          object,
          path: `data["${key}"]`,
          text: mounted
            ? 'is a private key, and pods of Thanos mount it with the CA'
            : 'is a private key beside the CA',
          fix: mounted
            ? `Show the CA alone with items, or keep it in an object of its own; whoever has the key ${power}`
            : `Keep the CA certificate alone in this object; whoever has the key ${power}`,
          severity: mounted ? undefined : 'warning',
        },
      ];
    });
}

/** Containers in which a volume shows the key as a file: `items` can leave it out. */
function containersWith(world: World, { kind, name, namespace }: ManifestObject, key: string): Container[] {
  return world.containers
    .filter(({ pod }) => pod.object.namespace === namespace || pod.object.namespace === '' || namespace === '')
    .filter((container) =>
      container.mounts
        .flatMap((mount) => sourcesOf(world, container, mount.volume))
        .some((s) => s.kind === kind && s.name === name && (!s.items || s.items.some((i) => i.key === key))),
    );
}

/** Whose key it is: of a certificate beside it that is no CA, or, as far as anybody can tell, the CA's. */
function ownerOf(object: ManifestObject, key: string): 'server' | 'ca' {
  const own = publicKeyOf(key);
  const certificate = keys(object)
    .flatMap((other) => certificatesIn(content(object, other) ?? ''))
    .find(({ publicKey }) => own !== undefined && spki(publicKey).equals(own));
  return certificate !== undefined && !certificate.ca ? 'server' : 'ca';
}

function publicKeyOf(privateKey: string): Buffer | undefined {
  try {
    return spki(createPublicKey(privateKey));
  } catch {
    return undefined;
  }
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}
