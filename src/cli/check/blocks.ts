import type { Json } from '../../support/json';
import { isMap, list, text } from '../../lint/shape';
import { apiData } from './api-page';
import { type CheckResult, pass, skip, warn } from './result';
import type { Stack, ThanosPod } from './stack';

const CHECK = 'blocks in the bucket';
/** Who lists the bucket, in the order in which they are asked, and by which view. A store gateway shows what it loaded. */
const VIEWS: readonly (readonly [command: string, view: string])[] = [
  ['compact', 'global'],
  ['tools bucket web', 'global'],
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
  const answer = await apiData(stack, pod, CHECK, { api: '/api/v1/blocks', query: `?view=${view}` });
  if ('skipped' in answer) return [answer.skipped];
  const { blocks: all, err } = answer.data;
  return [describe(pod, list(all).map(blockOf), text(err))];
}

/** A block as Thanos tells of it. */
interface Block {
  readonly ulid: string;
  readonly end: number;
  readonly labels: string;
}

function blockOf({ ulid, maxTime, thanos }: Json): Block {
  const labels = isMap(thanos?.labels) ? thanos.labels : {};
  const shown = Object.entries(labels).map(([name, value]) => `${name}="${String(value)}"`);
  return { ulid: text(ulid), end: Number(maxTime) || 0, labels: shown.join(',') };
}

function describe({ name }: ThanosPod, all: readonly Block[], error: string): CheckResult {
  if (error !== '') return warn(CHECK, name, `could not list them: ${error}`, 'Its log says why');
  if (all.length === 0) return pass(CHECK, name, 'none yet: the first is due 2 to 3 h after the first sample');
  const newest = [...all].sort((a, b) => b.end - a.end).slice(0, SHOWN);
  const shown = newest.map(({ ulid, end, labels }) => `${ulid} until ${new Date(end).toISOString()} {${labels}}`);
  return pass(CHECK, name, `${all.length}, the newest: ${shown.join('; ')}`);
}
