import { applyOwn, kubectl } from './kubectl';
import { until } from './progress';
import { reclaimVolumes } from './volumes';

const MARK = 'thanos-e2e';
const own = new Set<string>();

/** Namespaces that this test file made. */
export function ownNamespaces(): string[] {
  return [...own];
}

const RESTRICTED = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

/**
 * Makes a namespace that enforces Pod Security "restricted" and warns of it too, unless told otherwise. One that is there already is taken down
 * first when the suite made it.
 *
 * @throws where somebody else's namespace has the name
 */
export async function makeNamespace(name: string, security: Record<string, string> = RESTRICTED): Promise<void> {
  const found = await kubectl(['get', 'namespace', name, '--ignore-not-found', '-o', 'json']);
  if (found !== '') {
    if (JSON.parse(found).metadata.labels?.[MARK] !== 'yes')
      throw new Error(`namespace ${name} exists and is not this suite's: delete it, or use another cluster`);
    await drop(name);
    await reclaimVolumes();
  }
  own.add(name);
  const labels = { [MARK]: 'yes', ...security };
  await applyOwn({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  await until(`the service account of ${name}`, () => kubectl(['-n', name, 'get', 'serviceaccount', 'default']));
}

/**
 * Takes down the namespaces that this file made, with their volumes. The newest first: receivers upload when they stop,
 * and would wait for minutes on an S3 store that is gone.
 */
export async function dropNamespaces(): Promise<void> {
  if (own.size === 0) return;
  for (const name of [...own].reverse()) {
    await drop(name);
    own.delete(name);
  }
  await reclaimVolumes();
}

async function drop(name: string): Promise<void> {
  await kubectl(['delete', 'namespace', name, '--ignore-not-found', '--timeout=300s']);
}
