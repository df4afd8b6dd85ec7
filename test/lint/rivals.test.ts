import { lint } from '../../src/lint/lint';
import { NOW, fixture } from './manifests';

/** What is found in manifests as other tools render them. */
const EXPECTED: Record<string, string[]> = {
  'kube-thanos.yaml': [
    'StatefulSet thanos/thanos-store: ca-path-differs',
    'StatefulSet thanos/thanos-store: keys-in-pod-spec',
    'Secret thanos/thanos-objectstorage: inert-key',
    'Secret thanos/thanos-objectstorage: inert-key',
    'StatefulSet thanos/thanos-store: no-checksum',
  ],
  'bitnami.yaml': [
    'Deployment monitoring/thanos-query: ca-outside',
    'Deployment monitoring/thanos-receive-distributor: keys-outside',
    'Secret monitoring/thanos-objstore-secret: keys-in-objstore',
  ],
  'stevehipwell.yaml': [
    'StatefulSet thanos-compact: ca-unused',
    'Secret thanos-objstore-config: objstore-unknown-key',
    'Secret thanos-objstore-config: objstore-invalid',
    'StatefulSet thanos-compact: sub-path',
    'StatefulSet thanos-compact: sub-path',
    'StatefulSet thanos-compact: no-checksum',
  ],
  'prometheus-operator.yaml': [
    'Prometheus monitoring/k8s: ca-not-mounted',
    'ThanosRuler monitoring/rules: ca-path-differs',
    'Secret monitoring/objstore: keys-in-objstore',
    'ThanosRuler monitoring/rules: missing-object',
  ],
};

test.each(Object.entries(EXPECTED))('%s', (file, expected) => {
  const text = fixture(file);
  const findings = lint([{ file, text }], NOW, { whole: true });
  expect(findings.map(({ object, rule }) => `${object}: ${rule}`)).toEqual(expected);
  expect(text).toMatch(/hunter2hunter2|compact/);
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});
