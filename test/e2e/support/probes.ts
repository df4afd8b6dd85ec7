import type { Json } from '../../render';
import { applyOwn, kubectl } from './kubectl';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from './pods';

/** Image with a shell, `nc` and `thanos`. */
const IMAGE = 'quay.io/thanos/thanos:v0.42.4';
const SECONDS = 2;

/** What stands in for the program of a container whose image the cluster does not have. */
export const ASLEEP = { image: IMAGE, command: ['sh', '-c', 'trap exit TERM; sleep 3600 & wait'] };

/** A pod that does nothing but be asked. */
export async function startProbe(namespace: string, name: string, labels: Record<string, string>): Promise<void> {
  await applyOwn({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      ...RESTRICTED_POD,
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'probe', ...ASLEEP, ...RESTRICTED_CONTAINER }],
    },
  });
}

/**
 * Which of the targets (`address port`) a pod's packets reach. One that refuses the connection was reached: only a policy
 * drops.
 */
export async function reached(pod: Json, targets: readonly string[]): Promise<Set<string>> {
  const { namespace, name } = pod.metadata;
  const script = `probe() { out=$(nc -w ${SECONDS} "$1" "$2" -e true </dev/null 2>&1); code=$?
    case "$code $out" in 0*|*refused*) echo "OPEN $1 $2";; *"timed out"*) echo "SHUT $1 $2";; *) echo "ODD $1 $2 $code $out";; esac; }
    while read -r address port; do probe "$address" "$port" & done; wait`;
  const container = pod.spec.containers[0].name;
  const answers = await kubectl(
    ['-n', namespace, 'exec', '-i', name, '-c', container, '--', 'sh', '-c', script],
    `${targets.join('\n')}\n`,
  );
  const lines = answers.trim().split('\n');
  const odd = lines.filter((line) => !/^(OPEN|SHUT) /.test(line));
  if (odd.length > 0 || lines.length !== targets.length)
    throw new Error(`${name}: ${lines.length} answers of ${targets.length}: ${odd.slice(0, 3).join('; ')}`);
  return new Set(lines.filter((line) => line.startsWith('OPEN ')).map((line) => line.slice('OPEN '.length)));
}
