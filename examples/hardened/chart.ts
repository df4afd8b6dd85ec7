import * as path from 'node:path';
import { type App, Size } from 'cdk8s';
import {
  type ImageOptions,
  ImagePullPolicy,
  NetworkPeer,
  type ResourceOptions,
  S3Ca,
  S3Credentials,
  ThanosStack,
} from 'cdk8s-thanos';

const NAMESPACE = 'monitoring';

/** A stack of which kube-linter, kube-score, polaris and checkov find nothing to say. `now` judges the CA's validity. */
export function hardenedStack(app: App, now?: Date): ThanosStack {
  const spread = { topologySpread: [{ topologyKey: 'topology.kubernetes.io/zone' }] };
  return new ThanosStack(app, 'thanos', {
    namespace: NAMESPACE,
    createNamespace: true,
    objstore: {
      bucket: 'thanos',
      endpoint: 's3.minio.example.com:9000',
      ca: S3Ca.fromFile(path.join(__dirname, 'certs/minio-ca.crt'), { validAt: now }),
      credentials: S3Credentials.fromCredentialsFile('thanos-s3-credentials'),
    },
    image: pinned('1'),
    receiver: { replicas: 3, ...spread, resources: limits('1', 2) },
    compactor: { resources: limits('1', 2) },
    storeGateway: { replicas: 2, ...spread, resources: limits('1', 2) },
    query: { replicas: 2, ...spread, resources: limits('1', 1) },
    queryFrontend: { replicas: 2, ...spread, resources: limits('500m', 1) },
    grafana: {
      image: pinned('2'),
      resources: limits('500m', 1),
      // no user of a node has such a number
      security: { user: 10472, group: 10472, fsGroup: 10472 },
      // not as variables, which every process of a container shows
      admin: { files: true },
      // polaris takes the variable that names the password's file for the password
      annotations: { 'polaris.fairwinds.com/sensitiveContainerEnvVar-exempt': 'true' },
    },
    // only who is named here is spoken to, or may speak to the stack
    networkPolicies: {
      objstore: NetworkPeer.cidr('10.20.0.0/16'),
      prometheus: NetworkPeer.pods({ labels: { 'app.kubernetes.io/name': 'prometheus' } }),
      writers: NetworkPeer.pods({ labels: { 'app.kubernetes.io/name': 'prometheus' } }),
      viewers: NetworkPeer.pods({ namespace: 'ingress' }),
    },
  });
}

/** An image by digest, asked for at each start. These are digests of nothing: put those of your registry in. */
function pinned(digit: string): ImageOptions {
  return { digest: `sha256:${digit.repeat(64)}`, pullPolicy: ImagePullPolicy.ALWAYS };
}

/** Limits of everything; the requests stay as measured. Logs that outgrow a node's rotation end the pod, not the node. */
function limits(cpu: string, memoryGibibytes: number): ResourceOptions {
  const memory = Size.gibibytes(memoryGibibytes);
  return { limits: { cpu, memory, ephemeralStorage: Size.gibibytes(4) } };
}
