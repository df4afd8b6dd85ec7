import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import type { PrivateCa } from './certificates';
import { applyOwn, kubectl } from './kubectl';
import { minioCertificate, minioPod, minioReady, S3_HOST, S3_PORT } from './minio';
import { forwarded } from './port-forward';
import { until } from './progress';

/** Gives a running MinIO another certificate, and waits until it serves that one. It is not restarted. */
export async function serveCertificate(namespace: string, ca: PrivateCa): Promise<void> {
  await applyOwn(minioCertificate(namespace, ca));
  // any change of a pod makes the kubelet look at its volumes now, not at its next round
  await kubectl(['-n', namespace, 'annotate', 'pod', 'minio', '--overwrite', `thanos-e2e/nudge=${Date.now()}`]);
  const wanted = new X509Certificate(ca.certificatePem).fingerprint256;
  await until('MinIO serves the new certificate', async () => (await servedFingerprint(namespace)) === wanted);
}

/** Deletes MinIO's pod; its volume stays. */
export async function takeMinioAway(namespace: string): Promise<void> {
  await kubectl(['-n', namespace, 'delete', 'pod', 'minio', '--wait']);
}

/** Starts MinIO again on its volume. */
export async function bringMinioBack(namespace: string): Promise<void> {
  await applyOwn(minioPod(namespace, true));
  await minioReady(namespace);
}

/** SHA-256 of the certificate that MinIO presents now. */
function servedFingerprint(namespace: string): Promise<string> {
  return forwarded(
    namespace,
    'minio',
    S3_PORT,
    (port) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, servername: S3_HOST, rejectUnauthorized: false });
        socket.setTimeout(5000, () => socket.destroy(new Error('no handshake within 5 s')));
        socket.on('error', reject);
        socket.on('secureConnect', () => {
          const { fingerprint256 } = socket.getPeerCertificate();
          socket.destroy();
          resolve(fingerprint256);
        });
      }),
  );
}
