import { hardenedStack } from '../../examples/hardened/chart';
import { cdk8sSynth, type Json, NOW, objects, synthesize } from './example';

const files = () => synthesize((app) => void hardenedStack(app, NOW));

function containers(): Json[] {
  return objects(files()).flatMap(({ spec }) => spec?.template?.spec.containers ?? []);
}

test('each container has an image by digest, every limit, and no Secret in its environment', () => {
  expect(containers()).toHaveLength(6);
  for (const container of containers()) {
    expect(container).toMatchObject({ image: expect.stringMatching(/@sha256:/), imagePullPolicy: 'Always' });
    expect(Object.keys(container.resources.limits).sort()).toEqual(['cpu', 'ephemeral-storage', 'memory']);
    expect(Object.keys(container.resources.requests).sort()).toEqual(['cpu', 'ephemeral-storage', 'memory']);
    expect((container.env ?? []).filter((variable: Json) => variable.valueFrom?.secretKeyRef)).toEqual([]);
  }
});

test('every pod is closed both ways by a NetworkPolicy', () => {
  const all = objects(files());
  const policies = all.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec);
  const closing = policies.filter(
    ({ policyTypes }) => policyTypes.includes('Ingress') && policyTypes.includes('Egress'),
  );
  const pods = all.flatMap(({ spec }) => spec?.template?.metadata ?? []);
  expect(pods).toHaveLength(6);
  for (const { labels } of pods) {
    const selected = ({ podSelector }: Json): boolean =>
      Object.entries(podSelector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
    expect(closing.filter(selected)).not.toEqual([]);
  }
});

test('cdk8s synth in the folder writes the same', () => {
  expect(cdk8sSynth('hardened')).toEqual(files());
});
