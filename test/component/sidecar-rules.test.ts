import { ApiObject, App, Chart } from 'cdk8s';
import { Query, SidecarPodMonitor, StoreGateway, ThanosSidecar, type ThanosSidecarProps } from '../../src';
import { AppRegistry } from '../../src/app/registry';
import { prometheusContainer, prometheusSet } from '../fixtures/workloads';
import { type Json, render } from '../render';
import { bucket } from './made';

const CHART = { namespace: 'monitoring', disableResourceNameHashes: true };

function operated(scope: Chart, spec: Json = {}): ApiObject {
  const kind = { apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus' };
  return new ApiObject(scope, 'prometheus', { ...kind, metadata: { name: 'k8s' }, spec } as any);
}

function workload(scope: Chart, more: Json[] = []): ApiObject {
  return prometheusSet(scope, {
    metadata: { name: 'prometheus' },
    spec: { containers: [prometheusContainer(), ...more] },
  });
}

const chart = (): Chart => new Chart(new App(), 'test', CHART);
const sidecarOf = (scope: Chart, prometheus: ApiObject, props: Partial<ThanosSidecarProps> = {}, id = 'Sidecar') =>
  new ThanosSidecar(scope, id, { prometheus, ...props });

test.each([
  ['a StatefulSet', workload],
  ['a Prometheus of the operator', operated],
])('a second sidecar of %s is an error that names both; after its removal it is none', (_, of) => {
  const scope = chart();
  const prometheus = of(scope);
  sidecarOf(scope, prometheus);
  sidecarOf(scope, prometheus, { instance: 'b' }, 'Second');
  expect(() => render(scope)).toThrow(
    /test\/Second: prometheus: .* has the sidecar "test\/Sidecar" already, and a pod has one. Remove one of the two/,
  );
  scope.node.tryRemoveChild('Sidecar');
  expect(() => render(scope)).not.toThrow();
});

test('a container thanos-sidecar of the workload’s own is an error', () => {
  const scope = chart();
  sidecarOf(scope, workload(scope, [{ name: 'thanos-sidecar', image: 't' }]));
  expect(() => render(scope)).toThrow(
    'Sidecar: prometheus: StatefulSet prometheus has a container "thanos-sidecar" of its own. Remove it there',
  );
});

test.each<[string, Json, Partial<ThanosSidecarProps>, string | undefined]>([
  ['by default', {}, {}, 'prometheus_replica'],
  ['as its spec says', { replicaExternalLabelName: 'replica' }, {}, 'replica'],
  ['in none where its spec says so', { replicaExternalLabelName: '' }, {}, undefined],
  ['as the sidecar is told', { replicaExternalLabelName: 'x' }, { replicaLabel: 'r' }, 'r'],
])('replicas of an operator’s Prometheus differ %s', (_, spec, props, label) => {
  const scope = chart();
  const sidecar = sidecarOf(scope, operated(scope, spec), props);
  expect(sidecar.replicaLabel).toBe(label);
  const { workload: query } = new Query(scope, 'Query', { sources: [sidecar] });
  const args: string[] = query.toJson().spec.template.spec.containers[0].args;
  const said = args.filter((arg) => arg.startsWith('--query.replica-label='));
  expect(said).toEqual(label === undefined ? [] : [`--query.replica-label=${label}`]);
});

test.each<[string, Partial<ThanosSidecarProps>, string]>([
  [
    'the volume',
    { dataVolume: 'data' },
    'dataVolume: has no effect on a Prometheus of the operator, which knows it. Leave it out',
  ],
  [
    'two options',
    { tsdbPath: '/x', prometheusUrl: 'http://localhost:1' },
    'prometheusUrl, tsdbPath: has no effect on a Prometheus of the operator. Say it in its spec.thanos',
  ],
])('%s of an operator’s Prometheus is refused by the name of the prop', (_, props, message) => {
  const scope = chart();
  expect(() => sidecarOf(scope, operated(scope), props)).toThrow(`test/Sidecar: ${message}`);
});

describe('in another namespace', () => {
  test('than the bucket, the error is about the sidecar and says what to give', () => {
    const app = new App();
    const prom = new Chart(app, 'prom');
    const objstore = bucket(new Chart(app, 'thanos', CHART));
    sidecarOf(prom, workload(prom), { objstore });
    expect(() => app.synth()).toThrow(
      "prom/Sidecar: objstore: StatefulSet prometheus is in namespace default; a pod mounts Secrets of its own namespace only, here monitoring. Give it or its chart namespace: 'monitoring', or make an ObjstoreConfig with namespace: 'default' for it",
    );
  });

  test('a second ObjstoreConfig there is the way', () => {
    const app = new App();
    bucket(new Chart(app, 'thanos', CHART));
    const prom = new Chart(app, 'prom', { ...CHART, namespace: 'watch' });
    sidecarOf(prom, workload(prom), { objstore: bucket(prom) });
    expect(() => app.synth()).not.toThrow();
  });

  test.each([{ namespace: 'other' }, {}])('than Prometheus, its Service would find no pods (%j)', (props) => {
    const scope = new Chart(new App(), 'test', { namespace: undefined });
    const prometheus = workload(scope);
    sidecarOf(scope, prometheus, props);
    expect(() => render(scope)).toThrow(
      /Sidecar: namespace: of the Service is (other|monitoring), where it finds no pods: StatefulSet prometheus is in default/,
    );
  });
});

const EMPTY = { replicaExternalLabelName: '', prometheusExternalLabelName: '' };
test.each<[string, Json, boolean]>([
  ['no labels at all', EMPTY, true],
  ['the operator’s own', {}, false],
  ['one of the operator’s own', { replicaExternalLabelName: '' }, false],
  ['labels of its own', { ...EMPTY, externalLabels: { cluster: 'a' } }, false],
])('an operator’s Prometheus with %s', (_, spec, warned) => {
  const scope = chart();
  sidecarOf(scope, operated(scope, spec));
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  render(scope);
  const shown = write.mock.calls.join();
  write.mockRestore();
  expect(shown.includes('test/Sidecar: prometheus: Prometheus k8s has no external labels')).toBe(warned);
});

test('a sidecar whose Prometheus was removed is an error until it is removed too', () => {
  const scope = chart();
  sidecarOf(scope, workload(scope));
  scope.node.tryRemoveChild('prometheus');
  expect(() => render(scope)).toThrow(
    'test/Sidecar: prometheus: test/prometheus was removed from the tree, and its Service would find no pods. Remove the ThanosSidecar too',
  );
  scope.node.tryRemoveChild('Sidecar');
  expect(() => render(scope)).not.toThrow();
});

test('a removed sidecar whose PodMonitor stays is an error, and a Query that asks it is warned of', () => {
  const scope = chart();
  const sidecar = sidecarOf(scope, operated(scope));
  new SidecarPodMonitor(scope, 'Scrape', { sidecar });
  new Query(scope, 'Query', { sources: [sidecar] });
  expect(() => render(scope)).not.toThrow();
  scope.node.tryRemoveChild('Sidecar');
  expect(() => render(scope)).toThrow(
    'test/Scrape: sidecar: test/Sidecar was removed from the tree, and no pods would be found. Remove the SidecarPodMonitor too',
  );
  scope.node.tryRemoveChild('Scrape');
  expect(() => render(scope)).not.toThrow();
  expect(
    AppRegistry.of(scope)
      .standing()
      .severed.map(({ to }) => to.node.path),
  ).toEqual(['test/Sidecar']);
  scope.node.tryRemoveChild('Query');
  expect(AppRegistry.of(scope).standing().severed).toEqual([]);
});

test('the options of a bucket in place of the bucket are answered with how to make one', () => {
  const scope = chart();
  const message = 'objstore: is an object, not an ObjstoreConfig. Give new ObjstoreConfig(this, …) or stack.objstore';
  const objstore = { bucket: 'b', endpoint: 'e' } as any;
  expect(() => sidecarOf(scope, workload(scope), { objstore })).toThrow(`test/Sidecar: ${message}`);
  expect(() => new StoreGateway(scope, 'Store', { objstore })).toThrow(`test/Store: ${message}`);
});
