import { App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { GuardIndex } from '../../../src/app/boundary/guard-index';
import { AppRegistry, type GuardedObject, type Standing } from '../../../src/app/registry';
import { runs } from '../../property/runs';

/** A guard by what a reference can tell of it. */
interface Place {
  readonly name: string;
  readonly namespace: string;
  readonly cluster?: string;
}

const unknownOr = (...names: string[]) => fc.option(fc.constantFrom(...names), { nil: undefined });
const place = fc.record({
  name: fc.constantFrom('ca', 'keys'),
  namespace: fc.constantFrom('monitoring', 'other'),
  cluster: unknownOr('eu', 'us'),
});

/** The registry of an app that guards a Secret in each of the places. */
function registryOf(places: readonly Place[]): Standing {
  const app = new App();
  const registry = AppRegistry.of(app);
  places.forEach(({ name, namespace, cluster }, i) => {
    const owner = new Chart(app, `c${i}`);
    if (cluster !== undefined) registry.clusters.set(owner, cluster);
    registry.guarded.push({ kind: 'Secret', name, namespace, holds: 'ca', owner });
  });
  return registry.standing();
}

test('the index finds what a search through all guards finds, in the same order', () => {
  const sought = fc.record({
    namespace: unknownOr('monitoring', 'other', 'third'),
    cluster: unknownOr('eu', 'us', 'ap'),
  });
  fc.assert(
    fc.property(fc.array(place, { maxLength: 12 }), sought, (places, { namespace, cluster }) => {
      const registry = registryOf(places);
      const mayBe = (a?: string, b?: string): boolean => a === undefined || b === undefined || a === b;
      const all = registry.guarded.filter(
        (g: GuardedObject) =>
          g.name === 'ca' && mayBe(g.namespace, namespace) && mayBe(registry.clusterOf(g.owner), cluster),
      );
      const found = new GuardIndex(registry).find('Secret/ca', namespace, cluster);
      expect(found.map((g) => g.owner.node.path)).toEqual(all.map((g) => g.owner.node.path));
    }),
    runs(500),
  );
});

test('another kind of the same name is another object', () => {
  const index = new GuardIndex(registryOf([{ name: 'ca', namespace: 'monitoring' }]));
  expect(index.find('ConfigMap/ca', 'monitoring', undefined)).toEqual([]);
  expect(index.find('Secret/ca', 'monitoring', undefined)).toHaveLength(1);
});
