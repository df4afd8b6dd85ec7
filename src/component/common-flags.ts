import { checked } from '../support/problem';
import { oneOf } from '../support/values';
import { Flags } from './flags';
import { type ComponentOptions, LogFormat, LogLevel } from '../pod/pod-options';
import type { OptionalBucketProps } from './bucket-component';
import type { ThanosComponent } from './thanos-component';

/** The flags that every component starts with: logging, and the bucket where there is one. */
export function commonFlags(
  component: ThanosComponent,
  command: string[],
  options: ComponentOptions & OptionalBucketProps,
): Flags {
  checked(component, 'logLevel', () => oneOf(options.logLevel, LogLevel));
  checked(component, 'logFormat', () => oneOf(options.logFormat, LogFormat));
  const flags = new Flags(command).set('--log.level', options.logLevel).set('--log.format', options.logFormat);
  return options.objstore ? flags.set('--objstore.config-file', options.objstore.configFile) : flags;
}
