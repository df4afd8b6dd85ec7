import * as fc from 'fast-check';
import { inspect } from '../../src/cli/ca/inspect';
import { readObjstore } from '../../src/cli/s3/objstore-file';
import { readSealed } from '../../src/cli/seal/manifest';
import { lint } from '../../src/lint/lint';
import { parseObjstore } from '../../src/lint/objstore-document';
import { stageOf } from '../../src/cli/ca/rotate';
import { CA_BUNDLE, ECDSA_CA, LEAF, rsaPrivateKey } from '../fixtures/certificates';
import { damaged } from '../fixtures/damaged';
import { runs } from '../property/runs';
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { temporaryFolder } from './cli';
import { refused } from './refused';

const folder = temporaryFolder();
const NOW = new Date('2026-06-01T00:00:00Z');
const CONFIG = `type: S3
prefix: blocks
config:
  bucket: "thanos"
  endpoint: "s3.minio.example.com:9000"
  region: "eu"
  bucket_lookup_type: path
  http_config: { insecure_skip_verify: false, tls_config: { server_name: "x" } }
`;

test('a damaged bundle is either told apart block by block or as a whole, and never crashes', () => {
  const texts = fc.oneof(
    ...[CA_BUNDLE, ECDSA_CA + LEAF, ECDSA_CA + rsaPrivateKey()].map(damaged),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { certificates, problems } = inspect(text, NOW);
      // what holds no certificate is never called fit
      expect(certificates.length > 0 || problems.length > 0).toBe(true);
      if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) expect(problems).not.toEqual([]);
    }),
    runs(500),
  );
});

test('a damaged objstore.yml is read or refused by name, and never crashes', () => {
  fc.assert(
    fc.property(fc.oneof(damaged(CONFIG), fc.string()), (text) => {
      const refusal = refused(() => readObjstore(text, 'objstore.yml', () => undefined));
      if (refusal !== undefined) expect(refusal).toMatch(/^objstore.yml/);
    }),
    runs(500),
  );
});

test('a damaged sealed file is read or refused by name, and never crashes', () => {
  const manifest = JSON.stringify({
    kind: 'SealedSecret',
    metadata: { name: 'a', namespace: 'b', annotations: { 'cdk8s-thanos-seal': '{"verifiers":{"k":"scrypt$1"}}' } },
    spec: { encryptedData: { k: 'AgB' }, template: {} },
  });
  const file = path.join(folder, 'sealed.yaml');
  fc.assert(
    fc.property(damaged(manifest), (text) => {
      writeFileSync(file, text);
      const refusal = refused(() => readSealed(file));
      if (refusal !== undefined) expect(refusal).toContain(file);
    }),
    runs(300),
  );
});

test('a mapping as a key is read without a warning, which would quote the file, keys included', () => {
  const warned = jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
  const text = '{type: S3, config: {bucket: b, ? {secret_key: hunter2} : c}}';
  expect(readObjstore(text, 'objstore.yml', () => undefined).bucket).toBe('b');
  expect(lint([{ file: 'm.yaml', text }], NOW)).toHaveLength(1);
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

test('an old root may go in no state in which a new connection could fail without it', () => {
  const signers = ['old', 'new', 'both', 'neither', 'unknown'] as const;
  for (const hasOld of [true, false])
    for (const hasNew of [true, false])
      for (const server of signers) {
        const safe = hasNew && (server === 'new' || server === 'both');
        expect({ hasOld, hasNew, server, ...stageOf(hasOld, hasNew, server) }).toMatchObject({ oldMayGo: safe });
      }
});

test.each(['constructor', '__proto__', 'toString'])('a key called %s is unknown like any other', (key) => {
  expect(parseObjstore(`${key}: 1\n${CONFIG}`).faults).toContainEqual(
    expect.objectContaining({ rule: 'objstore-unknown-key', fix: 'Remove it, or correct its name or place' }),
  );
});
