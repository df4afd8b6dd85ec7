import { Flags } from './flags';
import type { ComponentOptions } from '../pod/component-options';
import type { OptionalBucketProps } from './bucket-component';

/** The flags that every component starts with: logging, and the bucket where there is one. */
export function commonFlags(command: string[], options: ComponentOptions & OptionalBucketProps): Flags {
  const flags = new Flags(command).set('--log.level', options.logLevel).set('--log.format', options.logFormat);
  return flags.granted(options.objstore?._grant);
}
