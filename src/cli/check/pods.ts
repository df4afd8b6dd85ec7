import type { Json } from '../../support/json';
import { at, list, text } from '../../lint/shape';
import { type CheckResult, fail, pass, skip, warn } from './result';
import type { Stack, ThanosPod } from './stack';

const READY = 'pods ready';
const CHECKSUM = 'one config for all';
const FRESH = 'started after the last change';

/** Every pod of the stack is Ready; of one that is not, why. */
export async function podsReady(stack: Stack): Promise<CheckResult[]> {
  if (stack.pods.length === 0) return [skip(READY, 'stack', 'none of its pods is there yet')];
  const waiting = stack.pods.filter(({ json }) => !ready(json));
  const results = await Promise.all(waiting.map((pod) => notReady(stack, pod)));
  if (results.length > 0) return results;
  return [pass(READY, 'stack', `${stack.pods.length} pods: ${kinds(stack)}`)];
}

function kinds({ pods }: Stack): string {
  const counts = new Map<string, number>();
  for (const { command } of pods) counts.set(command, (counts.get(command) ?? 0) + 1);
  return [...counts].map(([command, n]) => `${n} ${command}`).join(', ');
}

export function ready(json: Json): boolean {
  return list(json.status?.conditions).some((c) => c.type === 'Ready' && c.status === 'True');
}

async function notReady(stack: Stack, pod: ThanosPod): Promise<CheckResult> {
  const { kubectl } = stack;
  const selector = `--field-selector=involvedObject.name=${pod.name},type=Warning`;
  const events = await kubectl.get('events', selector).catch(() => undefined);
  const messages = list(events?.items).map((event) => text(event.message));
  const lost = messages.map(lostObject).find((object) => object !== undefined);
  if (lost !== undefined)
    return fail(
      READY,
      pod.name,
      `can't start: ${lost}`,
      `Create it in namespace ${kubectl.options.namespace}; the pod then starts by itself`,
    );
  const statuses = [...list(pod.json.status?.initContainerStatuses), ...list(pod.json.status?.containerStatuses)];
  const reason = statuses.map((s) => text(s.state?.waiting?.reason)).find((r) => r !== '');
  const detail = reason ?? (text(pod.json.status?.phase) || 'not Ready');
  return fail(READY, pod.name, `is not Ready: ${detail}`, `See "kubectl describe pod ${pod.name}" and the logs below`);
}

/** The object that a FailedMount or a container's config misses, in kubelet's own words. */
function lostObject(message: string): string | undefined {
  return /(secret|configmap) "[^"]+" not found|references non-existent (secret|config) key: \S+|couldn't find key \S+ in (Secret|ConfigMap) \S+/i.exec(
    message,
  )?.[0];
}

/** The granted pods of one kind and of all kinds carry the same checksum. */
export function sameChecksum({ granted }: Stack): CheckResult[] {
  const sums = new Map<string, string[]>();
  for (const { name, json } of granted) {
    const annotations = at(json, 'metadata.annotations') ?? {};
    const sum = text(annotations['checksum/objstore']);
    sums.set(sum, [...(sums.get(sum) ?? []), name]);
  }
  if (sums.size === 0) return [];
  if (sums.has('') && sums.size === 1)
    return [skip(CHECKSUM, 'granted pods', 'they carry no checksum/objstore annotation (not made by this library?)')];
  if (sums.size === 1)
    return [pass(CHECKSUM, 'granted pods', `${granted.length} pods carry the same checksum of config and CA`)];
  const rare = [...sums.values()].sort((a, b) => a.length - b.length)[0];
  const fix =
    'Wait for the roll to end (kubectl rollout status); if it does not, apply the manifests of one synth again';
  return [fail(CHECKSUM, rare.join(', '), 'started with another config or CA than the other granted pods', fix)];
}

/** Thanos reads config and CA once: a change after the pod's start is not in use. */
export function startedAfterChange(stack: Stack): CheckResult[] {
  const late = stack.granted.flatMap((pod) => {
    const objects = [...stack.world.usesOf(pod.container).map(({ ref }) => ref), stack.ca.get(pod)?.ref];
    const changed = objects.flatMap((ref) => (ref?.object ? [{ ref, time: dataChanged(ref.object.json) }] : []));
    const start = new Date(text(startOf(pod)));
    const newer = changed.find(({ time }) => time !== undefined && time > start);
    return newer ? [`${pod.name} (${newer.ref.kind} ${newer.ref.name} at ${newer.time!.toISOString()})`] : [];
  });
  if (late.length === 0) return [];
  const detail = `written to after the pod started, and Thanos reads it at start only: ${late.join(', ')}`;
  return [warn(FRESH, 'granted pods', detail, 'If the content changed: kubectl rollout restart of these workloads')];
}

function startOf({ json, container }: ThanosPod): string {
  const status = list(json.status?.containerStatuses).find((s) => s.name === container.name);
  return status?.state?.running?.startedAt ?? '9999-01-01T00:00:00Z';
}

/** When the data of a Secret or ConfigMap was last written to, as its managed fields tell. */
export function dataChanged(json: Json): Date | undefined {
  const times = list(json.metadata?.managedFields)
    .filter((entry) => entry.fieldsV1?.['f:data'] !== undefined && text(entry.time) !== '')
    .map((entry) => new Date(entry.time).getTime());
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}
