import type { Json } from '../../support/json';
import { list, text } from '../../lint/shape';
import { PORTS } from '../../support/identity';
import { apiData } from './api-page';
import { type CheckResult, fail, pass, skip, warn } from './result';
import type { Stack, ThanosPod } from './stack';

const CHECK = 'Query sees';
/** What serves the StoreAPI, and how Query calls it. */
const KINDS: Record<string, string> = {
  store: 'store gateway',
  receive: 'receiver',
  rule: 'ruler',
  sidecar: 'sidecar',
};
/** Query looks addresses up every 30 s, and DNS may be cached as long. */
const LOOKUP = 120_000;
const FIX = `See Query's --endpoint flags, the headless Services, and network policies for port ${PORTS.grpc}`;

/** Every StoreAPI of the stack is listed by each Query, without an error. */
export async function stores(stack: Stack): Promise<CheckResult[]> {
  const queries = stack.pods.filter(({ command }) => command === 'query');
  const serving = stack.pods.filter((pod) => pod.command in KINDS && !isRouter(pod));
  if (queries.length === 0) return [skip(CHECK, 'stack', 'there is no Query')];
  return (await Promise.all(queries.map((query) => storesOf(stack, query, serving)))).flat();
}

/** A receiver that only passes writes on: it has a ring, and is no member of it. */
function isRouter({ command, flags }: ThanosPod): boolean {
  const hasRing = flags.has('--receive.hashrings') || flags.has('--receive.hashrings-file');
  return command === 'receive' && hasRing && !flags.has('--receive.local-endpoint');
}

async function storesOf(stack: Stack, query: ThanosPod, serving: ThanosPod[]): Promise<CheckResult[]> {
  if (!query.running) return [skip(CHECK, query.name, 'its container is not running')];
  const answer = await apiData(stack, query, CHECK, { api: '/api/v1/stores' });
  if ('skipped' in answer) return [answer.skipped];
  const listed = listedStores(answer.data);
  const problems = serving.flatMap((pod) => missing(query, pod, listed, stack.now));
  if (problems.length > 0) return problems;
  return [pass(CHECK, query.name, serving.map(({ name }) => name).join(', ') || 'no StoreAPI is expected')];
}

/** A StoreAPI as Query tells of it. */
interface ListedStore {
  readonly address: string;
  readonly error: string;
}

/** What `/api/v1/stores` lists: a list for each kind. */
function listedStores(data: Record<string, Json>): ListedStore[] {
  return Object.values(data).flatMap((kind) =>
    list(kind).map((store) => ({ address: text(store.name), error: text(store.lastError) })),
  );
}

function missing(query: ThanosPod, pod: ThanosPod, listed: ListedStore[], now: Date): CheckResult[] {
  const entry = listed.find(({ address }) => address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') === pod.ip);
  const what = `${KINDS[pod.command]} ${pod.name}`;
  if (!entry) {
    const young = now.getTime() - new Date(text(pod.json.status?.startTime)).getTime() < LOOKUP;
    return [
      (young ? warn : fail)(CHECK, query.name, `does not list the ${what}${young ? ', which just started' : ''}`, FIX),
    ];
  }
  return entry.error === '' ? [] : [fail(CHECK, query.name, `lists the ${what} with an error: ${entry.error}`, FIX)];
}
