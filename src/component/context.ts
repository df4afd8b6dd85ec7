import type { IConstruct } from 'constructs';
import type { AppRegistry } from '../app/registry';
import type { Identity } from '../support/identity';

/** A component that is being built. */
export interface Context<P> {
  readonly construct: IConstruct;
  readonly identity: Identity;
  readonly props: P;
  readonly registry: AppRegistry;
  /** A warning about one prop, shown at synth. */
  readonly warn: (prop: string, text: string) => void;
}
