import type { Json } from '../../support/json';
import { isMap } from '../../lint/shape';
import type { Answer } from '../kubectl';
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
  { page, query = '' }: { readonly page: string; readonly query?: string },
): Promise<{ readonly data: Record<string, Json> } | { readonly skipped: CheckResult }> {
  const name = page.slice(page.indexOf('/api/'));
  const { ok, out, error } = await pageOf(stack, pod, `${page}${query}`);
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
