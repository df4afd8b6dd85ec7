import { guideStack } from '../../examples/guide/chart';
import { cdk8sSynth, holders, NOW, objects, synthesize, workloads } from './example';

const files = () => synthesize((app) => void guideStack(app, NOW));

test('the four components that open the bucket hold the CA and the keys, and nobody else', () => {
  const all = objects(files());
  const open = [
    'StatefulSet/thanos-receiver/receiver',
    'StatefulSet/thanos-compactor/compactor',
    'StatefulSet/thanos-store/store',
    'StatefulSet/thanos-ruler/ruler',
  ];
  expect(holders(all, 'thanos-s3-ca-cert').sort()).toEqual([...open].sort());
  expect(holders(all, 'thanos-s3-credentials').sort()).toEqual([...open].sort());
  expect(workloads(all)).toEqual(
    expect.arrayContaining(['Deployment/thanos-query', 'Deployment/thanos-query-frontend', 'Deployment/grafana']),
  );
});

test("the guide's values arrive in the arguments", () => {
  const all = objects(files());
  const args = (name: string): string[] =>
    all.find((o) => o.kind === 'StatefulSet' && o.metadata.name === name).spec.template.spec.containers[0].args;
  expect(args('thanos-compactor')).toEqual(
    expect.arrayContaining([
      '--retention.resolution-raw=30d',
      '--retention.resolution-5m=180d',
      '--retention.resolution-1h=10y',
    ]),
  );
  expect(args('thanos-ruler')).toEqual(
    expect.arrayContaining([
      '--query=dnssrv+_http._tcp.thanos-query.monitoring.svc.cluster.local',
      '--alertmanagers.url=http://alertmanager.monitoring.svc.cluster.local:9093',
    ]),
  );
  expect(args('thanos-store').find((arg) => arg.startsWith('--index-cache.config='))).toContain('max_size: "2GiB"');
});

test('the whole output is as it was reviewed', () => {
  expect(files()['thanos.k8s.yaml']).toMatchSnapshot();
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('guide')).toEqual(files());
});
