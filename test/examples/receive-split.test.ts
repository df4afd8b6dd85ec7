import { mermaid } from '../../src/graph/mermaid';
import { splitStack } from '../../examples/receive-split/chart';
import { fences } from '../docs/fences';
import { drawnFiles } from '../graph/drawn';
import { cdk8sSynth, holders, NOW, objects, synthesize } from './example';

const files = () => synthesize((app) => void splitStack(app, NOW));
const ZONES = ['harbour-1a', 'harbour-1b', 'harbour-1c'];

test('the receivers of each ring and zone hold the CA, and no router does', () => {
  const receivers = ZONES.flatMap((zone) => [`receiver-teams-${zone}`, `receiver-${zone}`]);
  expect(holders(objects(files()), 'thanos-s3-ca-cert').sort()).toEqual(
    [
      ...receivers.map((name) => `StatefulSet/thanos-${name}/receiver`),
      ...ZONES.map((zone) => `StatefulSet/thanos-store-${zone}/store`),
    ].sort(),
  );
});

test('both rings have members in every zone, and the autoscaler alone says how many routers there are', () => {
  const all = objects(files());
  const { data } = all.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-hashrings'));
  const rings = JSON.parse(data['hashrings.json']);
  for (const { endpoints } of rings)
    expect(new Set(endpoints.map(({ az }: { az: string }) => az))).toEqual(new Set(ZONES));
  const router = all.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'thanos-receive-router');
  expect(router.spec).not.toHaveProperty('replicas');
});

test('README.md has its picture', () => {
  const [picture] = fences('examples/receive-split/README.md').filter(({ language }) => language === 'mermaid');
  expect(picture.text).toBe(mermaid(drawnFiles(files())));
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('receive-split')).toEqual(files());
});
