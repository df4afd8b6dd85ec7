import type { OptionalBucketProps } from './bucket-props';
import type { Context } from './context';
import type { Flags } from './flags';
import { requireRetention } from './retention';

/** What whoever runs `thanos compact` must keep to, and tell the app: one compactor works on a bucket, or each on its shard. */
export function judgeCompaction({ construct, props, registry }: Context<OptionalBucketProps>, flags: Flags): void {
  requireRetention(construct, flags);
  if (props.objstore === undefined) return;
  const shard = flags.value('--selector.relabel-config') ?? flags.value('--selector.relabel-config-file');
  registry.compactors.push({ bucket: props.objstore.bucketId, construct, shard });
}
