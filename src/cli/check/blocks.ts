import type { Json } from '../../manifest/pod-specs';
import { isMap, list, text } from '../../lint/shape';
import { type CheckResult, pass, skip, warn } from './result';
import type { Stack, ThanosPod } from './stack';

const CHECK = 'blocks in the bucket';
/** Who lists the bucket, in the order in which they are asked, and by which view. A store gateway shows what it loaded. */
const VIEWS: readonly (readonly [command: string, view: string])[] = [
  ['compact', 'global'],
  ['tools', 'global'],
  ['store', 'loaded'],
];
const SHOWN = 3;

/** The newest blocks of the bucket, as the compactor, the bucket's web page or a store gateway sees them. */
export async function blocks(stack: Stack): Promise<CheckResult[]> {
  const [teller] = VIEWS.flatMap(([command, view]) =>
    stack.pods.filter((pod) => pod.command === command && pod.running).map((pod) => ({ pod, view })),
  );
  if (teller === undefined) return [skip(CHECK, 'stack', 'there is no running compactor, bucket web or store gateway')];
  const { pod, view } = teller;
  const { ok, out, error } = await stack.kubectl.page(pod.name, pod.httpPort, `/api/v1/blocks?view=${view}`);
  if (!ok) return [skip(CHECK, pod.name, `its /api/v1/blocks can't be read (${error})`)];
  const listed = listedBlocks(out.toString('utf8'));
  if (listed === undefined) return [skip(CHECK, pod.name, 'its /api/v1/blocks is not JSON')];
  return [describe(pod, listed)];
}

/** A block as Thanos tells of it. */
interface Block {
  readonly ulid: string;
  readonly end: number;
  readonly labels: string;
}

interface Listed {
  readonly blocks: readonly Block[];
  readonly error: string;
}

function listedBlocks(answer: string): Listed | undefined {
  try {
    const { data }: Json = JSON.parse(answer);
    if (!isMap(data)) return undefined;
    return { blocks: list(data.blocks).map(blockOf), error: text(data.err) };
  } catch {
    return undefined;
  }
}

function blockOf({ ulid, maxTime, thanos }: Json): Block {
  const labels = isMap(thanos?.labels) ? thanos.labels : {};
  const shown = Object.entries(labels).map(([name, value]) => `${name}="${String(value)}"`);
  return { ulid: text(ulid), end: Number(maxTime) || 0, labels: shown.join(',') };
}

function describe({ name }: ThanosPod, { blocks: all, error }: Listed): CheckResult {
  if (error !== '') return warn(CHECK, name, `could not list them: ${error}`, 'Its log says why');
  if (all.length === 0) return pass(CHECK, name, 'none yet: the first is due 2 to 3 h after the first sample');
  const newest = [...all].sort((a, b) => b.end - a.end).slice(0, SHOWN);
  const shown = newest.map(({ ulid, end, labels }) => `${ulid} until ${new Date(end).toISOString()} {${labels}}`);
  return pass(CHECK, name, `${all.length}, the newest: ${shown.join('; ')}`);
}
