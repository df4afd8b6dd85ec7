import type { ManifestObject } from './manifest-object';
import type { World } from './world';

export type Severity = 'error' | 'warning' | 'info';

/** What a rule says of one object. */
export interface Hit {
  readonly object: ManifestObject;
  /** Field of the object, as a JSON path. */
  readonly path: string;
  /** What is wrong. Never a secret. */
  readonly text: string;
  /** What to do. */
  readonly fix: string;
  /** Where one hit weighs more or less than its rule. */
  readonly severity?: Severity;
}

/** A pure check over manifests. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** What the rule finds, in one line. */
  readonly about: string;
  readonly check: (world: World) => Hit[];
}

/** A hit as it is reported. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly file: string;
  /** Line of the object's document, from 1; undefined for a file that could not be read. */
  readonly line?: number;
  /** `Kind namespace/name`; empty where a file could not be read. */
  readonly object: string;
  readonly path: string;
  readonly text: string;
  readonly fix: string;
  /** Why it does not count, where somebody switched its rule off. */
  readonly ignored?: string;
}
