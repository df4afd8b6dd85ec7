import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { Capacity } from '../../src/index';
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

test('its requests follow from Capacity, fit the small cluster that the README tells of, and stay below the limits', () => {
  const parts = objects(files()).filter(({ spec }) => spec?.template?.spec.containers);
  const each = parts.flatMap(({ spec, metadata }) =>
    spec.template.spec.containers.map(({ resources }: any) => ({
      ...resources,
      name: metadata.name,
      of: spec.replicas,
    })),
  );
  const mebibytes = (text: string): number => parseInt(text, 10) * (text.endsWith('Gi') ? 1024 : 1);
  const cpu = each.reduce((all, { requests, of }) => all + of * parseInt(requests.cpu, 10), 0);
  const memory = each.reduce((all, { requests, of }) => all + of * mebibytes(requests.memory), 0);
  for (const { requests } of each) expect(requests.cpu).toMatch(/^\d+m$/);
  for (const { requests, limits } of each) expect(mebibytes(requests.memory)).toBeLessThan(mebibytes(limits.memory));
  const { receiver, storeGateway } = Capacity.of({
    activeSeries: 50_000,
    scrapeInterval: Duration.seconds(30),
    retention: { raw: Duration.days(30), fiveMinutes: Duration.days(180), oneHour: Duration.days(3650) },
    indexCache: Size.gibibytes(2),
  });
  for (const [name, { resources, replicas }] of Object.entries({ receiver, store: storeGateway }))
    expect(each.find((one) => one.name === `thanos-${name}`)).toMatchObject({
      of: replicas,
      requests: { memory: `${resources!.requests!.memory!.toMebibytes()}Mi` },
    });
  expect(cpu).toBeLessThan(2000);
  const readme = readFileSync(join(__dirname, '../../examples/guide/README.md'), 'utf8').replace(/\s+/g, ' ');
  expect(readme).toContain(`they ask for ${cpu}m CPU and ${(memory / 1024).toFixed(1)} GiB`);
});

test('the whole output is as it was reviewed', () => {
  expect(files()['thanos.k8s.yaml']).toMatchSnapshot();
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('guide')).toEqual(files());
});
