import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { DEFAULT_NAMESPACE } from '../support/identity';
import { dnsLabel } from '../support/names';
import { checked } from '../support/problem';

/** The namespace of an object: the prop, else that of the innermost chart around it that has one, else `monitoring`. */
export function namespaceOf(scope: Construct, given?: string): string {
  return checked(scope, 'namespace', () => dnsLabel(given ?? namespaceAround(scope)));
}

/**
 * The namespace of what says none: that of the innermost chart around it that has one, else `monitoring`. A chart in a stack
 * that says none is of the stack, whose name its parts have too.
 */
export function namespaceAround(scope: Construct): string {
  const ofCharts = scope.node.scopes
    .reverse()
    .map((around) => (Chart.isChart(around) ? (around as Chart).namespace : undefined));
  return ofCharts.find((namespace) => namespace !== undefined) ?? DEFAULT_NAMESPACE;
}
