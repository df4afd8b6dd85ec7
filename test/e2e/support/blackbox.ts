import type { Json } from '../../render';
import { applyOwn } from './kubectl';
import { debianImage } from './prometheus';
import { ownPod, podReady } from './watching';

const IMAGE = process.env.E2E_BLACKBOX_IMAGE ?? 'local/blackbox-exporter:test';
const NAME = 'blackbox';
const PORT = 9115;

/** A blackbox exporter, which asks a server for its certificate. Returns the job of a Prometheus that scrapes it. */
export async function startBlackbox(namespace: string, target: string): Promise<Json> {
  if (!process.env.E2E_BLACKBOX_IMAGE) debianImage(IMAGE, 'prometheus-blackbox-exporter', 'blackbox-exporter');
  const tls = { prober: 'tcp', tcp: { tls: true, tls_config: { insecure_skip_verify: true } } };
  const metadata = { name: NAME, namespace };
  await applyOwn(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'blackbox.yml': JSON.stringify({ modules: { tls } }) } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: NAME }, ports: [{ port: PORT }] },
    },
    ownPod(namespace, NAME, {
      image: IMAGE,
      command: ['blackbox-exporter', '--config.file=/config/blackbox.yml'],
      readinessProbe: { httpGet: { path: '/-/healthy', port: PORT }, periodSeconds: 2 },
    }),
  );
  await podReady(namespace, NAME);
  return {
    job_name: NAME,
    metrics_path: '/probe',
    params: { module: ['tls'], target: [target] },
    static_configs: [{ targets: [`${NAME}.${namespace}.svc.cluster.local:${PORT}`] }],
  };
}
