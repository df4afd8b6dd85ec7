import type { BlockSelection } from '../app/block-selection';
import { argLiteral } from '../support/escape';
import { found, InputProblem } from '../support/problem';
import { isLabelName } from './external-labels';
import { having, listOf, text, wholeNumber } from '../support/rows';
import { readStruct, required, type Row, type StructTable, within } from '../support/table';
import { thanosYaml } from '../support/yaml';

/** A part of the blocks by a hash: of their ids, or of external labels. */
export interface BlockHashOptions {
  /** Number of the part, from 0 on. */
  readonly index: number;
  /** Number of all parts. */
  readonly total: number;
  /**
   * External labels that are hashed. Blocks that are alike in them stay together, as a compactor wants it.
   * @default - the block's id, for store gateways
   */
  readonly labels?: string[];
}

/** What Thanos calls the id of a block among its labels. */
export const BLOCK_ID = '__block_id';
/** Where the hash stands while labels are looked at; nothing keeps it. */
const PART = '__part';

const HASH: StructTable<BlockHashOptions> = {
  index: required(wholeNumber(0), 'Give the number of the part, from 0 on'),
  total: required(wholeNumber(2), 'Give the number of all parts'),
  labels: labelNames,
};

/** Which blocks of the bucket a store gateway or compactor works on (`--selector.relabel-config`). */
export class BlockSelector {
  /** A part by a hash. */
  public static hash(options: BlockHashOptions): BlockSelector {
    return new BlockSelector(() => {
      const { index, total, labels = [BLOCK_ID] } = readStruct(HASH, options);
      if (index < total) return { by: 'hash', labels, index, total };
      throw new InputProblem(`index: is ${index}, but the parts of ${total} are 0 to ${total - 1}`);
    });
  }

  /**
   * Blocks whose external label has one of these values.
   * @param label name of the label
   * @param values its values; a block without the label has the empty one
   */
  public static labelValues(label: string, values: string[]): BlockSelector {
    return new BlockSelector(() => ({ by: 'values', ...labelled(label, values) }));
  }

  /**
   * All blocks but those whose external label has one of these values.
   * @param label name of the label
   * @param values its values; a block without the label has the empty one
   */
  public static otherThan(label: string, values: string[]): BlockSelector {
    return new BlockSelector(() => ({ by: 'others', ...labelled(label, values) }));
  }

  readonly #selection: () => BlockSelection;

  private constructor(selection: () => BlockSelection) {
    this.#selection = selection;
  }

  /**
   * What is selected.
   * @internal
   */
  public _selection(): BlockSelection {
    return this.#selection();
  }
}

/** How it is read. */
export const BLOCK_SELECTOR: Row<BlockSelector> = (value) => {
  const selector = having<BlockSelector>({ _selection: 'function' }, 'a BlockSelector')(value);
  selector._selection();
  return selector;
};

/** The value of `--selector.relabel-config` (https://thanos.io/tip/thanos/sharding.md/). */
export function relabelConfig(selector: BlockSelector): string {
  return argLiteral(thanosYaml(rules(selector._selection())));
}

function rules(selection: BlockSelection): object[] {
  if (selection.by === 'hash') {
    const { labels, total, index } = selection;
    return [
      { action: 'hashmod', source_labels: labels, target_label: PART, modulus: total },
      { action: 'keep', source_labels: [PART], regex: String(index) },
    ];
  }
  const { by, label, values } = selection;
  const action = by === 'values' ? 'keep' : 'drop';
  return [{ action, source_labels: [label], regex: values.map(literal).join('|') }];
}

/** Prometheus anchors the expression; what else is special in it is escaped. */
function literal(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function labelled(label: string, given: string[]): { label: string; values: string[] } {
  const [name] = within('label', () => [labelName(label)]);
  const values = within('values', () => listOf(anyValue)(given));
  if (values.length === 0) throw new InputProblem('values: is empty; name at least one');
  return { label: name, values: [...new Set(values)] };
}

function anyValue(value: unknown): string {
  return value === '' ? '' : text(value);
}

function labelNames(value: unknown): string[] {
  const names = listOf(labelName)(value);
  if (names.length > 0) return names;
  throw new InputProblem('is empty; name at least one label');
}

function labelName(value: unknown): string {
  if (isLabelName(value)) return value;
  throw new InputProblem(`${found(value)} is not the name of an external label`);
}
