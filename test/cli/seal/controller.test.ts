import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { seal } from '../../../src/cli/seal/encrypt';
import { manifestText } from '../../../src/cli/seal/manifest';
import { registerSeal } from '../../../src/cli/seal/seal';
import { type Answers, FakeKubectl } from '../check/fake-kubectl';
import { temporaryFolder } from '../cli';
import { runCommand } from '../run-command';
import { open } from './opener';

const DATA = path.join(__dirname, '../../fixtures/sealed-secrets');
const KEY = createPrivateKey(readFileSync(path.join(DATA, 'controller-key.pem')));
const PUBLIC_KEY = createPublicKey(KEY);
const CERTIFICATE = readFileSync(path.join(DATA, 'controller.crt'), 'utf8');
const PLACE = { scope: 'strict', namespace: 'monitoring', name: 'keys' } as const;
const FILE = path.join(temporaryFolder(), 'sealed.yaml');
const PROXY = '/api/v1/namespaces/kube-system/services/http:sealed-secrets-controller:api/proxy/v1';

const sealed = (value: string): string => seal(Buffer.from(value), PUBLIC_KEY, PLACE);
const opened = (ciphertext: string): string => open(ciphertext, KEY, 'strict', 'monitoring', 'keys').toString();
const read = () => parse(readFileSync(FILE, 'utf8'));

beforeEach(() => {
  const encryptedData = { id: sealed('an-id'), secret: sealed('a-secret') };
  const state = { certificate: 'old', verifiers: { id: 'scrypt$a' }, earlier: { id: 'older' } };
  writeFileSync(FILE, manifestText({ place: PLACE, type: 'Opaque', encryptedData, state }, FILE));
});

/** A controller that answers so. */
async function asked(args: string[], answers: Answers) {
  const service = { out: JSON.stringify({ spec: { ports: [{ name: 'api', port: 8080 }] } }) };
  const kubectl = new FakeKubectl([
    ...answers,
    [' get service sealed-secrets-controller ', service],
    [` get --raw ${PROXY}/cert.pem `, { out: CERTIFICATE }],
  ]);
  try {
    const { code, out } = await runCommand(registerSeal, ['seal', '--json', ...args]);
    const { calls } = kubectl;
    const posted = calls.some((call) => call.includes('--filename=-')) ? JSON.parse(kubectl.input) : undefined;
    return { code, json: JSON.parse(out), calls, posted };
  } finally {
    kubectl.remove();
  }
}

const VERIFY = ` create --raw ${PROXY}/verify --filename=- `;
const ROTATE = ` create --raw ${PROXY}/rotate --filename=- `;
const CONFLICT = { err: 'Error from server (Conflict): the server reported a conflict', code: 1 };

test('--validate asks the controller about the file as it stands', async () => {
  const before = readFileSync(FILE, 'utf8');
  const { code, json, posted, calls } = await asked(['--validate', FILE, '--context', 'edge'], [[VERIFY, {}]]);
  expect({ code, json }).toEqual({ code: 0, json: { ok: true, file: FILE, valid: true } });
  expect(posted).toEqual(read());
  for (const call of calls) expect(call).toMatch(/^--context=edge --namespace=kube-system /);
  expect(readFileSync(FILE, 'utf8')).toBe(before);
});

test('--validate of what the controller does not open fails', async () => {
  expect(await asked(['--validate', FILE], [[VERIFY, CONFLICT]])).toMatchObject({ code: 1, json: { valid: false } });
});

test('--re-encrypt puts the ciphertext of the newest key into the file, and keeps the rest', async () => {
  const before = read();
  const encryptedData = { id: sealed('an-id'), secret: sealed('a-secret') };
  const answer = { kind: 'SealedSecret', spec: { encryptedData } };
  const { code, json, posted } = await asked(['--re-encrypt', FILE], [[ROTATE, { out: JSON.stringify(answer) }]]);
  expect({ code, json }).toMatchObject({ code: 0, json: { values: { id: 're-encrypted', secret: 're-encrypted' } } });
  expect(posted).toEqual(before);
  const after = read();
  expect(after.spec).toEqual({ ...before.spec, encryptedData });
  expect(Object.values<string>(after.spec.encryptedData).map(opened)).toEqual(['an-id', 'a-secret']);
  expect(JSON.parse(after.metadata.annotations['cdk8s-thanos-seal'])).toEqual({
    certificate: expect.stringMatching(/^([0-9A-F]{2}:){31}/),
    verifiers: { id: 'scrypt$a' },
  });
});

test.each<[string, string[], Answers, string]>([
  [
    'no right',
    ['--validate', FILE],
    [[VERIFY, { err: 'Error from server (Forbidden): no', code: 1 }]],
    "can't be asked",
  ],
  ['no controller', ['--validate', FILE, '--controller-name', 'other'], [], 'there is no Service other'],
  ['no file', ['--re-encrypt', `${FILE}.no`], [], 'no such file'],
  ['another file', ['--validate', __filename], [], 'is not YAML'],
  ['half an answer', ['--re-encrypt', FILE], [[ROTATE, { out: '{"spec":{"encryptedData":{}}}' }]], 'no value for id'],
  ['no answer', ['--re-encrypt', FILE], [[ROTATE, { out: 'ok' }]], 'is not JSON; nothing was written'],
  ['no certificate', ['--name', 'keys'], [], 'required option --cert is missing'],
  ['both', ['--re-encrypt', FILE, '--validate', FILE], [], 'each stand alone'],
  ['a value', ['--validate', FILE, '--from-stdin', 'k'], [], 'each stand alone'],
])('%s is named, and nothing is written', async (_, args, answers, says) => {
  const before = readFileSync(FILE, 'utf8');
  await expect(asked(args, answers)).rejects.toThrow(says);
  expect(readFileSync(FILE, 'utf8')).toBe(before);
});
