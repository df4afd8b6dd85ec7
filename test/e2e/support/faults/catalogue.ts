/** A fault that the suite makes on a real cluster. */
export interface Fault {
  readonly id: string;
  /** What it is, as docs/reliability.md says it. */
  readonly title: string;
  /** The test file that makes it. */
  readonly file: string;
  /** Least part of the reads that must be answered. */
  readonly answered: number;
}

/** Where docs/reliability.md says why not all reads are answered. */
const ANSWERED: Readonly<Record<string, number>> = { dns: 0.5 };

const KINDS = ['receiver', 'compactor', 'store', 'ruler', 'query', 'query-frontend'] as const;
/** The kinds of pods that are killed in turn. */
export type KilledKind = (typeof KINDS)[number];
export const KILLED_KINDS: readonly KilledKind[] = KINDS;

const TITLES: Record<string, [id: string, title: string][]> = {
  'faults-kills': [
    ...KINDS.map((kind): [string, string] => [`delete ${kind}`, `A ${kind} pod is deleted`]),
    ...KINDS.map((kind): [string, string] => [`kill ${kind}`, `A ${kind} process gets SIGKILL`]),
  ],
  'faults-evictions': [
    ['force', 'A pod of each kind in turn is deleted with force, without grace'],
    ['evict', 'Two pods of each kind are evicted: the budget refuses the second'],
    ['drain', 'Every pod is evicted, again until the budget lets it, as `kubectl drain` does'],
    ['roll', 'Every workload is restarted at once'],
  ],
  'faults-cluster': [
    ['dns', "The cluster's DNS is away for two minutes"],
    ['dns https', 'DNS is away for two minutes, and Query serves HTTPS'],
  ],
  'faults-ca': [
    ['ca', "The bucket's CA is changed in the documented steps"],
    ['ca late', "The bucket's CA is changed in the server first, in the stack two minutes later"],
  ],
  'faults-volumes': [
    ['volume full', "A receiver's volume is full for a minute"],
    ['volumes full', 'The volumes of all receivers are full for a minute'],
  ],
  'faults-clocks': [
    ['clock behind', "Another writer's clock is half an hour behind"],
    ['clock ahead', "Another writer's clock is three hours ahead"],
  ],
  'faults-s3': [
    ['s3 cut', 'S3 breaks every connection for two minutes'],
    ['s3 slow', 'S3 takes two seconds longer for each request'],
  ],
  'faults-s3-answers': [
    ['s3 errors', 'S3 answers two of three requests 500, 502 or 503'],
    ['s3 throttled', 'S3 answers three of four requests 503 `SlowDown` or 429'],
    ['s3 truncated', 'S3 sends half of each body, every second time as if it were the whole'],
  ],
};

/** All of them, in the order of the table. */
export const FAULTS: readonly Fault[] = Object.entries(TITLES).flatMap(([file, faults]) =>
  faults.map(([id, title]) => ({ id, title, file, answered: ANSWERED[id] ?? 1 })),
);

/** @throws where there is none of that id */
export function faultOf(id: string): Fault {
  const found = FAULTS.find((fault) => fault.id === id);
  if (!found) throw new Error(`no fault ${id} in catalogue.ts`);
  return found;
}
