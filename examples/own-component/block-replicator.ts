import { BucketComponent, type ComponentOptions, type ObjstoreConfig } from 'cdk8s-thanos';
import type { Construct } from 'constructs';

const TARGET = '/etc/thanos/target';

/** What a BlockReplicator can be told: all that every component can, and its own. */
export interface BlockReplicatorProps extends ComponentOptions {
  /** The bucket that is copied. */
  readonly objstore: ObjstoreConfig;
  /** Secret with the config of the bucket that the blocks are copied to, under the key objstore.yml. */
  readonly targetSecret: string;
  /** A Prometheus matcher over external labels: blocks that match are copied. */
  readonly matcher: string;
}

/** `thanos tools bucket replicate`: copies blocks to a second bucket, as they appear. */
export class BlockReplicator extends BucketComponent {
  constructor(scope: Construct, id: string, props: BlockReplicatorProps) {
    const { targetSecret, matcher, ...options } = props;
    super(scope, id, {
      ...options,
      kind: {
        component: 'replicator',
        command: ['tools', 'bucket', 'replicate'],
        args: [
          `--objstore-to.config-file=${TARGET}/objstore.yml`,
          `--matcher=${matcher}`,
          '--ignore-marked-for-deletion',
        ],
      },
      volumes: [...(options.volumes ?? []), { name: 'target', secret: { secretName: targetSecret } }],
      volumeMounts: [...(options.volumeMounts ?? []), { name: 'target', mountPath: TARGET, readOnly: true }],
    });
  }
}
