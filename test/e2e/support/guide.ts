import { App, JsonPatch } from 'cdk8s';
import { S3Ca, type ThanosStack } from 'cdk8s-thanos';
import { guideStack } from '../../../examples/guide/chart';
import { applyManifests, applyOwn } from './kubectl';
import { credentialsSecret, S3_HOST } from './minio';

/** Namespace of the guide's example. */
export const GUIDE = 'monitoring';

/** How a test runs the guide's stack. */
export interface GuideRun {
  /** The CA in place of the example's own, which signed nothing here. */
  readonly caPem: string;
  /** Cluster IP of the S3 store, where its name must be told to the pods. */
  readonly s3Ip?: string;
}

/** Manifests of the guide's example, its function called as it is, for a cluster of one small node. */
export function guideManifests(run: GuideRun): string {
  const fromFile = jest.spyOn(S3Ca, 'fromFile').mockImplementation((_, options) => S3Ca.fromPem(run.caPem, options));
  try {
    const app = new App();
    fitNode(guideStack(app, new Date()), run.s3Ip);
    return app.synthYaml();
  } finally {
    fromFile.mockRestore();
  }
}

/** Applies the guide's stack, and the Secrets that it says must exist. The namespace is there. */
export async function applyGuide(run: GuideRun): Promise<void> {
  const metadata = { name: 'grafana-admin', namespace: GUIDE };
  const stringData = { 'admin-user': 'admin', 'admin-password': 'e2e-admin-password' };
  await applyOwn(credentialsSecret(GUIDE), { apiVersion: 'v1', kind: 'Secret', metadata, stringData });
  await applyManifests(guideManifests(run));
}

/**
 * Two index caches of 2 GiB are more than a small node has free, and the example looks at the bucket every 15 minutes: both
 * through the patches that users have. All other requests are the example's own, those of its Capacity.
 */
function fitNode(stack: ThanosStack, s3Ip?: string): void {
  const parts = [
    stack.receiver,
    stack.compactor,
    stack.storeGateway,
    stack.ruler,
    stack.query,
    stack.queryFrontend,
    stack.grafana,
  ];
  const container = '/spec/template/spec/containers/0';
  for (const { workload } of s3Ip ? parts.filter((part) => part !== undefined) : [])
    workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostAliases', [{ ip: s3Ip, hostnames: [S3_HOST] }]));
  stack.storeGateway!.workload.addJsonPatch(
    JsonPatch.replace(`${container}/resources/requests/memory`, '512Mi'),
    JsonPatch.add(`${container}/args/-`, '--sync-block-duration=10s'),
  );
}
