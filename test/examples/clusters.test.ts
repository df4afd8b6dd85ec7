import { join } from 'node:path';
import { YamlOutputType } from 'cdk8s';
import { allClusters } from '../../examples/clusters/chart';
import {
  cdk8sSynth,
  exampleFolder,
  type Files,
  holders,
  kustomize,
  NOW,
  objects,
  synthesize,
  workloads,
} from './example';
import { describeWith } from '../programs/program';

const CENTRAL = 'cluster-01-central';
const EDGE = 'cluster-02-edge';

const files = () =>
  synthesize((app) => void allClusters(app, NOW), {
    yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
  });
const folder = (all: Files, name: string): Files =>
  Object.fromEntries(Object.entries(all).filter(([file]) => file.startsWith(`${name}/`)));
const without = (all: Files): Files =>
  Object.fromEntries(Object.entries(all).filter(([file]) => !file.endsWith('kustomization.yaml')));

describe('two clusters in one app', () => {
  test('hold the CA in the components that open the bucket, each in its own folder', () => {
    const central = objects(folder(files(), CENTRAL));
    const edge = objects(folder(files(), EDGE));
    const pods = ['StatefulSet/thanos-receiver/receiver', 'StatefulSet/thanos-store/store'];
    expect(holders(central, 'thanos-s3-ca-cert').sort()).toEqual(['StatefulSet/thanos-compactor/compactor', ...pods]);
    expect(holders(edge, 'thanos-s3-ca-cert').sort()).toEqual(pods);
    expect(workloads(edge)).toContain('Deployment/thanos-query');
  });

  test('write blocks that the label cluster tells apart', () => {
    const labels = [CENTRAL, EDGE].map((name) => {
      const receiver = objects(folder(files(), name)).find(
        (o) => o.metadata.name === 'thanos-receiver' && o.kind === 'StatefulSet',
      );
      return receiver.spec.template.spec.containers[0].args.find((arg: string) => arg.startsWith('--label=cluster='));
    });
    expect(labels).toEqual([`--label=cluster="${CENTRAL}"`, `--label=cluster="${EDGE}"`]);
  });

  test('are written as reviewed', () => {
    expect(files()).toMatchSnapshot();
  });
});

describe('cdk8s synth in the folder', () => {
  let written: Files;
  beforeAll(() => {
    written = cdk8sSynth('clusters');
  });

  test('writes the same, and a kustomization in each folder', () => {
    expect(without(written)).toEqual(files());
    expect(Object.keys(written).filter((file) => file.endsWith('kustomization.yaml'))).toEqual([
      `${CENTRAL}/kustomization.yaml`,
      `${EDGE}/kustomization.yaml`,
    ]);
  });

  describeWith(['kubectl'], 'kustomize', () => {
    test.each([CENTRAL, EDGE])('makes %s a base that kustomize renders without loss', (name) => {
      const rendered = kustomize(join(exampleFolder('clusters'), 'manifests', name));
      const key = (o: { kind: string; metadata: { name: string } }) => `${o.kind}/${o.metadata.name}`;
      expect(rendered.sort((a, b) => (key(a) < key(b) ? -1 : 1))).toEqual(
        objects(folder(files(), name)).sort((a, b) => (key(a) < key(b) ? -1 : 1)),
      );
    });

    test('is extended by the overlay, which leaves the CA where it was', () => {
      const base = kustomize(join(exampleFolder('clusters'), 'manifests', CENTRAL));
      const overlay = kustomize(join(exampleFolder('clusters'), 'overlays', CENTRAL));
      const store = (all: typeof base) =>
        all.find((o) => o.kind === 'StatefulSet' && o.metadata.name === 'thanos-store');
      expect(store(base).spec.replicas).toBe(2);
      expect(store(overlay).spec.replicas).toBe(4);
      expect(overlay.every((o) => o.metadata.labels['example.com/owner'] === 'observability')).toBe(true);
      expect(store(overlay).spec.selector).toEqual(store(base).spec.selector);
      expect(holders(overlay, 'thanos-s3-ca-cert')).toEqual(holders(base, 'thanos-s3-ca-cert'));
    });
  });
});
