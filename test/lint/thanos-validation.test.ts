import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ThanosValidation } from '../../src/index';
import { type Manifests, first, good, yamlOf } from './manifests';

const ROOT = join(__dirname, '../..');
const CLI = join(ROOT, 'node_modules/cdk8s-cli/bin/cdk8s');
const VERSION: string = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version;

/** A project of a user: an app that writes these manifests, and the plugin as cdk8s.yaml names it. */
function synth(validation: object, change: (m: Manifests) => void = () => undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-thanos-plugin-'));
  try {
    const manifests = good();
    change(manifests);
    const app = "require('fs').cpSync('given.yaml', process.env.CDK8S_OUTDIR + '/app.k8s.yaml')";
    writeFileSync(join(folder, 'given.yaml'), yamlOf(manifests));
    writeFileSync(
      join(folder, 'app.js'),
      `require('fs').mkdirSync(process.env.CDK8S_OUTDIR, {recursive: true});${app}`,
    );
    // as npm installs it: into the project, and into the folder of plugins
    for (const at of ['node_modules', `plugins/cdk8s-thanos/${VERSION}/node_modules`]) {
      mkdirSync(join(folder, at), { recursive: true });
      symlinkSync(ROOT, join(folder, at, 'cdk8s-thanos'));
    }
    const config = {
      ...{ language: 'typescript', app: 'node app.js', pluginsDirectory: join(folder, 'plugins') },
      validations: [{ version: VERSION, class: 'ThanosValidation', ...validation }],
    };
    writeFileSync(join(folder, 'cdk8s.yaml'), stringify(config));
    const env = { ...process.env, CDK8S_CHECK_UPGRADE: 'false', CDK8S_OUTDIR: undefined };
    return spawnSync(process.execPath, [CLI, 'synth'], { cwd: folder, env, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const AT = { at: '2027-01-01T00:00:00Z' };
const otherPath = (m: Manifests) => (first(m.store).volumeMounts[1].mountPath = '/certs');
const noChecksum = (m: Manifests) => delete m.store.spec.template.metadata.annotations;

const WAYS = ['cdk8s-thanos', './node_modules/cdk8s-thanos'];

test.each(WAYS)('cdk8s synth with the plugin as package %s fails on a CA at another path', (name) => {
  const { status, stdout } = synth({ package: name, properties: AT }, otherPath);
  expect(stdout).toContain('ca-path-differs');
  expect(stdout).toContain('Deployment m/thanos-store: spec.template.spec.containers[0].volumeMounts[1]');
  expect(stdout).toContain('Make the two the same path');
  expect(status).toBe(2);
});

test('cdk8s synth passes on sound manifests', () => {
  const { status, stdout } = synth({ package: WAYS[1], properties: AT });
  expect(stdout).toContain('Validations ended succesfully');
  expect(status).toBe(0);
});

test('a warning fails synth only with strict', () => {
  const lax = synth({ package: WAYS[1], properties: AT }, noChecksum);
  const strict = synth({ package: WAYS[1], properties: { ...AT, strict: true } }, noChecksum);
  expect(lax.stdout).toContain('no-checksum');
  expect([lax.status, strict.status]).toEqual([0, 2]);
});

test('the time is a property, for a synth that gives the same verdict every day', () => {
  const { status, stdout } = synth({ package: WAYS[1], properties: { at: '2101-01-01T00:00:00Z' } });
  expect(stdout).toContain('ca-expiry');
  expect(status).toBe(2);
});

test('a time that is none is said', () => {
  const { status, stderr } = synth({ package: WAYS[1], properties: { at: 'soon' } });
  expect(stderr).toContain('ThanosValidation: properties: at: is "soon", not a time; write 2027-01-01T00:00:00Z');
  expect(status).not.toBe(0);
});

test.each<[string, any, string]>([
  ['a text for a switch', { strict: 'false' }, 'strict: is "false"; it must be true or false'],
  ['a property that it has not', { strikt: true }, 'has no field "strikt"; did you mean "strict"?'],
  ['no map', 'strict', 'properties: '],
])('%s is an error', (_, properties, text) => {
  expect(() => new ThanosValidation(properties)).toThrow(
    `cdk8s-thanos: ThanosValidation: properties: ${text.replace('properties: ', '')}`,
  );
});

test('a time may be one that YAML knows as such', () => {
  expect(() => new ThanosValidation({ at: new Date('2027-01-01') as never })).not.toThrow();
  expect(() => new ThanosValidation(null as never)).not.toThrow();
});
