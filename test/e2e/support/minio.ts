import { type ObjstoreOptions, S3Ca, S3Credentials } from 'cdk8s-thanos';
import type { Json } from '../../render';
import type { PrivateCa } from './certificates';
import { nameHost } from '../../programs/cluster';
import { applyOwn, clusterIp, exec, list } from './kubectl';
import { until } from './progress';
import { isReady, RESTRICTED_CONTAINER, RESTRICTED_POD } from './pods';

/** The guide's S3 store. */
export const S3_HOST = 's3.minio.example.com';
export const S3_PORT = 9000;
export const S3_BUCKET = 'thanos';
export const S3_KEYS = { AWS_ACCESS_KEY_ID: 'e2e-access-key', AWS_SECRET_ACCESS_KEY: 'e2e-secret-access-key' };

const IMAGE = process.env.E2E_MINIO_IMAGE ?? 'local/minio:dev';
const LABELS = { app: 'minio' };

/** How a MinIO keeps what it holds. */
export interface MinioOptions {
  /** Keeps the bucket on a volume, so that it outlives the pod. */
  readonly volume?: boolean;
  /** The name of its Service alone is known, with the domain of the cluster; not the guide's name. */
  readonly byService?: boolean;
  /** Keys of its root user, where they are not the guide's. */
  readonly keys?: typeof S3_KEYS;
}

/** The guide's bucket, as a stack is told of it. */
export function minioBucket(caPem: string): ObjstoreOptions & { ca: S3Ca; credentials: S3Credentials } {
  return {
    bucket: S3_BUCKET,
    endpoint: `${S3_HOST}:${S3_PORT}`,
    ca: S3Ca.fromPem(caPem),
    credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
  };
}

/** DNS name of a MinIO's Service. */
export function serviceHost(namespace: string): string {
  return `minio.${namespace}.svc.cluster.local`;
}

/** A MinIO that serves TLS under the guide's name, with the bucket made. Returns its cluster IP when its name needs hostAliases. */
export async function startMinio(
  namespace: string,
  ca: PrivateCa,
  { volume = false, byService = false, keys = S3_KEYS }: MinioOptions = {},
): Promise<string | undefined> {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'minio', namespace },
    spec: { selector: LABELS, ports: [{ name: 's3', port: S3_PORT }] },
  };
  await applyOwn(
    minioCertificate(namespace, ca),
    service,
    ...(volume ? [minioClaim(namespace)] : []),
    minioPod(namespace, volume, keys),
  );
  if (byService) {
    await minioReady(namespace);
    return undefined;
  }
  const ip = await clusterIp(namespace, 'minio');
  const named = nameHost(S3_HOST, ip);
  await minioReady(namespace);
  return named ? undefined : ip;
}

/** Waits until MinIO's pod is ready. */
export async function minioReady(namespace: string): Promise<void> {
  await until('MinIO is ready', async () => (await list(namespace, 'pods', '-l', 'app=minio')).some(isReady));
}

/** The Secret that MinIO reads its certificate and key from. */
export function minioCertificate(namespace: string, ca: PrivateCa): Json {
  const stringData = { 'public.crt': ca.certificatePem, 'private.key': ca.keyPem };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'minio-tls', namespace }, stringData };
}

/** The Secret of the guide's credentials. */
export function credentialsSecret(namespace: string): Json {
  const metadata = { name: 'thanos-s3-credentials', namespace };
  return { apiVersion: 'v1', kind: 'Secret', metadata, stringData: S3_KEYS };
}

/** Names of the blocks in the bucket. */
export async function blocks(namespace: string): Promise<string[]> {
  const names = await exec(namespace, 'minio', 'ls', `/data/${S3_BUCKET}`);
  return names.split('\n').filter((name) => /^[0-9A-Z]{26}\/?$/.test(name));
}

function minioClaim(namespace: string): Json {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'minio-data', namespace }, spec };
}

/** MinIO's pod. With a volume it can be deleted, and applied again. */
export function minioPod(namespace: string, volume: boolean, keys = S3_KEYS): Json {
  const data = { name: 'data', mountPath: '/data' };
  // a folder in MinIO's data directory is a bucket
  const mkdir = `busybox mkdir -p /data/${S3_BUCKET} || mkdir -p /data/${S3_BUCKET}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'minio', namespace, labels: LABELS },
    spec: {
      ...RESTRICTED_POD,
      terminationGracePeriodSeconds: 5,
      initContainers: [
        { name: 'bucket', image: IMAGE, command: ['sh', '-c', mkdir], volumeMounts: [data], ...RESTRICTED_CONTAINER },
      ],
      containers: [
        {
          name: 'minio',
          image: IMAGE,
          command: ['minio', 'server', '--certs-dir', '/certs', '--address', `:${S3_PORT}`, '/data'],
          env: [
            { name: 'MINIO_ROOT_USER', value: keys.AWS_ACCESS_KEY_ID },
            { name: 'MINIO_ROOT_PASSWORD', value: keys.AWS_SECRET_ACCESS_KEY },
          ],
          readinessProbe: {
            httpGet: { path: '/minio/health/ready', port: S3_PORT, scheme: 'HTTPS' },
            periodSeconds: 2,
          },
          volumeMounts: [data, { name: 'tls', mountPath: '/certs', readOnly: true }],
          ...RESTRICTED_CONTAINER,
        },
      ],
      volumes: [
        { name: 'data', ...(volume ? { persistentVolumeClaim: { claimName: 'minio-data' } } : { emptyDir: {} }) },
        { name: 'tls', secret: { secretName: 'minio-tls', defaultMode: 0o440 } },
      ],
    },
  };
}
