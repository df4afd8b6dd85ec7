import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { DEFAULT_NAMESPACE } from '../support/identity';
import { dnsLabel } from '../support/names';
import { checked } from '../support/problem';

/** The namespace of an object: the prop, else the chart's, else `monitoring`. */
export function namespaceOf(scope: Construct, given?: string): string {
  return checked(scope, 'namespace', () => dnsLabel(given ?? Chart.of(scope).namespace ?? DEFAULT_NAMESPACE));
}
