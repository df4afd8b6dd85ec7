import { ApiObject, App, JsonPatch } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { HarbourMonitoring } from '../../examples/existing-chart/chart';
import { cdk8sSynth, holders, NOW, objects, synthesize, workloads } from './example';

const files = () => synthesize((app) => void new HarbourMonitoring(app, 'harbour', NOW));

test('of the containers of the team, the sidecar and the report alone get the CA and the keys', () => {
  const all = objects(files());
  const open = [
    'Deployment/block-report/web',
    'StatefulSet/prometheus/thanos-sidecar',
    'StatefulSet/thanos-compactor/compactor',
    'StatefulSet/thanos-store/store',
  ];
  expect(holders(all, 'thanos-s3-ca-cert').sort()).toEqual(open);
  expect(holders(all, 'harbour-s3-keys').sort()).toEqual(open);
  expect(workloads(all)).toEqual(expect.arrayContaining(['Deployment/berth-planner', 'Deployment/thanos-query']));
});

test("the grant table lists the team's Prometheus among the workloads that open the bucket", () => {
  const app = new App({ outdir: 'manifests' });
  new HarbourMonitoring(app, 'harbour', NOW);
  const holding = GrantTable.of(app).rows.filter((row) => row.caSource);
  expect(holding.map((row) => `${row.kind} ${row.namespace}/${row.name}`)).toEqual([
    'StatefulSet harbour-monitoring/prometheus',
    'Deployment harbour-monitoring/block-report',
    'StatefulSet harbour-monitoring/thanos-compactor',
    'StatefulSet harbour-monitoring/thanos-store',
  ]);
});

test("a patch that mounts the CA into the team's other service is an error that names it", () => {
  expect(() =>
    synthesize((app) => {
      const chart = new HarbourMonitoring(app, 'harbour', NOW);
      const planner = chart.node.findChild('BerthPlanner') as ApiObject;
      const volumes = [{ name: 'ca', secret: { secretName: 'thanos-s3-ca-cert' } }];
      planner.addJsonPatch(
        JsonPatch.add('/spec/template/spec/volumes', volumes),
        JsonPatch.add('/spec/template/spec/containers/0/volumeMounts', [{ name: 'ca', mountPath: '/ca' }]),
      );
    }),
  ).toThrow(/harbour\/BerthPlanner.*the CA \(Secret thanos-s3-ca-cert\)/);
});

test('what the team mounts after the grant stands beside the Grant', () => {
  const report = objects(files()).find(({ metadata }) => metadata.name === 'block-report');
  const [web] = report.spec.template.spec.containers;
  expect(web.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath)).toEqual([
    '/texts',
    '/etc/thanos/objstore',
    '/etc/thanos/certs',
  ]);
  expect(web.env.map(({ name }: { name: string }) => name)).toEqual([
    'TZ',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
  ]);
});

test('the whole output is as it was reviewed', () => {
  expect(files()['harbour.k8s.yaml']).toMatchSnapshot();
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('existing-chart')).toEqual(files());
});
