import { mounts, podSpecs, references, strayReferences } from '../../src/manifest/pod-specs';

test('pod specs are found in workloads of any kind, however deep', () => {
  const spec = { containers: [{ name: 'a' }] };
  const paths = (object: object) => podSpecs(object).map((found) => found.path);
  expect(paths({ spec })).toEqual(['spec']);
  expect(paths({ spec: { template: { spec } } })).toEqual(['spec.template.spec']);
  expect(paths({ items: [{ spec }, { spec: { template: { spec } } }] })).toEqual([
    'items[0].spec',
    'items[1].spec.template.spec',
  ]);
  expect(paths({ spec: { secrets: ['a'], deep: { list: [{ spec }] } } })).toEqual(['spec', 'spec.deep.list[0].spec']);
});

test.each([{}, { spec: null }, { spec: 'text' }, { spec: [] }, { data: { containers: 'x' } }, null, undefined])(
  '%p holds no pod spec and does no harm',
  (object) => {
    expect(podSpecs(object)).toEqual([]);
    expect(strayReferences(object)).toEqual([]);
  },
);

test('holes in lists, which patches leave, do no harm', () => {
  const spec = {
    containers: [null, { name: 'a', env: [null], envFrom: null, volumeMounts: [null] }],
    volumes: [null, {}],
  };
  expect(references({ path: 'spec', spec })).toEqual([]);
  expect(mounts({ path: 'spec', spec })).toEqual([]);
});

test('a reference knows its volume or its container', () => {
  const spec = {
    volumes: [{ name: 'v', secret: { secretName: 's' } }],
    containers: [{ name: 'c', envFrom: [{ configMapRef: { name: 'm' } }] }],
  };
  expect(references({ path: 'spec', spec })).toEqual([
    { kind: 'Secret', name: 's', path: 'spec.volumes[0].secret', volume: 'v' },
    { kind: 'ConfigMap', name: 'm', path: 'spec.containers[0].envFrom[0].configMapRef', container: 'c' },
  ]);
});

test('a mount by subPathExpr is one by subPath', () => {
  const spec = { containers: [{ name: 'c', volumeMounts: [{ name: 'v', mountPath: '/x', subPathExpr: '$(A)' }] }] };
  expect(mounts({ path: '', spec })).toEqual([
    { container: 'c', volume: 'v', mountPath: '/x', subPath: '$(A)', path: 'containers[0].volumeMounts[0]' },
  ]);
});

test('what volumes and containers hold is not a stray reference', () => {
  const spec = {
    volumes: [{ name: 'v', secret: { name: 'x' } }],
    containers: [{ name: 'c', env: [{ valueFrom: { secretKeyRef: { name: 'x' } } }] }],
  };
  expect(strayReferences({ spec })).toEqual([]);
});

test('a Secret that an object makes is not a reference to it', () => {
  expect(strayReferences({ kind: 'Certificate', spec: { secretName: 's3-tls' } })).toEqual([]);
});
