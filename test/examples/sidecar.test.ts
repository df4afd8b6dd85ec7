import { ApiObject } from 'cdk8s';
import { SidecarMonitoring } from '../../examples/sidecar/chart';
import { cdk8sSynth, NOW, objects, synthesize } from './example';

const files = () => synthesize((app) => void new SidecarMonitoring(app, 'sidecar', NOW));

test('of the pods of Prometheus, the sidecar alone gets the CA and the keys', () => {
  const [{ spec }] = objects(files()).filter(({ kind }) => kind === 'Prometheus');
  expect(spec.containers.map(({ name }: { name: string }) => name)).toEqual(['thanos-sidecar']);
  expect(JSON.stringify(spec.containers[0])).toMatch(/s3-ca-cert.*s3-keys/);
  expect(spec).toMatchObject({ replicas: 2, retention: '24h', externalLabels: { cluster: 'harbour' } });
});

test('Query asks the sidecar and the store', () => {
  const [query] = objects(files()).filter(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'thanos-query',
  );
  const args = query.spec.template.spec.containers[0].args.join(' ');
  expect(args).toContain('thanos-sidecar-headless.monitoring');
  expect(args).toContain('thanos-store-headless.monitoring');
});

test('a Prometheus that mounts the CA itself is an error that names it', () => {
  expect(() =>
    synthesize((app) => {
      const chart = new SidecarMonitoring(app, 'sidecar', NOW);
      const prometheus = chart.node.findChild('Prometheus') as ApiObject;
      const { toJson } = prometheus;
      prometheus.toJson = () => {
        const json = toJson.call(prometheus);
        return { ...json, spec: { ...json.spec, secrets: ['thanos-s3-ca-cert'] } };
      };
    }),
  ).toThrow(/sidecar\/Prometheus: spec.secrets\[0\]: uses the CA/);
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('sidecar')).toEqual(files());
});
