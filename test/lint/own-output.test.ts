import { ApiObject, App, Testing } from 'cdk8s';
import { stringify } from 'yaml';
import {
  ThanosSidecar,
  ThanosStack,
  ObjstoreConfig,
  type ObjstoreOptions,
  Query,
  StoreGateway,
  TlsCertificate,
} from '../../src';
import { readS3 } from '../../src/input/read-s3';
import { S3_FIELDS } from '../../src/input/s3-fields';
import { readStruct } from '../../src/support/table';
import { lint } from '../../src/lint/lint';
import { guideStack } from '../../examples/guide/chart';
import { synthesize } from '../examples/example';
import { ECDSA_CA } from '../fixtures/certificates';
import { type Json, chart, render } from '../render';
import { STUB_NAMES, objstoreFactors } from '../thanos/objstore-factors';
import { pairwise } from '../thanos/pairwise';
import { serverCertificates } from '../thanos/server-certificates';
import { STACKS } from '../thanos/stacks';
import { NOW, rules } from './manifests';

function lintObjects(objects: Json[]) {
  return lint([{ file: 'm.yaml', text: objects.map((object) => stringify(object)).join('---\n') }], NOW);
}

test("the guide's example has no finding, and one hint: its keys are the user's to bring", () => {
  const files = synthesize((app) => guideStack(app, NOW));
  const findings = lint(
    Object.entries(files).map(([file, text]) => ({ file, text })),
    NOW,
    { whole: true },
  );
  expect(findings.map(({ rule, text }) => `${rule}: ${text}`)).toEqual([
    expect.stringMatching(/^missing-object: needs Secret thanos-s3-credentials,/),
  ]);
});

test.each(Object.keys(STACKS))('the %s stack has no finding', (name) => {
  const objects = Testing.synth(new ThanosStack(new App(), 'stack', STACKS[name](ECDSA_CA)));
  expect(objects.length).toBeGreaterThan(15);
  expect(rules(lintObjects(objects))).toEqual([]);
});

beforeEach(() => void jest.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

test.each([{ preflight: {} }, { preflight: {}, preflightInit: true }])(
  'a stack with %j has no finding',
  (preflight) => {
    const stack = new ThanosStack(new App(), 'stack', { ...STACKS.default(ECDSA_CA), ...preflight });
    expect(rules(lintObjects(Testing.synth(stack)))).toEqual([]);
  },
);

test('a Prometheus of the operator whose sidecar serves TLS has no finding: its fields name the CA of gRPC', () => {
  const { objstore } = STACKS.default(ECDSA_CA);
  const stack = new ThanosStack(new App(), 'stack', { objstore: { ...objstore!, ca: undefined }, storeGateway: {} });
  const prometheus = new ApiObject(stack, 'Prometheus', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    metadata: { name: 'k8s', namespace: 'monitoring' },
  });
  const grpcTls = { certificate: TlsCertificate.fromSecretName('grpc') };
  new ThanosSidecar(stack, 'Sidecar', { prometheus, objstore: stack.objstore, grpcTls });
  const objects = Testing.synth(stack);
  expect(rules(lintObjects(objects))).toEqual([]);
  // without them it would be one that nothing reads
  const { thanos } = objects.find(({ kind }) => kind === 'Prometheus').spec;
  delete thanos.grpcServerTlsConfig;
  expect(rules(lintObjects(objects))).toEqual(['error ca-unused']);
});

test('two clusters in a folder each, with the same names, are judged apart', () => {
  const text = (cluster: string): string =>
    Testing.synth(new ThanosStack(new App(), 'stack', { ...STACKS.default(ECDSA_CA), labels: { cluster } }))
      .map((o) => stringify(o))
      .join('---\n');
  const folders = ['a', 'b'].map((folder) => ({ file: `dist/${folder}/thanos.yaml`, text: text(folder) }));
  expect(rules(lint(folders, NOW))).toEqual([]);
  // in one folder too, since their objects differ
  const flat = folders.map(({ text }, i) => ({ file: `dist/${i}.yaml`, text }));
  expect(rules(lint(flat, NOW))).toEqual([]);
  expect(new Set(rules(lint(flat, NOW, { clusters: 'one' })))).toEqual(new Set(['error duplicate-object']));
});

describe('every S3 option, each pair of values once', () => {
  // a reloader is refused where nothing is only referenced, which only the construct knows
  const factors = objstoreFactors(serverCertificates(STUB_NAMES));
  delete factors.reloader;
  const matrix = pairwise<ObjstoreOptions>(factors, (value) => {
    try {
      readS3(readStruct(S3_FIELDS, { bucket: 'thanos', ...value }), (_, read) => read());
      return true;
    } catch {
      return false;
    }
  });

  test.each(matrix.rows.map(({ name, value }) => [name, value] as const))(
    '%s has no finding but what it asked for',
    (_, value) => {
      const options = { bucket: 'thanos', ...value } as ObjstoreOptions;
      const scope = chart();
      new StoreGateway(scope, 'store', { objstore: new ObjstoreConfig(scope, 'objstore', options) });
      new Query(scope, 'query', { endpoints: ['store.example.com:10901'] });
      expect(rules(lintObjects(render(scope)))).toEqual(options.unsafeSkipVerify ? ['warning verification-off'] : []);
    },
  );
});
