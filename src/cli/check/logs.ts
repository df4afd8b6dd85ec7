import { list } from '../../lint/shape';
import type { Address } from '../../manifest/address';
import { storeAddress } from '../../manifest/store-address';
import { type LogCause, LOG_CAUSES } from './log-causes';
import { type CheckResult, fail, pass, skip, warn } from './result';
import type { Stack, ThanosPod } from './stack';
import { SELECTOR_LABELS } from '../../support/identity';

const CHECK = 'no bucket error in the log';
/** Every component that goes on failing says so more often: 30 s (receive, rule), 5 min (compact), 15 min (store). */
export const ONGOING_MINUTES = 20;
const TAIL = 100_000;

/** An error that a log tells of. */
export interface LogError {
  readonly cause: LogCause;
  readonly text: string;
  readonly count: number;
  readonly last: Date;
  /** Whether it was a name that could not be asked for. */
  readonly lookup: boolean;
}

/** The logs of the granted pods since their start: what goes on is a failure, what is over a warning. */
export async function logs(stack: Stack, since: string | undefined): Promise<CheckResult[]> {
  const results = await Promise.all(stack.granted.map((pod) => log(stack, pod, since)));
  const bad = results.flat().filter(({ result }) => result !== 'pass');
  return bad.length > 0 ? bad : results.length > 0 ? [pass(CHECK, 'granted pods', `${results.length} logs`)] : [];
}

async function log(stack: Stack, pod: ThanosPod, since: string | undefined): Promise<CheckResult[]> {
  const { name, container, running } = pod;
  const options = [`--container=${container.name}`, '--timestamps', `--tail=${TAIL}`];
  const from = since === undefined ? [] : [`--since=${since}`];
  // a container in a restart loop has said why in the life before
  const crashed = list(pod.json.status?.containerStatuses).some((s) => s.name === container.name && s.restartCount > 0);
  const previous = !running && crashed ? ['--previous'] : [];
  const { ok, out, error } = await stack.kubectl.run('logs', name, ...options, ...from, ...previous);
  if (!ok) return [skip(CHECK, name, `has no log to read (${error})`)];
  const errors = logErrors(out.toString('utf8'), storeOf(stack, pod)?.host ?? '');
  if (errors.length === 0) return [pass(CHECK, name, 'none')];
  return errors.map((found) => result(name, ruled(found, stack, pod), stack.now, previous.length > 0));
}

/** Names the rule that is missing, where packets may have been dropped. */
export function ruled(error: LogError, stack: Stack, pod: Pick<ThanosPod, 'json' | 'container'>): LogError {
  const { cause } = error;
  if (!cause.dropped) return error;
  const own: Record<string, unknown> = pod.json.metadata?.labels ?? {};
  const labels = Object.entries(own).filter(([key]) => SELECTOR_LABELS.includes(key));
  const selector = labels.map(([key, value]) => `${key}=${String(value)}`).join(',');
  const { namespace } = stack.kubectl.options;
  const rule = `egress from pods ${selector} in ${namespace} to ${targetOf(error, stack, pod)}`;
  return {
    ...error,
    cause: { ...cause, fix: `${cause.fix}. Where NetworkPolicies select the pod, one must have: ${rule}` },
  };
}

/** Whom a rule must let through: the store, or the DNS server that was asked for it. */
function targetOf({ lookup }: LogError, stack: Stack, pod: Pick<ThanosPod, 'container'>): string {
  if (lookup) return 'the DNS servers of the cluster (k8s-app=kube-dns in kube-system), UDP and TCP 53';
  const { host = 'the store', port = '443' } = storeOf(stack, pod) ?? {};
  return `${host}, TCP ${port} (for a Service, to its pods and their port)`;
}

const AT_THE_BUCKET = /bucket|objstore|upload|shipp|block|compact/i;

/**
 * Whether the log of the last minutes has anything that went wrong at the bucket, of known cause or not. It is asked for where all
 * else that is known is as old as the pod. Undefined where it can't be read.
 */
export async function hasRecentErrors(stack: Stack, pod: ThanosPod): Promise<boolean | undefined> {
  const options = [`--container=${pod.container.name}`, '--timestamps', `--tail=${TAIL}`];
  const { ok, out } = await stack.kubectl.run('logs', pod.name, ...options, `--since=${ONGOING_MINUTES}m`);
  if (!ok) return undefined;
  const host = storeOf(stack, pod)?.host ?? '';
  const log = out.toString('utf8');
  const isError = (line: string): boolean => /level=error|"level":\s*"error"/.test(line);
  const unknown = log.split('\n').some((line) => isError(line) && (AT_THE_BUCKET.test(line) || concerns(line, host)));
  return unknown || logErrors(log, host).length > 0;
}

function result(pod: string, { cause, text, count, last }: LogError, now: Date, crashed: boolean): CheckResult {
  const minutes = Math.round((now.getTime() - last.getTime()) / 60_000);
  const detail = `"${text}", ${count} times, last ${minutes} min ago: ${cause.cause}`;
  const ongoing = crashed || minutes <= ONGOING_MINUTES;
  return (ongoing ? fail : warn)(CHECK, pod, detail, cause.fix);
}

/**
 * The errors of a log that concern the bucket, by cause. Of a line only Thanos' own text is kept. Without a host each
 * connection is one to the bucket.
 */
export function logErrors(log: string, host?: string): LogError[] {
  const found = new Map<LogCause, LogError>();
  for (const line of log.split('\n')) {
    if (!/level=(error|warn)|"level":\s*"(error|warn)|err=|"err"|Error|error/.test(line)) continue;
    const cause = LOG_CAUSES.find(({ pattern, network }) => pattern.test(line) && (!network || concerns(line, host)));
    if (!cause) continue;
    const earlier = found.get(cause);
    const last = new Date(line.slice(0, line.indexOf(' ')));
    found.set(cause, {
      cause,
      text: cause.pattern.exec(line)![0],
      count: (earlier?.count ?? 0) + 1,
      lookup: /\blookup \S+/.test(line),
      last: Number.isNaN(last.getTime()) ? (earlier?.last ?? new Date(0)) : last,
    });
  }
  return [...found.values()];
}

function concerns(line: string, host: string | undefined): boolean {
  return host === undefined || (host !== '' && line.includes(host));
}

/** Where the store is: other connections of a component fail with the same texts. */
function storeOf({ world }: Stack, { container }: Pick<ThanosPod, 'container'>): Address | undefined {
  return storeAddress(world.usesOf(container)[0]?.config?.config);
}
