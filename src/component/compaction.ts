import type { BlockSelection } from '../app/block-selection';
import { type BlockSelector, relabelConfig } from './block-selector';
import type { OptionalBucketProps } from './bucket-props';
import type { Context } from './context';
import type { Flags } from './flags';
import { requireRetention } from './retention';

/** What whoever runs `thanos compact` must keep to, and tell the app: one compactor works on a bucket, or each on its shard. */
export function judgeCompaction(
  { construct, props, registry }: Context<OptionalBucketProps & { readonly blocks?: BlockSelector }>,
  flags: Flags,
): void {
  requireRetention(construct, flags);
  if (props.objstore === undefined) return;
  const shard = flags.value('--selector.relabel-config') ?? flags.value('--selector.relabel-config-file');
  const merges = flags.has(/^--compact\.enable-vertical-compaction$/);
  const bucket = props.objstore.bucketId;
  registry.compactors.push({ bucket, construct, shard, selection: selectionOf(props, flags), merges });
}

/** What the prop selects, where no argument took its place. */
export function selectionOf({ blocks }: { readonly blocks?: BlockSelector }, flags: Flags): BlockSelection | undefined {
  if (!blocks || flags.value('--selector.relabel-config') !== relabelConfig(blocks)) return undefined;
  return blocks._selection();
}
