import { Receiver, Ruler } from '../../src';
import { chart, find, type Json, render } from '../render';
import { HOSTILE_MAP } from './hostile';
import { PodOnDisk } from './pod-on-disk';
import { describeThanos, runThanos, serveThanos, type Serving } from '../programs/thanos';

describeThanos('a hostile text as external label', () => {
  const pods: PodOnDisk[] = [];
  const servings: Serving[] = [];
  const keep = <T>(list: T[], item: T): T => (list.push(item), item);
  afterEach(async () => {
    await Promise.all(servings.splice(0).map((serving) => serving.stop()));
    pods.splice(0).forEach((pod) => pod.remove());
  });

  /** The labels that a Query is told by a component which serves no samples yet. */
  async function labelsSeenByQuery(component: Json, objects: Json[], edit = (args: string[]) => args): Promise<Json> {
    const pod = keep(pods, new PodOnDisk(objects, component));
    const source = keep(servings, await serveThanos(edit(pod.args), { ...pod.env, X: 'expanded' }));
    const query = keep(servings, await serveThanos(['query', `--endpoint=${source.grpcAddress}`]));
    const store = await query.until('the endpoint', async () => {
      const stores: Json[] = Object.values(await query.api('/api/v1/stores')).flat();
      return stores.find(({ labelSets }) => labelSets.length > 0);
    });
    return store.labelSets[0];
  }

  test('arrives as it is from a receiver', async () => {
    const scope = chart();
    new Receiver(scope, 'receiver', { replicas: 1, externalLabels: HOSTILE_MAP });
    const objects = render(scope);
    const labels = await labelsSeenByQuery(find(objects, 'StatefulSet'), objects);
    expect(labels).toEqual({ ...HOSTILE_MAP, receive_replica: 'thanos-receiver-0', tenant_id: 'default-tenant' });
  });

  test('arrives as it is from a ruler', async () => {
    const scope = chart();
    new Ruler(scope, 'ruler', { queries: ['127.0.0.1:1'], externalLabels: HOSTILE_MAP });
    const objects = render(scope);
    const labels = await labelsSeenByQuery(find(objects, 'StatefulSet'), objects);
    expect(labels).toEqual({ ...HOSTILE_MAP, rule_replica: 'thanos-ruler-0' });
  });

  test('written by hand is a variable, or no flag at all (control)', async () => {
    const scope = chart();
    new Ruler(scope, 'ruler', { queries: ['127.0.0.1:1'], extraArgs: ['--label=a="$(POD_NAME)"', '--label=b="$ü"'] });
    const objects = render(scope);
    const labels = await labelsSeenByQuery(find(objects, 'StatefulSet'), objects);
    expect(labels).toMatchObject({ a: 'thanos-ruler-0' });
    expect(labels.b).not.toBe('$ü');

    const { code, output } = await runThanos(['rule', '--query=127.0.0.1:1', '--label=a=0123']);
    expect(code).not.toBe(0);
    expect(output).toContain('unquote label value');
  });
});
