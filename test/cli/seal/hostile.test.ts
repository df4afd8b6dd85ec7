import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { SecretDelivery } from '../../../src';
import { SCOPES, seal } from '../../../src/cli/seal/encrypt';
import { manifestText, readSealed, type Sealed } from '../../../src/cli/seal/manifest';
import { damaged } from '../../fixtures/damaged';
import { runs } from '../../property/runs';
import { temporaryFolder } from '../cli';
import { open } from './opener';
import { refused } from '../refused';

const KEY = createPrivateKey(readFileSync(path.join(__dirname, '../../fixtures/sealed-secrets/controller-key.pem')));
const PUBLIC_KEY = createPublicKey(KEY);
const folder = temporaryFolder();
const FILE = path.join(folder, 'sealed.yaml');
const CIPHERTEXT = Buffer.alloc(300, 7).toString('base64');

const MANIFEST = {
  apiVersion: 'bitnami.com/v1alpha1',
  kind: 'SealedSecret',
  metadata: {
    name: 'keys',
    namespace: 'monitoring',
    annotations: { 'sealedsecrets.bitnami.com/cluster-wide': 'true' },
  },
  spec: { encryptedData: { id: CIPHERTEXT }, template: { metadata: { labels: { a: 'b' } }, type: 'Opaque' } },
};

/** Both readers of a sealed file: the command that updates it, and the library. */
function bothRead(text: string): void {
  writeFileSync(FILE, text);
  const command = refused(() => readSealed(FILE));
  if (command !== undefined) expect(command).toContain(FILE);
  const library = refused(() => SecretDelivery.sealedManifest(FILE)._source());
  expect(`${command} ${library}`).not.toContain(CIPHERTEXT);
}

test('any bytes, sealed for any place, are what the controller opens', () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,60}[a-z0-9])?$/);
  const place = fc.record({ scope: fc.constantFrom(...SCOPES), namespace: label, name: label });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), place, (bytes, where) => {
      const ciphertext = seal(Buffer.from(bytes), PUBLIC_KEY, where);
      expect(open(ciphertext, KEY, where.scope, where.namespace, where.name)).toEqual(Buffer.from(bytes));
    }),
    runs(50),
  );
});

test('a damaged sealed file is read or refused by both readers, and never crashes', () => {
  fc.assert(
    fc.property(fc.oneof(damaged(stringify(MANIFEST)), damaged(JSON.stringify(MANIFEST))), bothRead),
    runs(300),
  );
});

test('whatever stands at whatever field of a sealed file, both readers read or refuse it', () => {
  const rubbish = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(null, '', 0, [], {}, [null], ['x'], { '': '' }, '__proto__', true),
  );
  const places = [
    ...['apiVersion', 'kind', 'metadata', 'metadata.name', 'metadata.namespace', 'metadata.annotations'],
    ...['spec', 'spec.encryptedData', 'spec.encryptedData.id', 'spec.template', 'spec.template.metadata'],
    ...['spec.template.type', 'metadata.annotations.cdk8s-thanos-seal'],
  ];
  fc.assert(
    fc.property(fc.constantFrom(...places), rubbish, (place, value) => {
      const manifest: any = structuredClone(MANIFEST);
      const steps = place.split('.');
      const last = steps.pop()!;
      steps.reduce((at, step) => at[step], manifest)[last] = value;
      bothRead(JSON.stringify(manifest));
    }),
    runs(300),
  );
});

test('names and keys that YAML 1.1 reads as something else are quoted, as kubectl needs', () => {
  const place = { scope: 'strict', namespace: 'on', name: 'y' } as const;
  const text = manifestText(
    { place, type: 'Opaque', encryptedData: { no: CIPHERTEXT }, state: { verifiers: {} } },
    FILE,
  );
  expect(text).toMatch(/^ {2}name: "y"\n {2}namespace: "on"$/m);
  expect(text).toMatch(/^ {4}"no": /m);
});

test('empty annotations, which kubectl leaves behind, are none', () => {
  writeFileSync(FILE, stringify({ ...MANIFEST, metadata: { ...MANIFEST.metadata, annotations: null } }));
  expect(SecretDelivery.sealedManifest(FILE)._source()).toMatchObject({ scope: 'strict' });
});

test('a manifest that was read is written again with the same content', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
  const data = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/), fc.constant(CIPHERTEXT), { minKeys: 1 });
  const sealed: fc.Arbitrary<Sealed> = fc.record({
    place: fc.record({ scope: fc.constantFrom(...SCOPES), namespace: label, name: label }),
    type: text.map((value) => value || 'Opaque'),
    encryptedData: data,
    state: fc.record({ certificate: fc.constant('ab'), verifiers: fc.dictionary(text, text) }),
  });
  fc.assert(
    fc.property(sealed, (given) => {
      writeFileSync(FILE, manifestText(given, FILE));
      const read = readSealed(FILE)!;
      expect(read.place).toEqual(given.place);
      expect({ ...read.encryptedData }).toEqual({ ...given.encryptedData });
      expect(read.type).toBe(given.type);
    }),
    runs(200),
  );
});
