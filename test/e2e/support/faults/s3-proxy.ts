import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { applyOwn, list } from '../kubectl';
import { S3_PORT, serviceHost } from '../minio';
import { NODE_IMAGE, nodeImage } from '../node-image';
import { isReady, RESTRICTED_CONTAINER, RESTRICTED_POD } from '../pods';
import { until } from '../progress';
import type { ApiProxy } from './api-proxy';

const NAME = 's3-proxy';
const CONTROL_PORT = 8080;
const LABELS = { app: NAME };

/** What the proxy does to each request. */
export type Mode =
  | { readonly mode: 'pass' | 'cut' | 'truncate' }
  | { readonly mode: 'slow'; readonly milliseconds: number }
  | {
      readonly mode: 'refuse';
      /** One of so many requests goes through. */
      readonly every: number;
      /** Status and S3's own code, in turn. */
      readonly answers: readonly (readonly [number, string])[];
    };

/** Starts it in front of MinIO, with MinIO's certificate. Returns the name of its Service. */
export async function startS3Proxy(namespace: string): Promise<string> {
  nodeImage();
  const script = readFileSync(path.join(__dirname, 'proxy-script.mjs'), 'utf8');
  await applyOwn(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: NAME, namespace }, data: { 'proxy.mjs': script } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: NAME, namespace },
      spec: { selector: LABELS, ports: [{ name: 's3', port: S3_PORT }] },
    },
    proxyPod(namespace),
  );
  await until('the proxy is ready', async () => (await list(namespace, 'pods', '-l', `app=${NAME}`)).some(isReady));
  return NAME;
}

/** Tells it what to do from now on; returns what it did since it was told last. */
export async function setMode(api: ApiProxy, namespace: string, mode: Mode): Promise<Record<string, number>> {
  const url = api.urlOf(namespace, `pods/${NAME}:${CONTROL_PORT}`, '/');
  const did = (await (await fetch(url)).json()) as Record<string, number>;
  const { status } = await fetch(url, { method: 'PUT', body: JSON.stringify(mode) });
  if (status !== 200) throw new Error(`the proxy answers ${status}`);
  return did;
}

function proxyPod(namespace: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: NAME, namespace, labels: LABELS },
    spec: {
      ...RESTRICTED_POD,
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: NAME,
          image: NODE_IMAGE,
          command: ['node', '/script/proxy.mjs', serviceHost(namespace)],
          readinessProbe: { httpGet: { path: '/', port: CONTROL_PORT }, periodSeconds: 1 },
          volumeMounts: [
            { name: 'script', mountPath: '/script', readOnly: true },
            { name: 'tls', mountPath: '/certs', readOnly: true },
          ],
          ...RESTRICTED_CONTAINER,
        },
      ],
      volumes: [
        { name: 'script', configMap: { name: NAME } },
        { name: 'tls', secret: { secretName: 'minio-tls', defaultMode: 0o440 } },
      ],
    },
  };
}
