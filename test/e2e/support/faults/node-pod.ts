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

  /** A signal to every process of a pod's first container: `KILL`, `STOP`, `CONT`. */
  public async signal(signal: 'KILL' | 'STOP' | 'CONT', namespace: string, pod: string): Promise<void> {
    const { status }: Json = JSON.parse(await kubectl(['-n', namespace, 'get', 'pod', pod, '-o', 'json']));
    const id = status.containerStatuses[0].containerID.replace(/^.*:\/\//, '');
    const script = `n=0
      for p in /proc/[0-9]*; do grep -q "$1" $p/cgroup 2>/dev/null && kill -${signal} \${p#/proc/} && n=$((n + 1)); done
      echo $n`;
    const reached = await exec(this.namespace, POD, 'sh', '-c', script, 'sh', id);
    if (Number(reached) === 0) throw new Error(`no process of ${pod} was found on the node`);
  }
}
