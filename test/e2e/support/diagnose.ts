import { kubectl } from './kubectl';
import { ownNamespaces } from './namespaces';

const LINES = 25;

/** Shows pods, events and the last log lines of pods that aren't ready, in every namespace of the suite. */
export async function diagnose(): Promise<void> {
  for (const namespace of ownNamespaces()) {
    const show = async (...args: string[]): Promise<void> => {
      const text = await kubectl(['-n', namespace, ...args]).catch((error: Error) => error.message);
      process.stderr.write(`--- ${namespace}: kubectl ${args.join(' ')}\n${tail(text)}\n`);
    };
    await show('get', 'pods,pvc', '-o', 'wide');
    await show('get', 'events', '--sort-by=.lastTimestamp');
    for (const pod of await unready(namespace)) {
      await show('logs', pod, '--all-containers', `--tail=${LINES}`);
      await show('logs', pod, '--all-containers', '--previous', `--tail=${LINES}`);
    }
  }
}

async function unready(namespace: string): Promise<string[]> {
  const text = await kubectl(['-n', namespace, 'get', 'pods', '-o', 'json']).catch(() => '{"items":[]}');
  return JSON.parse(text)
    .items.filter((pod: any) => !pod.status.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True'))
    .map((pod: any) => pod.metadata.name);
}

function tail(text: string): string {
  return text.trimEnd().split('\n').slice(-LINES).join('\n');
}
