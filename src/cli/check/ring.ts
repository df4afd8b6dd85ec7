import { createHash } from 'node:crypto';
import { type KeyRef, textOf } from '../../lint/files';
import { groupBy } from '../../support/group-by';
import { metricsPage, parseMetrics } from './metrics';
import { dataChanged } from './pods';
import { type CheckResult, fail, pass, skip, warn } from './result';
import { ringFile, type Stack, type ThanosPod } from './stack';

const CHECK = 'ring in step';
const HASH = 'thanos_receive_config_hash';
const LOADED = 'thanos_receive_config_last_reload_successful';
/** The kubelet syncs a ConfigMap within a minute or so, and Thanos polls the file each minute. */
const PATIENCE = 180_000;
const FIX = 'If it stays so for more than three minutes, see the log of the pod for "hashring", then restart it';

/** What a receiver or router runs. */
interface Running {
  readonly pod: ThanosPod;
  readonly hash: number | undefined;
  readonly loaded: boolean;
}

/** A file of rings, and who reads it. */
interface RingFile {
  /** `ConfigMap name, key`. */
  readonly title: string;
  readonly ref: KeyRef;
  readonly pods: readonly ThanosPod[];
}

/** Every receiver and router runs the hashring that its ConfigMap holds, and all of one ConfigMap the same. */
export async function rings(stack: Stack): Promise<CheckResult[]> {
  const members = stack.pods.flatMap((pod) => ringFile(stack.world, pod).map((ref) => ({ pod, ref })));
  const files = [...groupBy(members, ({ ref }) => `${ref.kind} ${ref.name}, ${ref.key}`)].map(
    ([title, of]): RingFile => ({ title, ref: of[0].ref, pods: of.map(({ pod }) => pod) }),
  );
  return (await Promise.all(files.map((file) => ringOf(stack, file)))).flat();
}

async function ringOf(stack: Stack, file: RingFile): Promise<CheckResult[]> {
  const read = await Promise.all(file.pods.map((pod) => running(stack, pod)));
  const known = read.filter((one): one is Running => !('result' in one));
  const bad = known.flatMap((one) => judged(stack, file, one, known));
  const skipped = read.filter((one): one is CheckResult => 'result' in one);
  return bad.length > 0 || known.length === 0 ? [...bad, ...skipped] : [inStep(stack, file, known.length), ...skipped];
}

async function running(stack: Stack, pod: ThanosPod): Promise<Running | CheckResult> {
  if (!pod.running) return skip(CHECK, pod.name, 'its container is not running');
  const page = await metricsPage(stack, pod);
  if ('skipped' in page) return skip(CHECK, pod.name, page.skipped);
  const samples = parseMetrics(page.text);
  const value = (name: string): number | undefined => samples.find((sample) => sample.name === name)?.value;
  return { pod, hash: value(HASH), loaded: value(LOADED) !== 0 };
}

function judged({ now }: Stack, { title, ref }: RingFile, one: Running, all: readonly Running[]): CheckResult[] {
  const { name } = one.pod;
  if (!one.loaded) {
    const fix = 'Its log says what is wrong with the file; correct it';
    return [fail(CHECK, name, `could not load ${title}, and goes on with the ring of before`, fix)];
  }
  const text = textOf(ref);
  if (text === undefined ? one.hash === mostCommon(all) : isHash(one.hash, text)) return [];
  const changed = ref.object && dataChanged(ref.object.json);
  const young = changed !== undefined && now.getTime() - changed.getTime() < PATIENCE;
  const detail = `runs another ring than ${text === undefined ? 'most others' : `${title} holds`}`;
  return [(young ? warn : fail)(CHECK, name, young ? `${detail}, which was just changed` : detail, FIX)];
}

function inStep({ unreadRings }: Stack, { title, ref, pods }: RingFile, known: number): CheckResult {
  const who = pods.length === 1 ? pods[0].name : `${known} receivers and routers`;
  if (textOf(ref) !== undefined) return pass(CHECK, who, `the ring of ${title}`);
  const why = unreadRings.find((line) => line.startsWith(`${ref.kind} ${ref.name} `)) ?? `${title} is not there`;
  return pass(CHECK, who, `all the same ring; whether it is that of ${title} is not known: ${why}`);
}

/** What Thanos makes of its file: the first six bytes of a digest, little-endian (hashAsMetricValue of pkg/receive/config.go). */
export function ringHash(file: string, digest: 'sha256' | 'md5' = 'sha256'): number {
  return createHash(digest).update(file).digest().readUIntLE(0, 6);
}

/** MD5 is that of releases before v0.41. */
function isHash(hash: number | undefined, file: string): boolean {
  return hash === ringHash(file) || hash === ringHash(file, 'md5');
}

function mostCommon(running: readonly Running[]): number | undefined {
  return [...groupBy(running, ({ hash }) => hash)].sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
