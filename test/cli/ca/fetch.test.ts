import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { cli, done, temporaryFolder } from '../cli';
import { type Pair, createdCa, issued, minioFolder } from '../issued';
import { Minio } from '../../programs/minio';
import { freePort } from '../../programs/ports';
import { describeWith } from '../../programs/program';
import { type Running, listening, silentServer, tlsServer } from '../servers';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:tls';

const NAME = 's3.example.com';
const folder = temporaryFolder();
let root: Pair;
let intermediate: Pair;

beforeAll(async () => {
  root = await issued({ name: 'Root' });
  intermediate = await issued({ name: 'Intermediate', issuer: root });
});

/** Fetches from a server of the test. */
async function fetched(starting: Promise<Running>, ...args: string[]): Promise<any> {
  const running = await starting;
  return cli(['ca', 'fetch', running.address, '--server-name', NAME, '--json', ...args]).finally(() => running.stop());
}

function out(name: string): string {
  return path.join(folder, name);
}

describeWith(['minio'], 'ca fetch from a real MinIO', () => {
  test('writes the root that the server sends, byte for byte, and the library of trust is left to a person', async () => {
    const certs = out('minio');
    await done(['ca', 'create', '--ecdsa', '--minio', '--dns', NAME, '--out', certs]);
    const pair = createdCa(certs);
    const server = {
      ...pair,
      certificate: readFileSync(path.join(certs, 'public.crt'), 'utf8'),
      key: readFileSync(path.join(certs, 'private.key'), 'utf8'),
    };
    const minio = await Minio.start(minioFolder(out('chain'), server, pair.certificate));
    try {
      const args = ['ca', 'fetch', minio.address, '--server-name', NAME, '--out', out('fetched.crt')];
      const { stdout } = await done(args);
      expect(readFileSync(out('fetched.crt'), 'utf8')).toBe(pair.certificate);
      expect(stdout).toContain('signed by CN=MinIO-CA, O=My Organization, C=US (sent, signature verified)');
      expect(stdout).toContain('Trust on first use');
      const again = await cli(args);
      expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('fetched.crt exists already') });
    } finally {
      await minio.stop();
    }
  }, 30_000);
});

test('the root belongs in ca_file, whatever the length of the chain', async () => {
  const leaf = await issued({ name: NAME, names: [NAME], issuer: intermediate });
  const { code, json } = await fetched(tlsServer(leaf, intermediate.certificate + root.certificate));
  expect(code).toBe(0);
  expect(json.chain.map((c: any) => c.subject)).toEqual([`CN=${NAME}`, 'CN=Intermediate', 'CN=Root']);
  expect(json).toMatchObject({
    caFile: { subject: 'CN=Root', allowLeaf: false },
    warnings: [],
    trustOnFirstUse: true,
    written: null,
  });
});

test('an intermediate is only the second best, and the warning names whom to ask', async () => {
  const leaf = await issued({ name: NAME, names: [NAME], issuer: intermediate });
  const { code, json } = await fetched(tlsServer(leaf, intermediate.certificate), '--out', out('intermediate.crt'));
  expect(code).toBe(0);
  expect(json.caFile).toMatchObject({ subject: 'CN=Intermediate' });
  expect(json.warnings[0]).toContain('Get the certificate of CN=Root from whoever runs the server');
});

test('a lone leaf is not written: its issuer was not sent', async () => {
  const leaf = await issued({ name: NAME, names: [NAME], issuer: root });
  const { code, json } = await fetched(tlsServer(leaf), '--out', out('leaf.crt'));
  expect(code).toBe(1);
  expect(json).toMatchObject({ ok: false, caFile: null, written: null });
  expect(json.warnings).toEqual(['the server does not send the issuer of its certificate (CN=Root)']);
  expect(() => readFileSync(out('leaf.crt'))).toThrow('ENOENT');
});

test('a self-signed leaf is its own trust anchor, with allowLeaf', async () => {
  const leaf = await issued({ name: NAME, names: [NAME] });
  const { code, json } = await fetched(tlsServer(leaf), '--out', out('self.crt'));
  expect(code).toBe(0);
  expect(json.caFile).toMatchObject({ subject: `CN=${NAME}`, allowLeaf: true });
  expect(readFileSync(out('self.crt'), 'utf8')).toBe(leaf.certificate);
});

test('a certificate for another name is told beside', async () => {
  const leaf = await issued({ name: 'x', names: ['other.example.com'], issuer: root });
  const { json } = await fetched(tlsServer(leaf, root.certificate));
  expect(json.warnings).toEqual([
    expect.stringContaining('the certificate is for DNS:other.example.com, not for s3.example.com'),
  ]);
});

test('no subject can paint the terminal', async () => {
  const leaf = await issued({ name: 'evil\u001b[31m\u202e', names: [NAME] });
  const running = await tlsServer(leaf);
  const { stdout } = await cli(['ca', 'fetch', running.address]).finally(() => running.stop());
  expect(stdout).toContain('evil');
  expect(stdout).not.toMatch(/[\u001b\u202e]/);
});

test('what keeps a certificate from coming is named', async () => {
  const refused = await cli(['ca', 'fetch', `127.0.0.1:${await freePort()}`]);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing listens there') });
  const silent = await fetched(silentServer(), '--timeout', '0.5');
  expect(silent).toMatchObject({ code: 2, stderr: expect.stringContaining('no TLS answer came within 0.5 s') });
  const plain = await fetched(listening(createServer()));
  expect(plain.json.error).toContain('the port answers plain HTTP, not TLS');
  const scheme = await cli(['ca', 'fetch', 'https://s3.example.com']);
  expect(scheme).toMatchObject({ code: 2, stderr: expect.stringContaining('has a scheme') });
});

test('a file that can not be written is named, and nothing is left behind', async () => {
  const leaf = await issued({ name: NAME, names: [NAME] });
  writeFileSync(out('file'), '');
  const { code, stderr } = await fetched(tlsServer(leaf), '--out', path.join(out('file'), 'ca.crt'));
  expect(code).toBe(2);
  expect(stderr).toContain("can't be written: a part of the path is not a directory");
});

describe('who answered', () => {
  const file = (): string => out(`sha-${Math.random()}.crt`);
  const served = async (): Promise<Running> => {
    const leaf = await issued({ name: NAME, names: [NAME], issuer: intermediate });
    // a server may send them in any order
    return tlsServer(leaf, root.certificate + intermediate.certificate);
  };

  test('is proved by the fingerprint of the root, however it is written', async () => {
    const { fingerprint256 } = new X509Certificate(root.certificate);
    for (const sha256 of [fingerprint256, fingerprint256.replaceAll(':', '').toLowerCase()]) {
      const path = file();
      const { code, json } = await fetched(served(), '--out', path, '--sha256', sha256);
      expect({ code, trust: json.trustOnFirstUse, written: json.written }).toEqual({
        code: 0,
        trust: false,
        written: path,
      });
      expect(readFileSync(path, 'utf8')).toContain('BEGIN CERTIFICATE');
    }
  });

  test('and where it is another, nothing is written', async () => {
    const path = file();
    const { code, json } = await fetched(served(), '--out', path, '--sha256', 'AB'.repeat(32));
    expect({ code, written: json.written }).toEqual({ code: 1, written: null });
    expect(json.why).toContain('which is not the one of --sha256');
    expect(existsSync(path)).toBe(false);
  });

  test('a fingerprint that is none is refused', async () => {
    const { code, stderr } = await cli(['ca', 'fetch', 'localhost:1', '--sha256', 'abc']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('64 hex digits') });
  });
});

test('a server that asks for a client certificate gets it', async () => {
  const leaf = await issued({ name: NAME, names: [NAME], issuer: root });
  const client = await issued({ name: 'the-client', names: ['client'], issuer: root });
  const files = { cert: out('client.crt'), key: out('client.key') };
  writeFileSync(files.cert, client.certificate);
  writeFileSync(files.key, client.key);
  const shown: string[] = [];
  const cert = leaf.certificate + root.certificate;
  const server = createTlsServer({
    cert,
    key: leaf.key,
    requestCert: true,
    rejectUnauthorized: false,
    maxVersion: 'TLSv1.2',
  });
  server.on('secureConnection', (socket) => shown.push(String(socket.getPeerCertificate().subject?.CN)));
  const { code } = await fetched(listening(server), '--client-cert', files.cert, '--client-key', files.key);
  expect({ code, shown }).toEqual({ code: 0, shown: ['the-client'] });
});
