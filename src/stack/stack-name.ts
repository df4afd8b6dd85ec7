import { identityOf, instanceName, type Place, sharedObject } from '../support/identity';
import { dnsLabel } from '../support/names';
import type { ThanosStackProps } from './thanos-stack-props';

type Part = keyof ThanosStackProps;

/** Components by the part of the stack that they are. */
const STATEFUL: Partial<Record<Part, string>> = {
  receiver: 'receiver',
  compactor: 'compactor',
  storeGateway: 'store',
  ruler: 'ruler',
};
const STATELESS: Partial<Record<Part, string>> = {
  query: 'query',
  queryFrontend: 'query-frontend',
  bucketWeb: 'bucket-web',
};
/** A Job's name ends in digits of its own and of the config. */
const JOB_DIGITS = '-0000-00000000';

/** Refuses a stack's name that Kubernetes would refuse in the name of one of its parts, and counts. */
export function requireStackName(name: string, place: Place, props: ThanosStackProps): string {
  instanceName(name);
  for (const [components, stateful] of [
    [STATEFUL, true],
    [STATELESS, false],
  ] as const) {
    for (const [part, component] of Object.entries(components))
      if (props[part as Part]) identityOf({ ...place, instance: name }, component).requireLength(stateful);
  }
  if (props.preflight) dnsLabel(`${sharedObject(name, 'preflight').name}${JOB_DIGITS}`);
  return name;
}
