import { BLOCK_TIME, type BlockTime } from '../component/block-time';
import { BlockSelector } from '../component/block-selector';
import type { StoreGatewayOptions, StoreStorageOptions } from '../component/store-gateway';
import { RESOURCES, type ResourceOptions } from '../pod/resources';
import { dnsLabel } from '../support/names';
import { found, InputProblem } from '../support/problem';
import { int32, jsonObject, listOf, struct, wholeNumber } from '../support/rows';
import { required, type Row, type StructTable, within } from '../support/table';
import { notFields } from '../support/shape';
import { firstTwice } from '../support/twice';

/** Store gateways for a part of the time. */
export interface StoreTimeShardOptions {
  /** Name of the part, in the names of its objects: `recent`. It can't be changed later. */
  readonly name: string;
  /**
   * Where it begins; it ends where the part before it begins. Samples of blocks across it are served by the part that they
   * lie in.
   * @default - the last one: everything that is older
   */
  readonly since?: BlockTime;
  /**
   * Pods, for each of its parts by hash.
   * @default - that of the store gateways
   */
  readonly replicas?: number;
  /**
   * The volume.
   * @default - that of the store gateways
   */
  readonly storage?: StoreStorageOptions;
  /**
   * Requests and limits.
   * @default - those of the store gateways
   */
  readonly resources?: ResourceOptions;
}

/** Parts into which the store gateways of a stack divide the bucket: by hash, by time, or each part of one by the other. */
export interface StoreShardsOptions {
  /**
   * Number of parts by a hash of the blocks' ids, two or more. Another number moves most blocks to other pods.
   * @default - one
   */
  readonly hash?: number;
  /**
   * Parts by time, from the newest on.
   * @default - one
   */
  readonly time?: StoreTimeShardOptions[];
}

/** What the store gateways of a stack can be told. */
export interface StackStoreGatewayOptions extends StoreGatewayOptions {
  /**
   * Parts, each with pods of its own and the label `thanos.io/shard`. Together they serve the whole bucket.
   * @default - every pod serves all blocks
   */
  readonly shards?: StoreShardsOptions;
}

/** A part of the components of one kind in a stack. */
export interface StackShard<P> {
  /** Undefined for the only one. */
  readonly shard?: string;
  readonly options: P;
}

const TIME: StructTable<StoreTimeShardOptions> = {
  name: required(dnsLabel, 'Give a name, such as "recent"'),
  since: BLOCK_TIME,
  replicas: int32(0),
  storage: jsonObject,
  resources: RESOURCES,
};

const SHARDS: Row<StoreShardsOptions> = struct<StoreShardsOptions>(
  { hash: wholeNumber(2), time: listOf(struct(TIME)) },
  ({ hash, time }) => {
    if (hash === undefined && time === undefined)
      throw new InputProblem('is empty; give hash, time or both, or leave it out');
    if (time) within('time', () => requireWholeTime(time));
  },
);

/** Shards that are no object, such as a number of them, are told which there are: none of their fields has a default. */
export function forms(shards: unknown, give: string): unknown {
  if (typeof shards === 'object' && shards !== null && !Array.isArray(shards)) return shards;
  throw new InputProblem(`${notFields(shards)}. Give ${give}`);
}

/** The store gateways of a stack: one, or a part each. */
export function storeShards(given: StackStoreGatewayOptions): StackShard<StoreGatewayOptions>[] {
  const { shards, ...options } = given;
  if (shards === undefined) return [{ options }];
  const { hash, time } = within('shards', () => SHARDS(forms(shards, '{ hash: 3 }, or { time: […] }')));
  refuse(options, 'blocks', hash);
  refuse(options, 'minTime', time);
  refuse(options, 'maxTime', time);
  const times = time ? time.map((one, i) => timeShard(options, one, time[i - 1])) : [{ options }];
  return hash === undefined ? times : times.flatMap((one) => hashShards(one, hash));
}

function timeShard(
  options: StoreGatewayOptions,
  { name, since, ...own }: StoreTimeShardOptions,
  newer?: StoreTimeShardOptions,
): StackShard<StoreGatewayOptions> {
  return { shard: name, options: { ...options, ...own, minTime: since, maxTime: newer?.since } };
}

function hashShards(
  { shard, options }: StackShard<StoreGatewayOptions>,
  total: number,
): StackShard<StoreGatewayOptions>[] {
  return Array.from({ length: total }, (_, index) => ({
    shard: shard === undefined ? `h${index}` : `${shard}-h${index}`,
    options: { ...options, blocks: BlockSelector.hash({ index, total }) },
  }));
}

/** Each part begins before the one that is newer, and the last has no beginning: there is no hole, and no overlap. */
function requireWholeTime(time: readonly StoreTimeShardOptions[]): void {
  if (time.length < 2) throw new InputProblem('has fewer than two parts; give two or more, or leave it out');
  const twice = firstTwice(time.map(({ name }) => name));
  if (twice !== undefined) throw new InputProblem(`${found(twice)} is the name of two parts; give each its own`);
  time.forEach(({ since }, i) =>
    within(`[${i}]`, () => {
      const last = i === time.length - 1;
      if (last && since)
        throw new InputProblem('since: leaves a hole: nobody would serve what is older. Leave it out of the last part');
      if (!last && !since)
        throw new InputProblem('since: is missing; only the last part, the oldest, has no beginning');
      const newer = time[i - 1]?.since;
      if (since && newer && !isBefore(since, newer))
        throw new InputProblem(
          `since: ${since._text()} is not before ${newer._text()}, where the part before it begins; parts go from the newest to the oldest`,
        );
    }),
  );
}

/** Of a bound that moves and one that does not, nobody can say. */
function isBefore(a: BlockTime, b: BlockTime): boolean {
  const [one, other] = [a._at(), b._at()];
  return one.moves !== other.moves || one.milliseconds < other.milliseconds;
}

function refuse(options: StoreGatewayOptions, prop: keyof StoreGatewayOptions, shards: unknown): void {
  if (shards !== undefined && options[prop] !== undefined)
    throw new InputProblem(`${prop}: is what shards decides for each part. Drop one of the two`);
}

/** Id of the construct of a part, and of the only one. */
export function shardId(id: string, shard: string | undefined): string {
  return shard === undefined ? id : `${id}-${shard}`;
}
