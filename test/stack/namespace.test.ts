import { App, Chart } from 'cdk8s';
import { ThanosStack } from '../../src/index';
import { render } from '../render';
import { OBJSTORE } from './stacks';

const PARTS = { objstore: OBJSTORE, storeGateway: {}, query: {} };

test.each<[what: string, around: string | undefined, own: string | undefined, namespace: string]>([
  ['that of the stack', 'obs', 'thanos-eu', 'thanos-eu'],
  ['that of the chart around it, where the stack says none', 'obs', undefined, 'obs'],
  ['monitoring, where nobody says one', undefined, undefined, 'monitoring'],
])('the namespace of every object is %s', (_, around, own, namespace) => {
  const scope = new Chart(new App(), 'around', { namespace: around });
  const stack = new ThanosStack(scope, 'Stack', { namespace: own, ...PARTS });
  const found = new Set(render(stack).map(({ metadata }) => metadata.namespace));
  expect([...found, stack.namespace, stack.query!.namespace]).toEqual([namespace, namespace, namespace]);
});
