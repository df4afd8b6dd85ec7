import type { Finding } from '../../lint/finding';
import type { World } from '../../lint/world';
import type { Graph } from '../graph';

/** A file that was read. */
export interface SourceFile {
  readonly file: string;
  /** Hexadecimal, of its bytes. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Objects that are applied to one cluster. */
export interface ReviewedCluster {
  /** Empty where there is one cluster. */
  readonly name: string;
  readonly world: World;
}

/** All that a page for a security review tells. */
export interface Review {
  readonly title: string;
  /** When it was made, and the time that certificates are judged at. */
  readonly now: Date;
  /** Name and version of who made it. */
  readonly madeBy: string;
  readonly sources: readonly SourceFile[];
  /** SHA-256 of what sha256sum prints of the sources, in their order. */
  readonly inputHash: string;
  readonly clusters: readonly ReviewedCluster[];
  /** Those that somebody switched off included. */
  readonly findings: readonly Finding[];
  readonly graph: Graph;
  /** The picture of the graph. */
  readonly svg: string;
}
