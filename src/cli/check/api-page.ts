import type { Json } from '../../support/json';
import { withoutEndSlashes } from '../../support/url';
import { isMap } from '../../lint/shape';
import type { Answer } from '../kubectl';
import type { CommandLine } from '../../thanos/command-line';
import { type CheckResult, skip } from './result';
import type { Stack, ThanosPod } from './stack';

/** A page that a pod serves. */
export async function pageOf({ kubectl }: Stack, pod: ThanosPod, path: string): Promise<Answer> {
  if (!pod.locked) return kubectl.page(pod, path);
  return { ok: false, out: Buffer.alloc(0), error: "its HTTP port may want a password, which kubectl can't send" };
}

/** `data` of an answer of a pod's HTTP API, or why a check is skipped for it. */
export async function apiData(
  stack: Stack,
  pod: ThanosPod,
  check: string,
  { api, query = '' }: { readonly api: string; readonly query?: string },
): Promise<{ readonly data: Record<string, Json> } | { readonly skipped: CheckResult }> {
  const { ok, out, error } = await pageOf(stack, pod, `${routeOf(pod)}${api}${query}`);
  if (!ok) return { skipped: skip(check, pod.name, `its ${api} can't be read (${error})`) };
  const data = dataOf(out.toString('utf8'));
  return data ? { data } : { skipped: skip(check, pod.name, `its ${api} is not JSON`) };
}

/** Commands whose API can be below a prefix. A compactor takes the flag too, and does not heed it (thanos#6255). */
const PREFIXED = ['query', 'tools bucket web'];

/** What stands before the paths of a pod's API. */
export function routeOf({ command, flags }: CommandLine): string {
  if (!PREFIXED.includes(command)) return '';
  const of = (flag: string): string => flags.get(flag)?.at(-1) ?? '';
  // where no route is given Thanos takes the one at which people come
  const route = withoutEndSlashes(of('--web.route-prefix') || of('--web.external-prefix'));
  return route === '' || route.startsWith('/') ? route : `/${route}`;
}

function dataOf(answer: string): Record<string, Json> | undefined {
  try {
    const { data }: Json = JSON.parse(answer);
    return isMap(data) ? data : undefined;
  } catch {
    return undefined;
  }
}
