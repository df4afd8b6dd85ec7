import type { Json } from '../../manifest/pod-specs';
import { isMap } from '../../lint/shape';
import { type CheckResult, skip } from './result';
import type { Stack, ThanosPod } from './stack';

/** `data` of an answer of a pod's HTTP API, or why a check is skipped for it. */
export async function apiData(
  stack: Stack,
  pod: ThanosPod,
  check: string,
  { page, query = '' }: { readonly page: string; readonly query?: string },
): Promise<{ readonly data: Record<string, Json> } | { readonly skipped: CheckResult }> {
  const { ok, out, error } = await stack.kubectl.page(pod.name, pod.httpPort, `${page}${query}`);
  const name = page.slice(page.indexOf('/api/'));
  if (!ok) return { skipped: skip(check, pod.name, `its ${name} can't be read (${error})`) };
  const data = dataOf(out.toString('utf8'));
  return data ? { data } : { skipped: skip(check, pod.name, `its ${name} is not JSON`) };
}

function dataOf(answer: string): Record<string, Json> | undefined {
  try {
    const { data }: Json = JSON.parse(answer);
    return isMap(data) ? data : undefined;
  } catch {
    return undefined;
  }
}
