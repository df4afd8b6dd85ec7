import { ApiObject, App, JsonPatch } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { HarbourMonitoring } from '../../examples/existing-chart/chart';
import { cdk8sSynth, holders, NOW, objects, synthesize, workloads } from './example';

const files = () => synthesize((app) => void new HarbourMonitoring(app, 'harbour', NOW));

test('of the two containers that the team lets in as one pod, the sidecar alone gets the CA and the keys', () => {
  const all = objects(files());
  const open = [
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

test('the whole output is as it was reviewed', () => {
  expect(files()['harbour.k8s.yaml']).toMatchSnapshot();
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('existing-chart')).toEqual(files());
});
