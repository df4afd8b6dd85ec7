import type { IConstruct } from 'constructs';
import { type ImageOptions, thanosMinor } from '../pod/image';
import { problem } from '../support/problem';

/** What came with a minor version of Thanos and has no flag of its own. */
export interface Since {
  /** What needs it, in the plural. */
  readonly what: string;
  readonly minor: number;
}

/** Refuses what the Thanos in the image does not know yet; nothing where the version is not known. */
export function requireSince(construct: IConstruct, image: ImageOptions | undefined, needs: readonly Since[]): void {
  const minor = thanosMinor(image) ?? Infinity;
  const lacking = needs.find((need) => need.minor > minor);
  if (lacking === undefined) return;
  const text = `is Thanos 0.${minor}, but ${lacking.what} need 0.${lacking.minor} or newer. Take a newer tag`;
  throw problem(construct, 'image', text);
}
