import { text } from '../../lint/shape';
import type { Answer } from '../kubectl';
import { pageOf } from './api-page';
import { hasRecentErrors, ONGOING_MINUTES } from './logs';
import { type CheckResult, fail, pass, skip, warn } from './result';
import type { Stack, ThanosPod } from './stack';

const UPLOAD = 'last upload';
const OPERATIONS = 'bucket operations';
const HALTED = 'compactor not halted';
/** Components whose blocks must reach the bucket; the compactor uploads only when there is something to merge. */
const UPLOADERS = ['receive', 'rule', 'sidecar'];
const HOUR = 3600 * 1000;
const FAILURES = 'thanos_objstore_bucket_operation_failures_total';
/** Above this share of failures the bucket does not work; below, a store hiccuped. */
const FAILING = 0.05;

/** What the metrics of the granted pods say of uploads, of operations, and of a compactor that halted. */
export async function metrics(stack: Stack, maxAgeHours: number): Promise<CheckResult[]> {
  const results = await Promise.all(stack.granted.map((pod) => metricsOf(stack, pod, maxAgeHours)));
  return results.flat();
}

async function metricsOf(stack: Stack, pod: ThanosPod, maxAgeHours: number): Promise<CheckResult[]> {
  if (!pod.running) return [skip(OPERATIONS, pod.name, 'its container is not running')];
  const page = await metricsPage(stack, pod);
  if ('skipped' in page) return [skip(OPERATIONS, pod.name, page.skipped)];
  const samples = parseMetrics(page.text);
  const upload = UPLOADERS.includes(pod.command) ? [lastUpload(stack, pod, samples, maxAgeHours)] : [];
  return [await operations(stack, pod, samples), ...upload, ...halted(pod, samples)];
}

/** Reads the pages early, so that what fails while all else is looked at is seen when they are read again. */
export async function firstPages(stack: Stack): Promise<void> {
  await Promise.all(stack.granted.filter(({ running }) => running).map((pod) => metricsPage(stack, pod)));
}

/** The metrics of a pod, asked for once, or why they are not known. */
export function metricsPage(stack: Stack, pod: ThanosPod): Promise<MetricsPage> {
  const known = PAGES.get(pod) ?? pageOf(stack, pod, '/metrics').then(textOf);
  PAGES.set(pod, known);
  return known;
}

/** Text of a metrics page. */
export type MetricsPage = { readonly text: string } | { readonly skipped: string };

const PAGES = new WeakMap<ThanosPod, Promise<MetricsPage>>();

function textOf({ ok, out, error }: Answer): MetricsPage {
  return ok ? { text: out.toString('utf8') } : { skipped: `its metrics can't be read (${error})` };
}

/** A compactor that halted goes on serving, and never compacts again until it is restarted. */
function halted({ name, command }: ThanosPod, samples: Sample[]): CheckResult[] {
  const found = samples.find((sample) => sample.name === 'thanos_compact_halted');
  if (command !== 'compact' || found === undefined) return [];
  if (found.value !== 1) return [pass(HALTED, name, 'it works')];
  const fix =
    'Its log says which blocks it can not compact ("critical error detected; halting"); docs/runbooks has the steps';
  return [fail(HALTED, name, 'it has halted: nothing is compacted, downsampled or deleted', fix)];
}

/** A line of a metrics page. */
export interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** The samples of Thanos itself. */
export function parseMetrics(page: string): Sample[] {
  return [...page.matchAll(/^(thanos_\w+)(?:\{([^\n]*)\})? (\S+)/gm)].map(([, name, labels, value]) => ({
    name,
    labels: labels ?? '',
    value: Number(value),
  }));
}

async function operations(stack: Stack, pod: ThanosPod, samples: Sample[]): Promise<CheckResult> {
  const { name } = pod;
  const total = sum(samples, 'thanos_objstore_bucket_operations_total');
  const failed = samples.filter((s) => s.name === FAILURES && s.value > 0);
  const failures = failed.reduce((all, s) => all + s.value, 0);
  const unsynced = sum(samples, 'thanos_shipper_dir_sync_failures_total');
  if (failures === 0 && unsynced === 0)
    return total === 0
      ? skip(OPERATIONS, name, 'it has not opened the bucket yet')
      : pass(OPERATIONS, name, `${total} operations, none failed`);
  const kinds = failed
    .map(({ labels }) => /operation="([^"]*)"/.exec(labels)?.[1])
    .filter((kind) => kind !== undefined);
  const detail = `${failures} of ${total} operations failed since start (${kinds.join(', ') || 'sync'}), ${unsynced} times a block was not uploaded`;
  const fix = 'The log says why; "cdk8s-thanos verify" tries the same from here';
  if (failures <= FAILING * total) return warn(OPERATIONS, name, detail, fix);
  if (await goesOn(stack, pod, failures)) return fail(OPERATIONS, name, detail, fix);
  const over = `but none now, nor does its log of the last ${ONGOING_MINUTES} min tell of any`;
  return warn(OPERATIONS, name, `${detail}; ${over}`, 'It seems over. A restart of the pod begins the count anew');
}

/** Whether operations still fail: counters are as old as the pod, and remember an outage for months. */
async function goesOn(stack: Stack, pod: ThanosPod, failures: number): Promise<boolean> {
  const recent = await hasRecentErrors(stack, pod);
  if (recent !== false) return true;
  const again = textOf(await pageOf(stack, pod, '/metrics'));
  return 'text' in again && sum(parseMetrics(again.text), FAILURES) > failures;
}

function lastUpload(stack: Stack, pod: ThanosPod, samples: Sample[], maxAgeHours: number): CheckResult {
  const time =
    Math.max(0, ...samples.filter((s) => s.name.endsWith('_last_successful_upload_time')).map((s) => s.value)) * 1000;
  const now = stack.now.getTime();
  const start = new Date(text(pod.json.status?.startTime)).getTime();
  const hours = (now - (time > 0 ? time : start)) / HOUR;
  const fix = 'See its log; is anything written to it? An idle receiver or ruler uploads nothing';
  if (time > 0 && hours <= maxAgeHours) return pass(UPLOAD, pod.name, `${ago(hours)} ago`);
  if (time > 0) return fail(UPLOAD, pod.name, `${ago(hours)} ago; blocks are due every 2 h`, fix);
  if (!(hours > maxAgeHours))
    return skip(
      UPLOAD,
      pod.name,
      `none since its start ${ago(hours)} ago; the first block is due 2 to 3 h after the first sample`,
    );
  const verdict = pod.command === 'receive' ? fail : warn;
  return verdict(UPLOAD, pod.name, `none since its start ${ago(hours)} ago`, fix);
}

function sum(samples: Sample[], name: string): number {
  return samples.filter((s) => s.name === name).reduce((all, s) => all + s.value, 0);
}

function ago(hours: number): string {
  return hours < 2 ? `${Math.max(0, Math.round(hours * 60))} min` : `${Math.round(hours)} h`;
}
