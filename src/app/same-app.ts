import type { IConstruct } from 'constructs';
import { found, InputProblem } from '../support/problem';

/** Refuses a construct of another App: what it makes is written elsewhere, or nowhere. */
export function requireSameApp(here: IConstruct, other: IConstruct): void {
  if (other.node.root === here.node.root) return;
  throw new InputProblem(
    `${found(other.node.path)} belongs to another App, whose objects this one doesn't write. Make it in this one`,
  );
}
