import { InputProblem } from '../support/problem';
import type { Flags } from './flags';

/** What a tool with these flags does to the bucket, whoever set them. */
export interface ToolEffects {
  /** What changes, in words; undefined where the tool looks alone, or does what any compactor does. */
  readonly changes?: string;
  /** What Thanos says of a compactor that runs beside it. */
  readonly beside?: Beside;
}

/** What comes of a compactor beside a tool: an error, or a warning. */
export interface Beside {
  readonly forbidden: boolean;
  readonly text: string;
}

/** Judges the finished flags (https://thanos.io/tip/components/tools.md/). */
export function effectsOf(word: string, flags: Flags): ToolEffects {
  switch (word) {
    case 'verify':
      return flags.has(/^--repair$/) ? REPAIR : {};
    case 'cleanup':
      return flags.has(/^--delete-delay$/) ? { changes: 'deletes blocks that others may still read' } : {};
    case 'retention':
      return RETENTION;
    case 'downsample':
      return DOWNSAMPLE;
    case 'mark':
      return flags.has(/^--remove$/) ? { changes: 'takes marks away' } : MARK;
    case 'rewrite':
      return flags.has(/^--no-dry-run$/) ? REWRITE : {};
    default:
      return {};
  }
}

const REPAIR: ToolEffects = {
  changes: 'replaces and deletes blocks',
  beside: { forbidden: true, text: 'must be switched off while blocks are repaired' },
};

const RETENTION: ToolEffects = {
  changes: 'marks blocks for deletion',
  beside: { forbidden: true, text: 'must not run while retention is applied. It has the prop retention itself' },
};

const DOWNSAMPLE: ToolEffects = {
  beside: {
    forbidden: false,
    text: 'downsamples too, unless downsampling is false: the same blocks may be made twice',
  },
};

const MARK: ToolEffects = {
  changes: 'marks blocks',
  beside: { forbidden: false, text: 'makes this a no-op where it is just merging the block' },
};

const REWRITE: ToolEffects = {
  changes: 'rewrites blocks',
  beside: {
    forbidden: false,
    text: 'should be switched off: where it merges the same block, old and new ones overlap',
  },
};

/** The word that a tool which changes blocks takes, and no other. */
export function requireWord({ changes }: ToolEffects, word: boolean | undefined): void {
  if (changes !== undefined && word !== true)
    throw new InputProblem(`is missing: the tool ${changes}. Set it to true, if that is what you want`);
  if (changes === undefined && word === true)
    throw new InputProblem('has no effect: the tool changes no blocks as it is told. Drop it');
}
