import { type App, Chart, Duration, Size } from 'cdk8s';
import {
  BlockMarker,
  BucketJob,
  type BucketJobOptions,
  BucketTool,
  ObjstoreConfig,
  S3Ca,
  S3Credentials,
} from 'cdk8s-thanos';

const IDS = ['01DN3SK96XDAEKRB1AN30AAW6E'];
const CHANGES = { unsafeChangesBlocks: true };
/** No volume is made: the class does not exist. */
const SCRATCH = { size: Size.gibibytes(1), storageClassName: 'thanos-e2e-none' };

/** Each tool once, and what it takes besides. */
export const TOOLS: readonly [BucketTool, Partial<BucketJobOptions>][] = [
  [BucketTool.ls(), {}],
  [BucketTool.inspect(), {}],
  [BucketTool.verify(), { scratch: SCRATCH }],
  [BucketTool.cleanup(), {}],
  [BucketTool.retention({ retention: { raw: Duration.days(30) } }), CHANGES],
  [BucketTool.downsample(), { scratch: SCRATCH }],
  [BucketTool.mark({ ids: IDS, marker: BlockMarker.DELETION, details: 'e2e' }), CHANGES],
  [BucketTool.unmark({ ids: IDS, marker: BlockMarker.DELETION }), CHANGES],
  [
    BucketTool.rewrite({ ids: IDS, relabel: [{ action: 'labeldrop', regex: 'a' }], dryRun: false }),
    { ...CHANGES, scratch: SCRATCH },
  ],
];

/** All of them, once and on a schedule, with every option. No node takes their pods. */
export function bucketJobs(app: App, of: { namespace: string; endpoint: string; caPem: string }): string {
  const chart = new Chart(app, 'bucket-jobs', { namespace: of.namespace });
  const objstore = new ObjstoreConfig(chart, 'Bucket', {
    ...{ bucket: 'thanos', endpoint: of.endpoint, ca: S3Ca.fromPem(of.caPem), instance: 'tools' },
    credentials: S3Credentials.fromSecretName('keys'),
  });
  for (const [i, [tool, more]] of TOOLS.entries()) {
    const common = {
      ...{ objstore, tool, name: `t${i}`, retries: 3, deadline: Duration.hours(1), ...more },
      nodeSelector: { 'kubernetes.io/os': 'none' },
    };
    new BucketJob(chart, `once-${i}`, { ...common, keepFinished: Duration.days(1) });
    new BucketJob(chart, `often-${i}`, { ...common, schedule: '0 3 * * 1-5', timeZone: 'Etc/UTC' });
  }
  return app.synthYaml();
}
