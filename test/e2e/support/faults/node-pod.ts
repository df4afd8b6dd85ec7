import type { Json } from '../../../render';
import { applyOwn, exec, kubectl, list } from '../kubectl';
import { makeNamespace } from '../namespaces';
import { isReady } from '../pods';
import { until } from '../progress';
import { ASLEEP } from '../probes';

const POD = 'on-node';

/** A pod that sees every process of its node: the only way to end one without its container's leave. */
export class NodePod {
  /** Starts it in a namespace of its own, which allows that. */
  public static async start(namespace: string): Promise<NodePod> {
    await makeNamespace(namespace, { 'pod-security.kubernetes.io/enforce': 'privileged' });
    await applyOwn({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: POD, namespace },
      spec: {
        hostPID: true,
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'node', ...ASLEEP, securityContext: { privileged: true, runAsUser: 0 } }],
      },
    });
    await until('the pod on the node', async () => (await list(namespace, 'pods')).some(isReady));
    return new NodePod(namespace);
  }

  private constructor(private readonly namespace: string) {}

  /** SIGKILL to every process of a pod's first container. */
  public async kill(namespace: string, pod: string): Promise<void> {
    const ids = await this.#processes(namespace, pod);
    // one of them may have ended meanwhile
    await exec(this.namespace, POD, 'sh', '-c', `kill -KILL ${ids} || true`);
  }

  /** Has a pod's first container stand still for six of seven seconds. Returns what ends that. */
  public async hold(namespace: string, pod: string): Promise<() => Promise<void>> {
    const ids = await this.#processes(namespace, pod);
    const loop = `(while true; do kill -STOP ${ids}; sleep 6; kill -CONT ${ids}; sleep 1; done) >/dev/null 2>&1 & echo $!`;
    const id = (await exec(this.namespace, POD, 'sh', '-c', loop)).trim();
    return async () => void (await exec(this.namespace, POD, 'sh', '-c', `kill ${id}; kill -CONT ${ids}`));
  }

  async #processes(namespace: string, pod: string): Promise<string> {
    const { status }: Json = JSON.parse(await kubectl(['-n', namespace, 'get', 'pod', pod, '-o', 'json']));
    const id = status.containerStatuses[0].containerID.replace(/^.*:\/\//, '');
    const script = `grep -ls "$1" /proc/[0-9]*/cgroup | while IFS=/ read -r _ _ p _; do echo $p; done`;
    const found = (await exec(this.namespace, POD, 'sh', '-c', script, 'sh', id)).trim();
    if (found === '') throw new Error(`no process of ${pod} was found on the node`);
    return found.replaceAll('\n', ' ');
  }
}
