import { JsonPatch } from 'cdk8s';
import { Query, Receiver, TlsCertificate } from '../../src';
import { deployment, podSpec } from '../fixtures/workloads';
import { chart } from '../render';
import { problems } from './boundary/boundary';

const POD = '/spec/template/spec';

function query(...patches: JsonPatch[]): string[] {
  const scope = chart();
  const grpcTls = { certificate: TlsCertificate.fromSecretName('grpc') };
  new Query(scope, 'Query', { grpcTls, endpoints: ['a:10901'] }).workload.addJsonPatch(...patches);
  return problems(scope);
}

test('a volume that a patch takes away while a container mounts it is an error, which the API server would give', () => {
  expect(query()).toEqual([]);
  expect(query(JsonPatch.remove(`${POD}/volumes/0`))).toEqual([
    expect.stringMatching(
      /test\/Query\/Resource: spec\.template\.spec\.containers\[0\]\.volumeMounts\[\d\]: mounts the volume \S+, which the pod does not have: the API server refuses it\. Undo/,
    ),
  ]);
});

test('a pod without any volumes is judged the same, and one without the mounts passes', () => {
  const none = JsonPatch.remove(`${POD}/volumes`);
  expect(query(none)).toEqual([expect.stringContaining('which the pod does not have')]);
  expect(query(none, JsonPatch.remove(`${POD}/containers/0/volumeMounts`))).toEqual([]);
});

test('a mount of a patch needs its volume, in a container that only prepares too', () => {
  const init = { name: 'init', image: 'a', volumeMounts: [{ name: 'data', mountPath: '/x' }] };
  const added = JsonPatch.add(`${POD}/initContainers`, [init]);
  expect(query(added)).toEqual([
    expect.stringContaining('spec.template.spec.initContainers[0].volumeMounts[0]: mounts the volume data'),
  ]);
  expect(query(added, JsonPatch.add(`${POD}/volumes/-`, { name: 'data', emptyDir: {} }))).toEqual([]);
});

test('a claim template is a volume; renamed by a patch, it is missed', () => {
  const receiver = (...patches: JsonPatch[]): string[] => {
    const scope = chart();
    const made = new Receiver(scope, 'Receiver', { externalLabels: { a: 'b' } });
    made.workload.addJsonPatch(...patches);
    return problems(scope);
  };
  expect(receiver()).toEqual([]);
  expect(receiver(JsonPatch.replace('/spec/volumeClaimTemplates/0/metadata/name', 'other'))).toEqual([
    expect.stringContaining('mounts the volume data, which the pod does not have'),
  ]);
});

test("a workload of the user's is the user's", () => {
  const scope = chart();
  new Query(scope, 'Query', { endpoints: ['a:10901'] });
  deployment(scope, podSpec({ containers: [{ name: 'a', volumeMounts: [{ name: 'x', mountPath: '/x' }] }] }));
  expect(problems(scope)).toEqual([]);
});
