import { join } from '../../manifest/pod-specs';
import { phrase } from '../../support/problem';
import type { Finished } from '../finished';

/** What the boundary found: problems end the synth, warnings are shown. */
export interface Verdict {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export const NOTHING: Verdict = { problems: [], warnings: [] };

/** A problem at a field of a finished object. */
export function problemAt({ object, at }: Finished, path: string, text: string): string {
  return phrase(object.node.path, join(at, path), text);
}

/** A warning at a field of a finished object. */
export function warningAt({ object, at }: Finished, path: string, text: string): string {
  return `${object.node.path}: ${join(at, path)}: ${text}`;
}

/** All of several verdicts, in their order. */
export function together(verdicts: readonly Verdict[]): Verdict {
  return {
    problems: verdicts.flatMap(({ problems }) => problems),
    warnings: verdicts.flatMap(({ warnings }) => warnings),
  };
}
