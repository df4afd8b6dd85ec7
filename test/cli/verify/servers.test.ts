import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import * as path from 'node:path';
import { cli, temporaryFolder } from '../cli';
import { type Pair, issued } from '../issued';
import { freePort } from '../../programs/ports';
import { type Running, droppingServer, hangingUpServer, listening, silentServer, tlsServer } from '../servers';

const NAME = 's3.example.com';
const KEYS = { AWS_ACCESS_KEY_ID: 'an-access-key', AWS_SECRET_ACCESS_KEY: 'a-very-secret-key' };
const folder = temporaryFolder();
const caFile = path.join(folder, 'ca.crt');
let ca: Pair;
let server: Pair;

beforeAll(async () => {
  ca = await issued({ name: 'CA' });
  server = await issued({ name: NAME, names: [NAME], issuer: ca });
  writeFileSync(caFile, ca.certificate);
});

/** The failed step of a verification of s3.example.com at a port of this machine. */
async function failure(port: number, args: string[] = ['--ca', caFile]): Promise<any> {
  const target = ['--endpoint', `${NAME}:9000`, '--connect', `127.0.0.1:${port}`, '--bucket', 'thanos'];
  const { json, stderr } = await cli(['verify', ...target, '--timeout', '1', '--json', ...args], { env: KEYS });
  const step = json.steps?.find(({ result }: any) => result === 'fail');
  if (!step) throw new Error(`nothing failed: ${JSON.stringify(json)} ${stderr}`);
  return { step: step.step, ...step.finding };
}

async function failureAt(starting: Promise<Running>, args?: string[]): Promise<any> {
  const running = await starting;
  return failure(running.port, args).finally(() => running.stop());
}

test('a name that is in no DNS', async () => {
  const args = ['verify', '--endpoint', 'no-such-host.invalid:9000', '--bucket', 'thanos', '--timeout', '5', '--json'];
  const { json, code } = await cli(args, { env: KEYS });
  expect(code).toBe(1);
  expect(json.steps[0]).toMatchObject({ step: 'dns', result: 'fail' });
  expect(json.steps[0].detail).toMatch(/no-such-host.invalid is not in DNS|no DNS server answered/);
});

test('a resolver that never answers ends nothing but the lookup', async () => {
  const args = ['verify', '--endpoint', `${NAME}:9000`, '--bucket', 'thanos', '--timeout', '1', '--json'];
  const NODE_OPTIONS = `--require=${path.join(__dirname, 'dead-resolver.cjs')}`;
  const { json, code } = await cli(args, { env: { ...KEYS, NODE_OPTIONS } });
  expect({ code, ...json.steps[0] }).toMatchObject({
    code: 1,
    step: 'dns',
    detail: `no DNS server answered for ${NAME}`,
  });
});

test('a name in the hosts file is found, and connected to', async () => {
  const args = ['verify', '--endpoint', `localhost:${await freePort()}`, '--bucket', 'thanos', '--timeout', '20'];
  const { json } = await cli([...args, '--json'], { env: KEYS });
  expect(json.steps[0]).toMatchObject({ step: 'dns', result: 'pass', detail: expect.stringContaining('127.0.0.1') });
  expect(json.steps[1]).toMatchObject({ step: 'tcp', detail: expect.stringContaining('refuses connections') });
});

test('a port on which nothing listens', async () => {
  expect(await failure(await freePort())).toMatchObject({
    step: 'tcp',
    thanos: expect.stringContaining('connection refused'),
  });
});

test('packets that are dropped', async () => {
  expect(await failureAt(droppingServer())).toMatchObject({
    step: 'tcp',
    thanos: expect.stringContaining('i/o timeout'),
  });
});

test('a port that is open and silent', async () => {
  const failed = await failureAt(silentServer());
  expect(failed).toMatchObject({ step: 'tls', cause: 'the port is open, but no TLS answer came within 1 s' });
});

test('a port that hangs up', async () => {
  const failed = await failureAt(hangingUpServer());
  expect(failed).toMatchObject({
    step: 'tls',
    cause: expect.stringContaining(`closed the connection in the TLS handshake, asked for ${NAME} (SNI)`),
    fix: expect.stringContaining('set serverName to a name that the server serves'),
  });
  expect((await failureAt(hangingUpServer(), ['--ca', caFile, '--server-name', '10.0.0.9'])).cause).not.toMatch(
    /SNI|10\.0/,
  );
});

test('a server that takes the request and never answers', async () => {
  const failed = await failureAt(tlsServer(server));
  expect(failed).toMatchObject({ step: 'signature', cause: expect.stringContaining('did not answer within 1 s') });
});

test('a server that is not S3', async () => {
  const page = createServer((_, response) => response.setHeader('Server', 'nginx').end('<html>hello'));
  const failed = await failureAt(listening(page), ['--insecure']);
  expect(failed.cause).toBe('the port answers (200 by nginx), but not as an S3 server does');
});

test('a long message of a server is cut, and the keys that it repeats are stars', async () => {
  const words = `the secret ${KEYS.AWS_SECRET_ACCESS_KEY} is `;
  const body = `<Error><Code>constructor</Code><Message>${words}${'bad '.repeat(50_000)}</Message></Error>`;
  const page = createServer((_, response) => response.writeHead(400).end(body));
  const { cause } = await failureAt(listening(page), ['--insecure']);
  expect(cause).toMatch(/^the server answers 400 constructor: the secret \*\*\* is (bad ){60,70}/);
  expect(cause.length).toBeLessThan(400);
});

test('keys that are words of the program make no stars of them', async () => {
  const running = await listening(
    createServer((_, response) => response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>')),
  );
  const target = ['--endpoint', NAME, '--connect', running.address, '--bucket', 'thanos', '--insecure'];
  const env = { AWS_ACCESS_KEY_ID: 'access', AWS_SECRET_ACCESS_KEY: 'secret' };
  const { stdout } = await cli(['verify', ...target], { env }).finally(() => running.stop());
  expect(stdout).toContain('the secret access key is wrong');
  expect(stdout).not.toContain('***');
});

test('the bucket of a tenant is asked for as minio-go does', async () => {
  const paths: string[] = [];
  const page = createServer((request, response) => {
    paths.push(String(request.url));
    response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>');
  });
  expect((await failureAt(listening(page), ['--insecure', '--bucket', 'tenant:thanos'])).step).toBe('bucket');
  expect(paths).toEqual(['/tenant%3Athanos/?location=']);
});

test('a server that wants a client certificate, with TLS 1.3 and 1.2', async () => {
  const options = { requestCert: true, rejectUnauthorized: true, ca: ca.certificate };
  const newer = await failureAt(tlsServer(server, '', options));
  expect(newer).toMatchObject({ thanos: 'remote error: tls: certificate required' });
  const older = await failureAt(tlsServer(server, '', { ...options, maxVersion: 'TLSv1.2' }));
  expect(older.cause).toMatch(/client certificate/);
});

test('a client certificate that is given is shown to the server', async () => {
  const client = await issued({ name: 'the-client', names: ['client'], issuer: ca });
  writeFileSync(path.join(folder, 'client.crt'), client.certificate);
  writeFileSync(path.join(folder, 'client.key'), client.key);
  const shown: string[] = [];
  const tls = { cert: server.certificate, key: server.key, requestCert: true, rejectUnauthorized: false };
  const page = createTlsServer(tls, (request, response) => {
    shown.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
    response.end();
  });
  const args = ['--client-cert', path.join(folder, 'client.crt'), '--client-key', path.join(folder, 'client.key')];
  expect((await failureAt(listening(page), ['--ca', caFile, ...args])).cause).toContain('not as an S3 server does');
  expect(shown).toEqual(['the-client']);
});

test('a server that speaks only an old TLS', async () => {
  const options = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const failed = await failureAt(tlsServer(server, '', options));
  expect(failed).toMatchObject({ step: 'tls', cause: expect.stringContaining('TLS older than 1.2') });
});

describe('a chain with an intermediate', () => {
  let intermediate: Pair;
  let below: Pair;
  beforeAll(async () => {
    intermediate = await issued({ name: 'Intermediate', issuer: ca });
    below = await issued({ name: NAME, names: [NAME], issuer: intermediate });
  });
  const reached = { step: 'signature', cause: expect.stringContaining('did not answer') };

  test('is trusted over the root when the server sends it', async () => {
    expect(await failureAt(tlsServer(below, intermediate.certificate))).toMatchObject(reached);
  });

  test('is an unknown authority when it is left out', async () => {
    expect(await failureAt(tlsServer(below))).toMatchObject({
      step: 'chain',
      cause: expect.stringContaining("the server's chain ends at CN=Intermediate"),
      fix: expect.stringContaining("a missing intermediate belongs in the server's own chain"),
    });
  });

  test('is trusted over the intermediate alone, as Thanos does', async () => {
    const file = path.join(folder, 'intermediate.crt');
    writeFileSync(file, intermediate.certificate);
    expect(await failureAt(tlsServer(below), ['--ca', file])).toMatchObject(reached);
    expect(await failureAt(tlsServer(below, intermediate.certificate), ['--ca', file])).toMatchObject(reached);
  });

  test('is refused when the intermediate or the root has expired', async () => {
    const past = { notBefore: new Date(0), notAfter: new Date('2026-01-01T00:00:00Z') };
    const old = await issued({ name: 'Old intermediate', issuer: ca, ...past });
    const leaf = await issued({ name: NAME, names: [NAME], issuer: old });
    const failed = await failureAt(tlsServer(leaf, old.certificate));
    expect(failed).toMatchObject({ step: 'chain', cause: expect.stringContaining('CN=Old intermediate expired on') });
    const root = await issued({ name: 'Old root', ...past });
    const file = path.join(folder, 'old-root.crt');
    writeFileSync(file, root.certificate);
    const other = await issued({ name: NAME, names: [NAME], issuer: root });
    expect((await failureAt(tlsServer(other), ['--ca', file])).cause).toContain('CN=Old root expired on');
  });

  test('is refused when a server certificate poses as an intermediate', async () => {
    const forged = await issued({ name: NAME, names: [NAME], issuer: below });
    expect(await failureAt(tlsServer(forged, below.certificate + intermediate.certificate))).toMatchObject({
      step: 'chain',
    });
  });
});

test('a certificate that is not valid yet', async () => {
  const early = await issued({ name: NAME, names: [NAME], issuer: ca, notBefore: new Date(Date.now() + 86400_000) });
  expect(await failureAt(tlsServer(early))).toMatchObject({
    step: 'chain',
    cause: expect.stringContaining('is not valid before'),
  });
});

test('a name with a dot at its end is asked for without it, and is the name of the certificate', async () => {
  const asked: string[] = [];
  const SNICallback = (name: string, done: (error: null) => void): void => {
    asked.push(name);
    done(null);
  };
  const failed = await failureAt(tlsServer(server, '', { SNICallback }), ['--ca', caFile, '--server-name', `${NAME}.`]);
  expect(failed).toMatchObject({ step: 'signature', cause: expect.stringContaining('did not answer') });
  expect(new Set(asked)).toEqual(new Set([NAME]));
});
