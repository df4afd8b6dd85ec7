import type { Reference } from '../../manifest/pod-specs';
import { holdsPrivateKey } from '../../pki/certificate';
import { caRefs, isNamed, isSystem } from '../ca-mounts';
import type { Hit, Rule } from '../finding';
import { type Holding, holdings, referencesOf } from '../holdings';
import { content, keys } from '../manifest-object';
import type { Container, Pod } from '../pod';
import type { World } from '../world';
import { CHECKSUM_ANNOTATION } from '../../support/labels';

export const caOutside: Rule = {
  id: 'ca-outside',
  severity: 'error',
  about: 'the CA is in a container without an objstore flag: an error in one of Thanos, else a warning',
  check: (world) => outside(world, ['CA']),
};

export const keysOutside: Rule = {
  id: 'keys-outside',
  severity: 'error',
  about:
    'keys or objstore config are in a container without an objstore flag: an error in one of Thanos, else a warning',
  check: (world) => outside(world, ['keys', 'config']),
};

function outside(world: World, wanted: Holding[]): Hit[] {
  const held = holdings(world);
  return world.pods.flatMap((pod) =>
    pod.containers
      .filter((container) => world.usesOf(container).length === 0)
      .flatMap((container) => {
        const found = referencesOf(pod, container)
          .map((reference) => ({ reference, what: held(pod, reference) }))
          .filter(({ what }) => what !== undefined);
        if (letIn(container, found)) return [];
        return found
          .filter(({ reference, what }) => wanted.includes(what!) && !usedOtherwise(container, reference, what!))
          .filter(({ reference, what }) => container.thanos || what !== 'CA' || !isTheirs(world, pod, reference))
          .map(({ reference, what }) => hit(container, reference, what!));
      }),
  );
}

/** Another program that reads objstore.yml, or a pod that ObjstoreConfig.grantTo() let in. */
function letIn(container: Container, found: { reference: Reference; what?: Holding }[]): boolean {
  if (container.thanos) return false;
  return (
    CHECKSUM_ANNOTATION in container.pod.annotations ||
    found.some(({ what, reference }) => what === 'config' && reference.volume)
  );
}

function hit(container: Container, { kind, name, path }: Reference, what: Holding): Hit {
  const named = { CA: "the S3 store's CA", keys: 'the S3 keys', config: 'the objstore config' }[what];
  return {
    object: container.pod.object,
    path,
    text: `gives container ${container.name} ${named} (${kind} ${name}), and it has no objstore flag`,
    fix: 'Remove it here; only receive, compact, store, rule, sidecar and bucket tools open the bucket',
    severity: container.thanos && what !== 'config' ? undefined : 'warning',
  };
}

/** The same CA may serve another purpose, which an argument or env variable, or the place where it lies, then names. */
function usedOtherwise(container: Container, reference: Reference, what: Holding): boolean {
  if (what !== 'CA' || reference.volume === undefined) return false;
  const own = container.mounts.filter(({ volume }) => volume === reference.volume);
  return own.length > 0 && own.every((mount) => isSystem(mount) || isNamed(container, mount));
}

/** A server that mounts its own certificate, key and all; and of other programs' roots nobody need know. */
function isTheirs(world: World, pod: Pod, { kind, name }: Reference): boolean {
  const object = world.find(kind, pod.object.namespace, name);
  const isNamedByConfig = caRefs(world).some((ref) => ref.kind === kind && ref.name === name);
  return (
    !isNamedByConfig ||
    (object !== undefined && keys(object).some((key) => holdsPrivateKey(content(object, key) ?? '')))
  );
}
