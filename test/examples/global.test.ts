import { YamlOutputType } from 'cdk8s';
import { mermaid } from '../../src/graph/mermaid';
import { globalView, queryAddress } from '../../examples/global/chart';
import { fences } from '../docs/fences';
import { drawnFiles } from '../graph/drawn';
import { cdk8sSynth, type Files, holders, NOW, objects, synthesize } from './example';

const files = () =>
  synthesize((app) => void globalView(app, NOW), {
    yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
  });
const folder = (all: Files, name: string): Files =>
  Object.fromEntries(Object.entries(all).filter(([file]) => file.startsWith(`${name}/`)));

test('the global cluster asks the Query of each other one, and holds nothing of a bucket', () => {
  const all = objects(folder(files(), 'global'));
  const query = all.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'thanos-query');
  const args = query.spec.template.spec.containers[0].args.join(' ');
  for (const cluster of ['harbour', 'quarry']) expect(args).toContain(queryAddress(cluster));
  expect(holders(all, 'thanos-s3-ca-cert')).toEqual([]);
  expect(JSON.stringify(all)).not.toContain('objstore');
});

test('no cluster holds what opens the bucket of another', () => {
  for (const cluster of ['harbour', 'quarry']) {
    const all = objects(folder(files(), cluster));
    expect(holders(all, 'thanos-s3-ca-cert')).toHaveLength(3);
    const { spec } = all.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'thanos-query');
    // its HTTP port asks for no certificate
    expect(spec).toMatchObject({ type: 'LoadBalancer', loadBalancerSourceRanges: [expect.stringMatching(/\/32$/)] });
  }
});

test('README.md has its picture', () => {
  const [picture] = fences('examples/global/README.md').filter(({ language }) => language === 'mermaid');
  expect(picture.text).toBe(mermaid(drawnFiles(files())));
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('global')).toEqual(files());
});
