import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { stageOf } from '../../../src/cli/ca/rotate';
import { cli, temporaryFolder } from '../cli';
import { type Pair, issued } from '../issued';
import { type Running, tlsServer } from '../servers';

const NAME = 's3.example.com';
const folder = temporaryFolder();
const servers: Record<string, Running> = {};
let pairs: Record<'old' | 'new' | 'other', Pair>;

function file(name: string, ...pems: string[]): string {
  writeFileSync(path.join(folder, name), pems.join(''));
  return path.join(folder, name);
}

beforeAll(async () => {
  // both roots have the same name, as when one is made anew with the guide's commands
  const [old, fresh] = [await issued({ name: 'MinIO-CA' }), await issued({ name: 'MinIO-CA' })];
  pairs = { old, new: fresh, other: await issued({ name: 'Other' }) };
  for (const [name, issuer] of Object.entries(pairs))
    servers[name] = await tlsServer(await issued({ name: NAME, names: [NAME], issuer }));
});
afterAll(() => Promise.all(Object.values(servers).map((server) => server.stop())));

/** Asks with a bundle of these roots and a server that has a certificate of one. */
async function rotate(bundle: ('old' | 'new' | 'other')[], server?: string): Promise<any> {
  const files = [file('old.crt', pairs.old.certificate), file('new.crt', pairs.new.certificate)];
  const inUse = file('bundle.crt', ...bundle.map((name) => pairs[name].certificate));
  const endpoint = server ? ['--endpoint', servers[server].address, '--server-name', NAME] : [];
  const { code, json } = await cli(['ca', 'inspect', inUse, '--rotate', ...files, ...endpoint, '--json']);
  return { code, ...json };
}

test('the way from old to new: the old root may go only when both are in the bundle and the server has moved', async () => {
  expect(await rotate(['old'], 'old')).toMatchObject({ code: 1, next: 1, oldMayGo: false });
  expect(await rotate(['old', 'new'], 'old')).toMatchObject({ code: 1, next: 2, oldMayGo: false });
  expect(await rotate(['old', 'new'], 'new')).toMatchObject({ code: 0, next: 4, oldMayGo: true, server: 'new' });
  expect(await rotate(['new'], 'new')).toMatchObject({ code: 0, next: 7, oldMayGo: true });
});

test('each way to break it is seen', async () => {
  expect((await rotate(['new'], 'old')).text).toContain('the server still uses it: new connections fail');
  expect((await rotate(['old'], 'new')).text).toContain('the bundle lacks the new root: new connections fail');
  expect((await rotate(['old', 'new'], 'other')).text).toContain('comes from neither root');
  expect((await rotate(['other'], 'new')).text).toContain('holds neither root');
});

test('without the server the answer is never yes', async () => {
  expect(await rotate(['old', 'new'])).toMatchObject({ code: 1, server: 'unknown', oldMayGo: false });
  for (const [hasOld, hasNew] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])
    expect(stageOf(hasOld, hasNew, 'unknown').oldMayGo).toBe(false);
});

test('a third root in the bundle is mentioned, and the order is printed', async () => {
  const answer = await rotate(['old', 'new', 'other'], 'new');
  expect(answer).toMatchObject({ oldMayGo: true, others: ['CN=Other'] });
  expect(answer.order).toHaveLength(6);
  const bundle = path.join(folder, 'bundle.crt');
  const { stdout } = await cli([
    'ca',
    'inspect',
    bundle,
    '--rotate',
    path.join(folder, 'old.crt'),
    path.join(folder, 'new.crt'),
  ]);
  expect(stdout).toContain('not yet: the bundle holds both roots. Whether the server moved is not known');
  expect(stdout).toContain(' > 3. give the S3 server its certificate of the new root');
});

test.each([
  ['one file', (old: string) => [old], 'takes two files, OLD and NEW, after FILE; got 1'],
  ['the same file twice', (old: string) => [old, old], 'hold the same certificate'],
  ['a missing file', (old: string) => [old, 'no-such.crt'], "no-such.crt can't be read"],
  ['no certificate', (old: string) => [old, __filename], 'holds no PEM certificate'],
])('bad files are named: %s', async (_, files, message) => {
  const old = file('bad-old.crt', pairs.old.certificate);
  const { code, stderr } = await cli(['ca', 'inspect', old, '--rotate', ...files(old)]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
