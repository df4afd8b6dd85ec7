import { mountAt } from '../../manifest/mounted-path';
import { type CheckResult, fail, pass, skip, warn } from './result';
import type { Stack, ThanosPod } from './stack';

const CHECK = 'disk space';
/** Where each component keeps its blocks. */
const FLAGS = ['--tsdb.path', '--data-dir'];
/** Shares of the disk. A receiver that can't write refuses samples, and a compactor needs room for what it merges. */
const [WARN, FAIL] = [0.8, 0.95];
const KIB = 1024;
const FIX =
  'Enlarge the claim (storage), or keep less: retention of receivers and rulers, concurrency of the compactor';

/** How full the volumes are that hold blocks, as df sees them in the pods. */
export async function disks(stack: Stack): Promise<CheckResult[]> {
  const results = stack.pods.flatMap((pod) => pathOf(pod).map((path) => disk(stack, pod, path)));
  return Promise.all(results);
}

/** The folder of the blocks, where it lies in a volume. */
function pathOf({ container, flags }: ThanosPod): string[] {
  const path = FLAGS.flatMap((flag) => flags.get(flag) ?? [])[0];
  return path !== undefined && mountAt(container.mounts, path) !== undefined ? [path] : [];
}

async function disk({ kubectl }: Stack, { name, container, running }: ThanosPod, path: string): Promise<CheckResult> {
  if (!running) return skip(CHECK, name, 'its container is not running');
  const { ok, out, error } = await kubectl.run(
    'exec',
    name,
    `--container=${container.name}`,
    '--',
    'df',
    '-P',
    '-k',
    path,
  );
  if (!ok)
    return skip(
      CHECK,
      name,
      `${path} was not looked at (${/executable file not found/.test(error) ? 'its image has no df' : error})`,
    );
  const found = usage(out.toString('utf8'));
  if (found === undefined) return skip(CHECK, name, `df says nothing of ${path}`);
  const { used, free } = found;
  const share = used / (used + free);
  const detail = `${Math.round(share * 100)} % of ${path} is used, ${size(free)} are free`;
  if (share >= FAIL) return fail(CHECK, name, detail, FIX);
  return share >= WARN ? warn(CHECK, name, detail, FIX) : pass(CHECK, name, detail);
}

/** Used and free KiB, of the form that POSIX gives df -P. */
function usage(df: string): { readonly used: number; readonly free: number } | undefined {
  const numbers = /\s(\d+)\s+(\d+)\s+(\d+)\s+\d+%\s/.exec(df.trimEnd().split('\n').at(-1) ?? '');
  const [used, free] = [Number(numbers?.[2]), Number(numbers?.[3])];
  return used + free > 0 ? { used, free } : undefined;
}

function size(kib: number): string {
  const [mib, gib] = [kib / KIB, kib / KIB / KIB];
  return gib >= 1 ? `${gib.toFixed(1)} GiB` : `${Math.round(mib)} MiB`;
}
