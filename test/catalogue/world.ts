import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { certificate, ecdsaTwins, type Holder, type Leaf, rsaKey } from './certificates';
import { limitedCas, limitedServer } from './limited';
import { Minio } from '../programs/minio';
import { Servers } from './servers';

/** Everything that the cases need: a CA, stores that work, and one server for each trouble. */
export interface World {
  readonly servers: Servers;
  readonly folder: string;
  readonly minio: Minio;
  /** The CA, PEM. */
  readonly ca: string;
  /** A server's certificate that the CA signed, with these faults. */
  readonly leaf: (fault?: Leaf) => string;
  readonly otherCa: string;
  readonly expiredCa: string;
  /** CAs of the one key that signed the server at `limited`, with these limits. */
  readonly limitedCa: Record<'mayNotSign' | 'otherNames' | 'noIntermediates' | 'strange', string>;
  /** CAs with the name of the signer, but another key. */
  readonly twinCa: { readonly rsa: string; readonly ecdsa: string };
  readonly client: Holder;
  /** A key that fits none of the certificates. */
  readonly strangeKey: string;
  /** Writes a file, and gives its path. */
  readonly file: (content: string | Buffer) => string;
  readonly ports: Record<Port, number>;
  readonly powerless: Record<string, string>;
}

export type Port = keyof Awaited<ReturnType<typeof openPorts>>;

/** Starts it all. */
export async function startWorld(): Promise<World> {
  const [keyPem, serverKey, strangeKey] = [rsaKey(), rsaKey(), rsaKey()];
  const root = certificate(keyPem, { name: 'lab ca', ca: true });
  const servers = new Servers();
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk8s-thanos-world-'));
  const twins = await ecdsaTwins();
  const expired = certificate(keyPem, { name: 'old ca', ca: true, until: '2025-01-01T00:00:00Z' });
  const [ports, minio] = await Promise.all([
    openPorts(servers, serverKey, { root, expired, twin: twins.server }),
    Minio.start(minioFolder(path.join(folder, 'minio'), certificate(serverKey, {}, root))),
  ]);
  return {
    servers,
    minio,
    ca: root.pem,
    leaf: (fault) => certificate(serverKey, fault, root).pem,
    otherCa: certificate(strangeKey, { name: 'other ca', ca: true }).pem,
    expiredCa: expired.pem,
    twinCa: { rsa: certificate(strangeKey, { name: 'lab ca', ca: true }).pem, ecdsa: twins.oldCa },
    limitedCa: limitedCas(),
    client: certificate(serverKey, { name: 'client', usage: 'clientAuth' }, root),
    strangeKey,
    file: (content) => {
      const file = path.join(mkdtempSync(path.join(folder, 'file-')), 'ca.crt');
      writeFileSync(file, content);
      return file;
    },
    folder,
    ports,
    powerless: await minio.temporaryKeys({ Effect: 'Deny', Action: ['s3:*'], Resource: ['arn:aws:s3:::*'] }),
  };
}

/** Writes a certificate as MinIO reads it; returns the folder. */
function minioFolder(folder: string, { pem, keyPem }: Holder): string {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'public.crt'), pem);
  writeFileSync(path.join(folder, 'private.key'), keyPem);
  return folder;
}

/** Stops what `startWorld` started. */
export async function stopWorld({ minio, servers, folder }: World): Promise<void> {
  rmSync(folder, { recursive: true });
  await Promise.all([minio.stop(), servers.stop()]);
}

async function openPorts(servers: Servers, keyPem: string, holders: Record<'root' | 'expired' | 'twin', Holder>) {
  const { root, expired, twin } = holders;
  const leaf = (options = {}, by = root): Holder => certificate(keyPem, options, by);
  const intermediate = certificate(root.keyPem, { name: 'lab intermediate', ca: true }, root);
  const demanding = { ca: root.pem, requestCert: true, rejectUnauthorized: true };
  return {
    good: await servers.tls(leaf()),
    ecdsaTwin: await servers.tls(twin),
    noIntermediate: await servers.tls(leaf({}, intermediate)),
    limited: await servers.tls(limitedServer()),
    otherName: await servers.tls(leaf({ dns: ['minio.storage.svc', '*.minio.storage.svc'], ip: [] })),
    noNames: await servers.tls(leaf({ dns: [], ip: [] })),
    noNamesOther: await servers.tls(leaf({ name: 'not a host name', dns: [], ip: [] })),
    expired: await servers.tls(leaf({ until: '2025-01-01T00:00:00Z' })),
    expiredCa: await servers.tls(leaf({}, expired)),
    early: await servers.tls(leaf({ from: '2049-01-01T00:00:00Z' })),
    forClients: await servers.tls(leaf({ usage: 'clientAuth' })),
    demanding: await servers.tls(leaf(), demanding),
    old: await servers.tls(leaf(), { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    http: await servers.http(),
    babble: await servers.tcp((socket) => socket.end('220 mail.example.com ESMTP\r\n')),
    hangUp: await servers.tcp((socket) => socket.once('data', () => socket.resetAndDestroy())),
    silent: await servers.tcp(() => undefined),
    closed: await servers.closed(),
    dropping: await servers.dropping(),
  };
}
