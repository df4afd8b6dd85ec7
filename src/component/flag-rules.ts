import { InputProblem, found } from '../support/problem';
import { type Flags, isZero } from './flags';
import { hoursOf } from './retention';

/**
 * What Thanos refuses at its start of the flags of one command together, or panics at later. Whoever set them: props, the
 * arguments of a kind, or the users' own. Each rule was found with the real program. `ends` where the pods run to an end.
 */
export function requireSoundFlags(command: readonly string[], flags: Flags, ends = false): void {
  const words = command.join(' ');
  for (const { of, check } of RULES) if (of === undefined || of.includes(words)) check(flags, ends);
}

interface FlagRule {
  /** Commands; undefined: all. */
  readonly of?: readonly string[];
  readonly check: (flags: Flags, ends: boolean) => void;
}

const RULES: readonly FlagRule[] = [
  { check: runs },
  { check: noPassword },
  { check: pair('--grpc-server-tls-cert', '--grpc-server-tls-key') },
  { check: pair('--grpc-client-tls-cert', '--grpc-client-tls-key') },
  { check: pair('--remote-write.server-tls-cert', '--remote-write.server-tls-key') },
  { check: pair('--remote-write.client-tls-cert', '--remote-write.client-tls-key') },
  { of: ['receive', 'rule'], check: labels('--label') },
  { of: ['query'], check: labels('--selector-label') },
  { of: ['rule'], check: apart(/^--(query|query\.sd-files|grpc-query-endpoint)$/, /^--query\.config(-file)?$/) },
  { of: ['rule'], check: apart(/^--alertmanagers\.url$/, /^--alertmanagers\.config(-file)?$/) },
  { of: ['compact'], check: stays },
  { of: ['compact'], check: positive('--compact.concurrency', '--wait-interval') },
  { of: ['compact'], check: positive('--block-viewer.global.sync-block-interval') },
  { of: ['store'], check: positive('--sync-block-duration', '--block-sync-concurrency') },
  { of: ['store'], check: timeRange },
  { of: ['compact'], check: penalty },
  { of: ['query'], check: positive('--store.sd-dns-interval') },
  { of: ['rule'], check: positive('--query.sd-dns-interval', '--alertmanagers.sd-dns-interval') },
  { of: ['tools bucket web'], check: positive('--refresh', '--timeout') },
  { of: ['query-frontend'], check: splits },
];

function runs(flags: Flags): void {
  const [flag] = flags.names(/^--(help(-long|-man)?|version)$/);
  if (flag !== undefined)
    throw new InputProblem(`${found(flag)} makes Thanos print and end; the pod would restart for ever. Remove it`);
}

/** The inline config of a cache, as users' own arguments may set it. */
const CACHES = /^--(index-cache|store\.caching-bucket|query-range\.response-cache|labels\.response-cache)[.-]config$/;
const PASSWORD = /(?:^|[\s,{])["']?password["']?[ \t]*:[ \t]*([^,}\n]*(?:\n\s+\$\$\(\w+\))?)/;
/** What Thanos fills in; `$(NAME)` alone would be filled in by the kubelet. */
const FILLED = /^(["']?|\|2?-?\s*)\$\$\(\w+\)["']?\s*$/;

function noPassword(flags: Flags): void {
  for (const name of flags.names(CACHES)) {
    const [, password = ''] = PASSWORD.exec(flags.value(name) ?? '') ?? [];
    if (!/^(""|''|)\s*$/.test(password) && !FILLED.test(password))
      throw new InputProblem(
        `${found(name)} holds a password, which synth would write into a manifest. Give the cache as a prop, or write '$$(NAME)' and the variable from a Secret`,
      );
  }
}

/** Without `--wait` a compactor ends after one pass. */
function stays(flags: Flags, ends: boolean): void {
  if (ends && !flags.has(/^--wait$/)) return;
  if (ends)
    throw new InputProblem('"--wait" is set: Thanos would never end, but schedule makes a pass that does. Remove it');
  if (flags.has(/^--no-wait$/) || !flags.has(/^--wait$/))
    throw new InputProblem(
      '"--wait" is not set: Thanos would end after one pass, and the pod restart for ever. Set it',
    );
}

function pair(a: string, b: string): (flags: Flags) => void {
  return (flags) => {
    const [has, lacks] = flags.value(a) ? [a, b] : [b, a];
    if (flags.value(has) && !flags.value(lacks))
      throw new InputProblem(`${found(has)} is set without ${found(lacks)}, which Thanos refuses. Set both`);
  };
}

function apart(some: RegExp, others: RegExp): (flags: Flags) => void {
  return (flags) => {
    const [[a], [b]] = [flags.names(some), flags.names(others)];
    if (a !== undefined && b !== undefined)
      throw new InputProblem(`${found(a)} and ${found(b)} are both set, which Thanos refuses. Keep one of the two`);
  };
}

function positive(...names: string[]): (flags: Flags) => void {
  return (flags) => {
    const zero = names.find((name) => isZero(flags.value(name)) || flags.value(name)?.startsWith('-'));
    if (zero !== undefined)
      throw new InputProblem(`${found(`${zero}=${flags.value(zero)}`)} must be greater than 0, or Thanos fails`);
  };
}

/** Bounds of the same kind: two points in time, or two ages. */
function timeRange(flags: Flags): void {
  const [min, max] = ['--min-time', '--max-time'].map((name) => flags.value(name));
  const [from, to] = [timeOf(min), timeOf(max)];
  if (from !== undefined && to !== undefined && from.ages === to.ages && from.at > to.at)
    throw new InputProblem(
      `"--min-time" is ${found(min)}, after "--max-time" of ${found(max)}: nothing lies between, and Thanos refuses it`,
    );
}

function timeOf(text: string | undefined): { readonly ages: boolean; readonly at: number } | undefined {
  const age = /^-(.+)$/.exec(text ?? '')?.[1];
  const at = age === undefined ? Date.parse(text ?? '') : -hoursOf(age);
  return Number.isNaN(at) ? undefined : { ages: age !== undefined, at };
}

function penalty(flags: Flags): void {
  if (flags.value('--deduplication.func') === 'penalty' && flags.values('--deduplication.replica-label').length === 0)
    throw new InputProblem(
      '"--deduplication.func=penalty" needs "--deduplication.replica-label", or Thanos ends. Name a replica label',
    );
}

/** `name="value"`, the value as Go quotes it; `$(NAME)` in it is the kubelet's. */
const LABEL =
  /^[a-zA-Z_][a-zA-Z0-9_]*=("([^"\\\n]|\\([abfnrtv\\"]|x[0-9a-fA-F]{2}|[0-7]{3}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}))*"|`[^`]*`)$/;

function labels(name: string): (flags: Flags) => void {
  return (flags) => {
    const bad = flags.values(name).find((label) => !LABEL.test(label));
    if (bad !== undefined)
      throw new InputProblem(`${name}: ${found(bad)} is not a label; write name="value", the quotes included`);
  };
}

const DYNAMIC = ['min-split-interval', 'max-split-interval', 'horizontal-shards'].map(
  (name) => `--query-range.${name}`,
);

/** A fixed split interval and a dynamic one exclude each other, and a cache needs one of them. */
function splits(flags: Flags): void {
  const fixed = !isZero(flags.value('--query-range.split-interval') ?? '24h');
  const isSet = (name: string): boolean => !isZero(flags.value(name) ?? '0');
  const dynamic = DYNAMIC.find(isSet);
  if (dynamic !== undefined && fixed)
    throw new InputProblem(
      `${found(dynamic)} needs "--query-range.split-interval=0": a fixed and a dynamic interval exclude each other`,
    );
  const unset = DYNAMIC.find((name) => !isSet(name));
  if (dynamic !== undefined && unset !== undefined)
    throw new InputProblem(`${found(dynamic)} needs ${found(unset)} too: Thanos takes all three or none`);
  if (flags.has(/^--query-range\.response-cache-config(-file)?$/) && !fixed && dynamic === undefined)
    throw new InputProblem('"--query-range.split-interval" is 0 together with a response cache, which Thanos refuses');
  if (flags.has(/^--labels\.response-cache-config(-file)?$/) && isZero(flags.value('--labels.split-interval')))
    throw new InputProblem('"--labels.split-interval" is 0 together with a response cache, which Thanos refuses');
}
