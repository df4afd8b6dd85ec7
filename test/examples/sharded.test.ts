import { mermaid } from '../../src/graph/mermaid';
import { shardedStack } from '../../examples/sharded/chart';
import { fences } from '../docs/fences';
import { drawnFiles } from '../graph/drawn';
import { cdk8sSynth, holders, NOW, objects, synthesize } from './example';

const files = () => synthesize((app) => void shardedStack(app, NOW));

test('every part holds the CA, and Query asks every store gateway', () => {
  const stores = ['recent-h0', 'recent-h1', 'old-h0', 'old-h1'].map((part) => `thanos-store-${part}`);
  const compactors = ['harbour', 'quarry', 'rest'].map((part) => `thanos-compactor-${part}`);
  const all = objects(files());
  expect(holders(all, 'thanos-s3-ca-cert').map((holder) => holder.split('/')[1])).toEqual(
    expect.arrayContaining([...stores, ...compactors]),
  );
  const query = all.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'thanos-query');
  const args = query.spec.template.spec.containers[0].args.join(' ');
  for (const store of stores) expect(args).toContain(`${store}-headless`);
});

test('README.md has its picture', () => {
  const [picture] = fences('examples/sharded/README.md').filter(({ language }) => language === 'mermaid');
  expect(picture.text).toBe(mermaid(drawnFiles(files())));
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('sharded')).toEqual(files());
});
