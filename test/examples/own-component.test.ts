import { App } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { replicatedStack } from '../../examples/own-component/chart';
import { describeThanos, runThanos } from '../programs/thanos';
import { cdk8sSynth, holders, type Json, objects, synthesize } from './example';

const files = () => synthesize((app) => void replicatedStack(app));
const replicator = (): Json =>
  objects(files()).find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'thanos-replicator');
const argsOf = (): string[] => replicator().spec.template.spec.containers[0].args;

test('the component has the Grant, and its row in the table', () => {
  expect(holders(objects(files()), 'thanos-s3-credentials')).toContain('Deployment/thanos-replicator/replicator');
  const app = new App();
  replicatedStack(app);
  const rows = GrantTable.of(app).rows.filter(({ name }) => name === 'thanos-replicator');
  expect(rows).toEqual([
    expect.objectContaining({ kind: 'Deployment', keys: 'env from Secret/thanos-s3-credentials' }),
  ]);
});

test('it has what every component has', () => {
  const { spec, metadata } = replicator();
  expect(spec.selector.matchLabels).toEqual({
    'app.kubernetes.io/name': 'thanos',
    'app.kubernetes.io/instance': 'thanos',
    'app.kubernetes.io/component': 'replicator',
  });
  expect(metadata.namespace).toBe('monitoring');
  const [container] = spec.template.spec.containers;
  expect(container.readinessProbe.httpGet.path).toBe('/-/ready');
  expect(container.volumeMounts.map(({ name }: Json) => name)).toContain('target');
  expect(spec.template.spec.securityContext.runAsNonRoot).toBe(true);
});

describeThanos('the real program', () => {
  test('takes its arguments, up to the file that is not there', async () => {
    const { output } = await runThanos(argsOf());
    expect(output).toContain('open /etc/thanos/');
    expect(output).toContain('no such file or directory');
  });
});

test('the whole output is as it was reviewed', () => {
  expect(files()['thanos.k8s.yaml']).toMatchSnapshot();
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('own-component')).toEqual(files());
});
