import { type Holding, KEY_ENV, holdings, referencesOf } from '../../lint/holdings';
import type { ManifestObject } from '../../lint/manifest-object';
import { wirings } from '../../lint/ca-mounts';
import type { Container, Pod } from '../../lint/pod';
import { list, text } from '../../lint/shape';
import type { World } from '../../lint/world';
import type { Reference } from '../../manifest/pod-specs';
import { groupBy } from '../../support/group-by';
import { bucketOf } from '../bucket';
import { commandLine } from '../command-line';

/** What a workload holds of what opens a bucket, and from where it has it. */
export interface GrantLine {
  readonly object: ManifestObject;
  /** `thanos receive`; empty where Thanos does not run in it. */
  readonly runs: readonly string[];
  /** The buckets that it opens, and the flag or field by which. */
  readonly opens: readonly string[];
  readonly held: Readonly<Record<Holding, readonly string[]>>;
}

/** A line for each workload that runs Thanos or holds something, and how many there are besides. */
export function grantLines(world: World): { readonly lines: readonly GrantLine[]; readonly others: number } {
  const bring = holdings(world);
  const all = [...groupBy(world.pods, ({ object }) => object)].map(([object, pods]) =>
    lineOf(world, object, pods, bring),
  );
  const lines = all.filter((line) => line.runs.length > 0 || holdsAny(line) || line.opens.length > 0);
  return { lines, others: all.length - lines.length };
}

/** Whether it holds the CA, the config or the keys. */
export function holdsAny({ held }: GrantLine): boolean {
  return Object.values(held).some((from) => from.length > 0);
}

type Bring = ReturnType<typeof holdings>;

function lineOf(world: World, object: ManifestObject, pods: readonly Pod[], bring: Bring): GrantLine {
  const containers = pods.flatMap((pod) => pod.containers);
  const runs = containers.filter(({ thanos }) => thanos).map((one) => `thanos ${commandLine(one).command}`.trim());
  const opens = containers.flatMap((one) => world.usesOf(one).map((use) => `${bucketOf(use).title}, by ${use.flag}`));
  const found = containers.flatMap((one) => heldBy(world, one, bring));
  const of = (what: Holding): string[] => once(found.filter(([held]) => held === what).map(([, from]) => from));
  return {
    object,
    runs: once(runs),
    opens: once(opens),
    held: { CA: of('CA'), config: of('config'), keys: of('keys') },
  };
}

type Held = readonly [what: Holding, from: string];

function heldBy(world: World, container: Container, bring: Bring): Held[] {
  const { pod } = container;
  const named = referencesOf(pod, container).flatMap((reference): Held[] => {
    const what = bring(pod, reference);
    return what === undefined ? [] : [[what, `${reference.kind} ${reference.name}, ${wayOf(container, reference)}`]];
  });
  const files = wirings(world).filter((wiring) => wiring.container === container);
  const unnamed = files.flatMap(({ used }) =>
    used
      .filter(({ ref }) => ref === undefined)
      .map(({ file }): Held => ['CA', `${file}, of a volume that the manifests don't show`]),
  );
  return [...named, ...unnamed, ...literals(world, container)];
}

/** How a reference reaches a container. */
function wayOf(container: Container, { volume }: Reference): string {
  if (volume === undefined) return 'as env';
  const paths = container.mounts.filter((mount) => mount.volume === volume).map(({ mountPath }) => mountPath);
  return `at ${once(paths).join(', ')}`;
}

/** Configs and keys that stand in the manifest of the workload itself. */
function literals(world: World, container: Container): Held[] {
  const env = list(container.json.env).filter(
    ({ name, value }) => KEY_ENV.test(text(name)) && typeof value === 'string',
  );
  const uses = world.usesOf(container);
  return [
    ...uses
      .filter(({ via, ref }) => via === 'argument' && ref === undefined)
      .map(({ flag }): Held => ['config', `written into ${flag}`]),
    ...uses
      .filter(({ via, config }) => via === 'argument' && config?.keys === 'literal')
      .map(({ flag }): Held => ['keys', `written into ${flag}`]),
    ...env.map(({ name }): Held => ['keys', `written into env ${text(name)}`]),
  ];
}

function once(all: readonly string[]): string[] {
  return [...new Set(all)];
}
