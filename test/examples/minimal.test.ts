import { minimalStack } from '../../examples/minimal/chart';
import { cdk8sSynth, objects, synthesize, workloads } from './example';

const files = () => synthesize((app) => void minimalStack(app));

test('with a public CA nothing is made for a CA, and none is mounted', () => {
  const all = objects(files());
  expect(workloads(all)).toHaveLength(4);
  expect(all.filter((o) => o.kind === 'Secret')).toEqual([]);
  expect(files()['thanos.k8s.yaml']).not.toMatch(/ca_file|s3-ca-cert|\/etc\/thanos\/certs/);
});

test('the whole output is as it was reviewed', () => {
  expect(files()['thanos.k8s.yaml']).toMatchSnapshot();
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('minimal')).toEqual(files());
});
