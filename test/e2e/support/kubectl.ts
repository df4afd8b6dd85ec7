import { execFile } from 'node:child_process';
import type { Json } from '../../render';

/** Field manager of the suite's own objects, so that applying the manifests never takes them for its own. */
const MANAGER = '--field-manager=thanos-e2e';
const LARGEST_ANSWER = 512 * 1024 * 1024;

/** Runs kubectl and returns what it prints. */
export function kubectl(args: string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('kubectl', args, { maxBuffer: LARGEST_ANSWER }, (error, stdout, stderr) => {
      if (error) reject(new Error(`kubectl ${args.slice(0, 8).join(' ')}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
    child.stdin!.on('error', () => undefined);
    child.stdin!.end(input ?? '');
  });
}

/** Applies manifests as the README tells users to, with unknown fields and Pod Security warnings as errors. */
export function applyManifests(yaml: string, ...options: string[]): Promise<string> {
  return kubectl(['--warnings-as-errors', 'apply', '--server-side', '--validate=strict', ...options, '-f', '-'], yaml);
}

/** Applies objects of the suite's own: what the stack meets in a cluster. */
export async function applyOwn(...objects: Json[]): Promise<void> {
  // a list: not every kubectl takes a line between two documents of JSON
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  await kubectl(['apply', '--server-side', '--force-conflicts', MANAGER, '-f', '-'], text);
}

/** Objects of a kind in a namespace. */
export async function list(namespace: string, kind: string, ...options: string[]): Promise<Json[]> {
  return JSON.parse(await kubectl(['-n', namespace, 'get', kind, '-o', 'json', ...options])).items;
}

/** Cluster IP of a Service. */
export async function clusterIp(namespace: string, service: string): Promise<string> {
  return (await kubectl(['-n', namespace, 'get', 'service', service, '-o', 'jsonpath={.spec.clusterIP}'])).trim();
}

/** Runs a command in a pod. */
export function exec(namespace: string, pod: string, ...command: string[]): Promise<string> {
  return kubectl(['-n', namespace, 'exec', pod, '--', ...command]);
}

/** HTTP GET through the API server's proxy, which reaches pods from anywhere. `target` is `pods/NAME:PORT` or `services/NAME:PORT`. */
export function httpGet(namespace: string, target: string, url: string): Promise<string> {
  return kubectl(['get', '--raw', `/api/v1/namespaces/${namespace}/${target}/proxy${url}`]);
}
