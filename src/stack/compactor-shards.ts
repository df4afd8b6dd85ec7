import { BlockSelector } from '../component/block-selector';
import type { CompactorOptions } from '../component/compactor';
import { dnsLabel } from '../support/names';
import { found, InputProblem } from '../support/problem';
import { listOf, struct, text, textList, wholeNumber, yesOrNo } from '../support/rows';
import { required, type Row, type StructTable, within } from '../support/table';
import { forms, type StackShard } from './store-shards';
import { firstTwice } from '../support/twice';

/** Compactors that divide the blocks by a hash of external labels. */
export interface CompactorHashShardsOptions {
  /** Number of compactors, two or more. */
  readonly total: number;
  /**
   * External labels that are hashed, without those of replicas: `cluster`, `tenant_id`. Blocks that are alike in them have
   * the same compactor.
   */
  readonly labels: string[];
}

/** A compactor for some values of a label. */
export interface CompactorValueShardOptions {
  /** Name of the part, in the names of its objects. It can't be changed later. */
  readonly name: string;
  /**
   * Values of the label.
   * @default - all that no other part has
   */
  readonly values?: string[];
}

/** Compactors that divide the blocks by the values of an external label. */
export interface CompactorValueShardsOptions {
  /** Name of the external label. */
  readonly label: string;
  /** The compactors. One without values takes what no other has. */
  readonly parts: CompactorValueShardOptions[];
  /**
   * Whether there are no other values than those that are named, so that no part has to take the rest.
   * @default false
   */
  readonly whole?: boolean;
}

/** Parts into which the compactors of a stack divide the bucket. Exactly one of the two. */
export interface CompactorShardsOptions {
  /**
   * By a hash of external labels.
   * @default - values
   */
  readonly hash?: CompactorHashShardsOptions;
  /**
   * By the values of an external label.
   * @default - hash
   */
  readonly values?: CompactorValueShardsOptions;
}

/** What the compactors of a stack can be told. */
export interface StackCompactorOptions extends CompactorOptions {
  /**
   * Parts, each with a compactor of its own and the label `thanos.io/shard`.
   * @default - one compactor for all blocks
   */
  readonly shards?: CompactorShardsOptions;
}

const HASH: StructTable<CompactorHashShardsOptions> = {
  total: required(wholeNumber(2), 'Give the number of compactors'),
  labels: required(textList, 'Name the external labels that are hashed'),
};
const PART: StructTable<CompactorValueShardOptions> = {
  name: required(dnsLabel, 'Give a name'),
  values: textList,
};
const VALUES: StructTable<CompactorValueShardsOptions> = {
  label: required(text, 'Name the external label'),
  parts: required(listOf(struct(PART)), 'Give a name and values for each compactor'),
  whole: yesOrNo,
};

const BY_LABEL = '{ hash: { total: 3, labels: […] } }, or { values: { label: …, parts: […] } }';

const SHARDS: Row<CompactorShardsOptions> = struct<CompactorShardsOptions>(
  { hash: struct(HASH), values: struct(VALUES) },
  ({ hash, values }) => {
    if ((hash === undefined) === (values === undefined))
      throw new InputProblem('give hash or values, exactly one of the two');
    if (values) within('values', () => requireWhole(values));
  },
);

/** The compactors of a stack: one, or a part each. */
export function compactorShards(given: StackCompactorOptions): StackShard<CompactorOptions>[] {
  const { shards, ...options } = given;
  if (shards === undefined) return [{ options }];
  if (options.blocks) throw new InputProblem('blocks: is what shards decides for each part. Drop one of the two');
  const { hash, values } = within('shards', () => SHARDS(forms(shards, BY_LABEL)));
  const parts = hash ? byHash(hash) : byValue(values!);
  return parts.map(([shard, blocks]) => ({ shard, options: { ...options, blocks } }));
}

type Part = [shard: string, blocks: BlockSelector];

function byHash({ total, labels }: CompactorHashShardsOptions): Part[] {
  return Array.from({ length: total }, (_, index) => [`h${index}`, BlockSelector.hash({ index, total, labels })]);
}

function byValue({ label, parts }: CompactorValueShardsOptions): Part[] {
  const all = parts.flatMap(({ values = [] }) => values);
  return parts.map(({ name, values }) => [
    name,
    values ? BlockSelector.labelValues(label, values) : BlockSelector.otherThan(label, all),
  ]);
}

/** Every block has exactly one compactor. */
function requireWhole({ parts, whole = false }: CompactorValueShardsOptions): void {
  if (parts.length < 2) throw new InputProblem('parts: are fewer than two; give two or more, or leave shards out');
  const twice = firstTwice(parts.map(({ name }) => name));
  if (twice !== undefined) throw new InputProblem(`parts: ${found(twice)} is the name of two; give each its own`);
  const shared = firstTwice(parts.flatMap((part) => part.values ?? []));
  if (shared !== undefined)
    throw new InputProblem(`parts: overlap: ${found(shared)} is in two; two compactors on a block corrupt it`);
  const rest = parts.filter((part) => part.values === undefined).map(({ name }) => name);
  if (rest.length > 1)
    throw new InputProblem(`parts: ${rest.map(found).join(' and ')} both have no values; one alone can take the rest`);
  if (rest.length === 0 && !whole)
    throw new InputProblem(
      'parts: leave a hole: blocks with other values have no compactor. Add a part without values, or say whole: true',
    );
  if (rest.length > 0 && whole)
    throw new InputProblem(`whole: has no effect, since ${found(rest[0])} takes the rest. Drop it`);
}
