import { type App, Chart, Duration, Size } from 'cdk8s';
import { BlockMarker, BucketJob, BucketTool, ObjstoreConfig, S3Ca, S3Credentials } from 'cdk8s-thanos';

const IDS = ['01DN3SK96XDAEKRB1AN30AAW6E'];

/** Each tool once, and whether it takes the word. */
export const TOOLS: readonly [BucketTool, boolean][] = [
  [BucketTool.ls(), false],
  [BucketTool.inspect(), false],
  [BucketTool.verify(), false],
  [BucketTool.cleanup(), false],
  [BucketTool.retention({ retention: { raw: Duration.days(30) } }), true],
  [BucketTool.downsample(), false],
  [BucketTool.mark({ ids: IDS, marker: BlockMarker.DELETION, details: 'e2e' }), true],
  [BucketTool.unmark({ ids: IDS, marker: BlockMarker.DELETION }), true],
  [BucketTool.rewrite({ ids: IDS, relabel: [{ action: 'labeldrop', regex: 'a' }], dryRun: false }), true],
];

/** All of them, once and on a schedule, with every option. No node takes their pods. */
export function bucketJobs(app: App, of: { namespace: string; endpoint: string; caPem: string }): string {
  const chart = new Chart(app, 'bucket-jobs', { namespace: of.namespace });
  const objstore = new ObjstoreConfig(chart, 'Bucket', {
    ...{ bucket: 'thanos', endpoint: of.endpoint, ca: S3Ca.fromPem(of.caPem), instance: 'tools' },
    credentials: S3Credentials.fromSecretName('keys'),
  });
  for (const [i, [tool, unsafeChangesBlocks]] of TOOLS.entries()) {
    const { word, disk } = tool._plan();
    const common = {
      ...{ objstore, tool, unsafeChangesBlocks, name: `t${i}`, retries: 3, deadline: Duration.hours(1) },
      ...(disk && { scratch: { size: Size.gibibytes(1), storageClassName: 'thanos-e2e-none' } }),
      nodeSelector: { 'kubernetes.io/os': 'none' },
    };
    new BucketJob(chart, `${word}-${i}`, { ...common, keepFinished: Duration.days(1) });
    new BucketJob(chart, `${word}-${i}-often`, { ...common, schedule: '0 3 * * 1-5', timeZone: 'Etc/UTC' });
  }
  return app.synthYaml();
}
