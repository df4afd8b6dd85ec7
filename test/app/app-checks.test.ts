import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, Chart } from 'cdk8s';
import { ObjstoreConfig, ThanosStack } from '../../src';
import { bucket } from '../fixtures/bucket';
import { deployment, podSpec } from '../fixtures/workloads';
import { problems } from './boundary/boundary';

let written: string[];
beforeEach(() => {
  written = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

test('the checks are registered once on the root, however many stacks and single constructs there are', () => {
  const app = new App();
  const added = jest.spyOn(app.node, 'addValidation');
  for (const name of ['a', 'b', 'c'])
    new ThanosStack(app, name, { name, objstore: bucket({ bucket: `bucket-${name}` }), storeGateway: {}, query: {} });
  new ObjstoreConfig(new Chart(app, 'single'), 'Bucket', bucket({ instance: 'x' }));
  expect(added).toHaveBeenCalledTimes(1);
  expect(app.node.findAll().flatMap((c) => (c === app ? [] : c.node.validate()))).toEqual([]);
});

test('a problem is said once, though cdk8s validates the app for each chart', () => {
  const app = new App();
  const charts = ['a', 'b', 'c'].map((name) => new ThanosStack(app, name, { name, query: { endpoints: ['a:1'] } }));
  new ObjstoreConfig(charts[0], 'Bucket', bucket());
  deployment(charts[2], podSpec({ containers: [{ name: 'a', envFrom: [{ secretRef: { name: 'thanos-s3-keys' } }] }] }));
  expect(problems(charts[1])).toHaveLength(1);
});

test('a problem stops synth, and nothing is written', () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'synth-'));
  const app = new App({ outdir });
  const scope = new Chart(app, 'test');
  new ObjstoreConfig(scope, 'Bucket', bucket());
  deployment(scope, podSpec({ volumes: [{ name: 'x', configMap: { name: 'thanos-objstore-config' } }] }));
  expect(() => app.synth()).toThrow('uses the objstore config');
  expect(readdirSync(outdir)).toEqual([]);
  rmSync(outdir, { recursive: true });
});

test('a warning shows at synth, once, with its place', () => {
  const app = new App();
  const scope = new Chart(app, 'test');
  new Chart(app, 'other');
  new ObjstoreConfig(scope, 'Bucket', bucket({ insecure: true }));
  expect(written).toEqual([]);
  for (let i = 0; i < 3; i++) expect(app.synthYaml()).toContain('kind: ConfigMap');
  expect(written).toEqual(['warning: test/Bucket: insecure: plain HTTP: keys and data cross the network readable\n']);
});

test('two buckets warn each for itself', () => {
  const app = new App();
  const scope = new Chart(app, 'test');
  new ObjstoreConfig(scope, 'A', bucket({ insecure: true, instance: 'a' }));
  new ObjstoreConfig(scope, 'B', bucket({ unsafeSkipVerify: true, instance: 'b' }));
  app.synthYaml();
  expect(written.map((line) => line.split(': ').slice(1, 3))).toEqual([
    ['test/A', 'insecure'],
    ['test/B', 'unsafeSkipVerify'],
  ]);
});

test('two apps of one process know nothing of each other', () => {
  const make = () => {
    const app = new App();
    return new ThanosStack(app, 'thanos', { objstore: bucket(), compactor: {} });
  };
  expect([make(), make()].flatMap(problems)).toEqual([]);
});
