import { references } from '../../manifest/pod-specs';
import type { Json } from '../../support/json';
import { type KeyRef, fileAt } from '../../lint/files';
import { type ManifestObject, manifestObject } from '../../lint/manifest-object';
import type { Container, Pod } from '../../lint/pod';
import { at, list, text } from '../../lint/shape';
import { commandLine } from '../../graph/command-line';
import { World } from '../../lint/world';
import type { CommandLine } from '../../thanos/command-line';
import { PORTS } from '../../support/identity';
import { COMPONENT_LABEL, INSTANCE_LABEL } from '../../support/labels';
import { type Kubectl, NotAllowed } from '../kubectl';
import { CliProblem } from '../problem';

/** A pod in which Thanos runs. */
export interface ThanosPod {
  readonly name: string;
  readonly json: Json;
  readonly pod: Pod;
  readonly container: Container;
  /** `receive`, `tools bucket web`… */
  readonly command: string;
  /** The values of each flag, `--` included. */
  readonly flags: CommandLine['flags'];
  readonly ip: string;
  readonly httpPort: number;
  readonly https: boolean;
  /** Whether its pages want a password, which kubectl can't send. */
  readonly locked: boolean;
  /** Whether it opens the bucket: whether it has an objstore flag. */
  readonly granted: boolean;
  readonly running: boolean;
}

/** A stack as it runs. */
export interface Stack {
  readonly kubectl: Kubectl;
  /** Everything that was read, as the lint rules look at it. */
  readonly world: World;
  readonly pods: readonly ThanosPod[];
  readonly granted: readonly ThanosPod[];
  /** `ca_file` and where it is read from, by pod. */
  readonly ca: ReadonlyMap<ThanosPod, CaFile>;
  /** Pods that have ended: those of a preflight, say. */
  readonly ended: readonly Json[];
  /** Objects that could not be read, and why. */
  readonly unread: readonly string[];
  /** The same of the files of hashrings. */
  readonly unreadRings: readonly string[];
  readonly now: Date;
}

/** The CA of a pod. */
export interface CaFile {
  readonly path: string;
  readonly ref?: KeyRef;
}

/** Reads the pods of a namespace, and the configs and CAs that those of the stack use. */
export async function readStack(kubectl: Kubectl, instance: string | undefined, now: Date): Promise<Stack> {
  const { namespace } = kubectl.options;
  const all = list((await kubectl.get('pods'))?.items);
  const items = all.filter((item) => !finished(item));
  const live = items.map((item) => manifestObject('cluster', { ...item, apiVersion: 'v1', kind: 'Pod' }));
  const objects: ManifestObject[] = [...live];
  const [unread, unreadRings]: string[][] = [[], []];
  const there = thanosPods(new World(objects, now));
  // a stack whose preflight failed may have no other pods yet
  const over = all.filter((item) => finished(item) && (instance === undefined || instanceOf(item) === instance));
  const mine = there.length === 0 && over.some(isPreflight) ? [] : chosen(there, instance, namespace);
  const ended = over.filter((item) => mine.length === 0 || instanceOf(item) === instanceOf(mine[0].json));
  // first the configs, which then say where the CA is
  for (let round = 0; round < 2; round++) {
    const wanted = needed(new World(objects, now), mine, round);
    await Promise.all(wanted.map((ref) => fetch(kubectl, ref, objects, unread)));
  }
  const ofRings = absent(mine.flatMap((pod) => ringFile(new World(objects, now), pod)));
  await Promise.all(ofRings.map((ref) => fetch(kubectl, ref, objects, unreadRings)));
  const world = new World(objects, now);
  const names = new Set(mine.map(({ name }) => name));
  const pods = thanosPods(world).filter(({ name }) => names.has(name));
  const ca = new Map(pods.flatMap((pod) => caOf(world, pod).map((file) => [pod, file] as const)));
  return { kubectl, world, pods, granted: pods.filter((p) => p.granted), ca, ended, unread, unreadRings, now };
}

function instanceOf(pod: Json): string {
  return text(at(pod, 'metadata.labels')?.[INSTANCE_LABEL]);
}

/** Whether a pod is one that proves the bucket. */
export function isPreflight(pod: Json): boolean {
  return at(pod, 'metadata.labels')?.[COMPONENT_LABEL] === 'preflight';
}

/** A preflight Job's pod that is done, say. */
function finished(item: Json): boolean {
  return ['Succeeded', 'Failed'].includes(text(item.status?.phase));
}

function thanosPods(world: World): ThanosPod[] {
  return world.pods.flatMap((pod) => {
    const container = pod.containers.find((c) => c.thanos && !c.at.includes('initContainers'));
    if (!container) return [];
    const { json, name } = pod.object;
    const { command, flags } = commandLine(container);
    const status = list(json.status?.containerStatuses).find((s) => s.name === container.name);
    return [
      {
        ...{ name, json, pod, container, command, flags },
        ip: text(json.status?.podIP),
        httpPort: portOf(container, flags),
        ...webOf(container, flags),
        granted: world.usesOf(container).length > 0,
        running: status?.state?.running !== undefined,
      },
    ];
  });
}

function portOf({ json }: Container, flags: CommandLine['flags']): number {
  const flag = /:(\d+)$/.exec(flags.get('--http-address')?.at(-1) ?? '')?.[1];
  const named = list(json.ports).find((port) => port.name === 'http')?.containerPort;
  return Number(flag ?? named ?? PORTS.http);
}

/** What the flag of a web config, in which nobody need be able to look, does to the port: its probes know. */
function webOf({ json }: Container, flags: CommandLine['flags']): Pick<ThanosPod, 'https' | 'locked'> {
  if (!flags.has('--http.config')) return { https: false, locked: false };
  const page = json.readinessProbe?.httpGet;
  const named = list(page?.httpHeaders).some(({ name }) => text(name).toLowerCase() === 'authorization');
  return { https: page?.scheme === 'HTTPS', locked: page === undefined || named };
}

function chosen(pods: ThanosPod[], instance: string | undefined, namespace: string): ThanosPod[] {
  const of = (pod: ThanosPod): string => instanceOf(pod.json);
  const instances = [...new Set(pods.map(of))];
  const there = instances.filter((i) => i !== '').join(', ');
  if (pods.length === 0)
    throw new CliProblem(
      `no Thanos pod runs in namespace ${namespace}. Give --namespace, --context, or apply the manifests`,
    );
  if (instance === undefined && instances.length > 1)
    throw new CliProblem(`several stacks run in namespace ${namespace} (${there}). Choose one with --instance`);
  const mine = instance === undefined ? pods : pods.filter((pod) => of(pod) === instance);
  if (mine.length === 0)
    throw new CliProblem(`no pod of instance ${instance} in namespace ${namespace}; there: ${there}`);
  return mine;
}

/** In the first round the objects of the configs, in the second those of the CAs. */
function needed(world: World, mine: ThanosPod[], round: number): KeyRef[] {
  const names = new Set(mine.map(({ name }) => name));
  const pods = thanosPods(world).filter(({ name }) => names.has(name));
  const refs = pods.flatMap((pod) =>
    round === 0
      ? world.usesOf(pod.container).flatMap(({ ref }) => ref ?? [])
      : caOf(world, pod).flatMap(({ ref }) => ref ?? []),
  );
  return absent(refs);
}

/** What was not read yet, each object once. */
function absent(refs: readonly KeyRef[]): KeyRef[] {
  const missing = refs.filter(({ object }) => object === undefined);
  return [...new Map(missing.map((ref) => [`${ref.kind}/${ref.name}`, ref])).values()];
}

/** Where a receiver reads its hashring from, by its spec. */
export function ringFile(world: World, { command, container, flags }: ThanosPod): KeyRef[] {
  if (command !== 'receive') return [];
  const [file] = flags.get('--receive.hashrings-file') ?? [];
  if (file === undefined) return [];
  const found = fileAt(world, container, file);
  return found.state === 'found' || found.state === 'key-missing' ? [found.ref] : [];
}

async function fetch(kubectl: Kubectl, ref: KeyRef, objects: ManifestObject[], unread: string[]): Promise<void> {
  const { kind, name } = ref;
  try {
    const json = await kubectl.get(kind.toLowerCase(), name, '--show-managed-fields');
    if (json) objects.push(manifestObject('cluster', json));
    else unread.push(`${kind} ${name} does not exist`);
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    unread.push(`${kind} ${name} can't be read (${error.message})`);
  }
}

function caOf(world: World, { container }: ThanosPod): CaFile[] {
  const [file] = world
    .usesOf(container)
    .map(({ config }) => text(config?.tls.ca_file))
    .filter((path) => path !== '' && !path.includes('$('));
  if (file === undefined) return [];
  const found = fileAt(world, container, file);
  return [{ path: file, ref: found.state === 'found' || found.state === 'key-missing' ? found.ref : undefined }];
}

/** Whether a pod refers to an object, by mount or env. */
export function refersTo(pod: Pod, { kind, name }: KeyRef): boolean {
  return references(pod.found).some((r) => r.kind === kind && r.name === name);
}
