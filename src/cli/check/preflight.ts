import type { Json } from '../../support/json';
import { manifestObject } from '../../lint/manifest-object';
import type { Container } from '../../lint/pod';
import { list, text } from '../../lint/shape';
import { World } from '../../lint/world';
import { groupBy } from '../../support/group-by';
import { logErrors, ruled } from './logs';
import { type CheckResult, fail, pass, skip } from './result';
import { isPreflight, type Stack } from './stack';

const CHECK = 'preflight';
const JOB_LABELS = ['batch.kubernetes.io/job-name', 'job-name'];

/** What the newest preflight of the stack found, as far as its pods are still there. */
export async function preflight(stack: Stack): Promise<CheckResult[]> {
  const pods = stack.ended.filter(isPreflight);
  const [newest] = [...groupBy(pods, jobOf)].sort(([, a], [, b]) => lastStart(b) - lastStart(a));
  if (newest === undefined) return [];
  const [job, tries] = newest;
  if (tries.some(({ status }) => status?.phase === 'Succeeded')) return [pass(CHECK, job, 'it proved the bucket')];
  const [last] = [...tries].sort((a, b) => startOf(b) - startOf(a));
  return [await failed(stack, last)];
}

function jobOf({ metadata }: Json): string {
  return JOB_LABELS.map((label) => text(metadata?.labels?.[label])).find((name) => name !== '') ?? text(metadata?.name);
}

function startOf({ status }: Json): number {
  return new Date(text(status?.startTime)).getTime() || 0;
}

function lastStart(pods: readonly Json[]): number {
  return Math.max(...pods.map(startOf));
}

/** Why one failed, in the words of the component's own log, with the rule that dropped packets ask for. */
async function failed(stack: Stack, json: Json): Promise<CheckResult> {
  const name = text(json.metadata?.name);
  const container = failedContainer(stack, json);
  if (container === undefined) return fail(CHECK, name, 'it was stopped', `See "kubectl describe pod ${name}"`);
  const { ok, out, error } = await stack.kubectl.run('logs', name, `--container=${container.name}`, '--timestamps');
  if (!ok) return skip(CHECK, name, `it failed; its log can't be read (${error})`);
  const log = out.toString('utf8');
  const [found] = logErrors(log);
  if (found === undefined) {
    const last = log.trimEnd().split('\n').at(-1) ?? '';
    return fail(CHECK, name, `container ${container.name} failed: ${last}`, 'See its whole log');
  }
  const { cause } = ruled(found, stack, { json, container: knownConfig(stack) ?? container });
  return fail(CHECK, name, `container ${container.name} failed: "${found.text}": ${cause.cause}`, cause.fix);
}

/** The first container that ended with an error. */
function failedContainer({ world, now }: Stack, json: Json): Container | undefined {
  const { status } = json;
  const all = [...list(status?.initContainerStatuses), ...list(status?.containerStatuses)];
  const bad = all.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  const pod = manifestObject('cluster', { ...json, apiVersion: 'v1', kind: 'Pod' });
  return new World([...world.objects, pod], now).containers.find(
    (container) => container.pod.object === pod && container.name === bad?.name,
  );
}

/** A container that runs with the same bucket, and whose config was read. */
function knownConfig({ world, granted }: Stack): Container | undefined {
  return granted.find(({ container }) => world.usesOf(container)[0]?.config !== undefined)?.container;
}
