import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as tls from 'node:tls';
import { App } from 'cdk8s';
import { ThanosStack, TlsCertificate } from '../../src/index';
import { describeThanos, type Serving, serveThanos } from '../programs/thanos';
import { find, type Json } from '../render';
import { synth } from '../stack/stacks';
import { PodOnDisk } from './pod-on-disk';
import { serverCertificates } from './server-certificates';

jest.setTimeout(60_000);

const PARTS = serverCertificates(['localhost']);
const CLIENT = { cert: PARTS.clientCertificate, key: PARTS.clientKey };
const REFUSED = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';
const GIVEN = { grpc: { 'tls.crt': PARTS.serverCertificate, 'tls.key': PARTS.serverKey, 'ca.crt': PARTS.ca } };

const OBJECTS = synth(
  new ThanosStack(new App(), 'thanos', {
    grpcTls: { certificate: TlsCertificate.fromSecretName('grpc') },
    receiver: { replicas: 1, ingestOnly: true },
    receiveRouter: { replicationFactor: 1 },
    query: {},
  }),
);
const RECEIVER = 'thanos-receiver-0.thanos-receiver-headless.monitoring.svc.cluster.local:10901';
const FOUND = 'dnssrvnoa+_grpc._tcp.thanos-receiver-headless.monitoring.svc.cluster.local';

describeThanos('gRPC between parts over mutual TLS', () => {
  const running: Serving[] = [];
  const pods: PodOnDisk[] = [];
  let receiver: Serving;
  let receiverPod: PodOnDisk;

  /** A part as its manifest says; the receiver lies on this machine. */
  async function start(kind: string, name: string, change = (args: string) => args): Promise<Serving> {
    const local = receiver === undefined ? RECEIVER : `localhost:${receiver.grpcAddress.split(':')[1]}`;
    const here = (json: Json): Json =>
      JSON.parse(JSON.stringify(json).replaceAll(RECEIVER, local).replaceAll(FOUND, local));
    const objects = OBJECTS.map(here);
    const pod = new PodOnDisk(objects, find(objects, kind, name), GIVEN);
    const serving = await serveThanos(pod.args.map(change), pod.env);
    pods.push(pod);
    running.push(serving);
    return serving;
  }

  beforeAll(async () => {
    receiver = await start('StatefulSet', 'thanos-receiver');
    [receiverPod] = pods;
    await receiver.ready();
  });
  afterAll(async () => {
    await Promise.all(running.map((one) => one.stop()));
    pods.forEach((pod) => pod.remove());
  });

  test('a router hands a write to a receiver, and a Query reads it there', async () => {
    const router = await start('Deployment', 'thanos-receive-router');
    const query = await start('Deployment', 'thanos-query');
    await router.until('a write', async () => (await write(router.remoteWriteAddress)) === 200 || undefined);
    const value = await query.until('the sample', async () => (await read(query))[0]?.value[1]);
    expect(value).toBe('7');
  });

  test('without the certificate of the client the Query is refused', async () => {
    const query = await start('Deployment', 'thanos-query', (arg) => arg.replace(/ *"?(cert|key)_file"?: .*\n/g, ''));
    await expect(peer(receiver.grpcAddress, {})).rejects.toMatchObject({ code: REFUSED });
    // TLS 1.3 refuses after the handshake: a client that writes first meets a closed connection instead of the alert
    const refusal = /certificate required|broken pipe|connection reset/;
    await query.until('the refusal', async () => refusal.test(query.output()) || undefined);
    expect(await read(query)).toEqual([]);
  });

  test('without it a router is refused too', async () => {
    const router = await start('Deployment', 'thanos-receive-router', (arg) =>
      // Thanos takes one that it may repeat in the place of the two
      /client-tls-(cert|key)=/.test(arg) ? '--label=a="b"' : arg,
    );
    await router.ready();
    expect(await router.until('an answer', () => write(router.remoteWriteAddress))).toBe(503);
  });

  test('a certificate that changes is shown without a restart', async () => {
    const shown = (): Promise<string> => peer(receiver.grpcAddress);
    expect(await shown()).toBe('stub server');
    const directory = path.join(receiverPod.directory, 'etc/thanos/grpc-tls');
    writeFileSync(path.join(directory, 'tls.crt'), PARTS.clientCertificate);
    expect(await shown()).toBe('stub client');
    writeFileSync(path.join(directory, 'tls.crt'), PARTS.serverCertificate);
  });

  test('a CA that changes is not seen before a restart', async () => {
    const file = path.join(receiverPod.directory, 'etc/thanos/grpc-tls/ca.crt');
    writeFileSync(file, serverCertificates(['other']).ca);
    const query = await start('Deployment', 'thanos-query');
    await query.until('the receiver', async () => (await read(query)).length > 0 || undefined);
    writeFileSync(file, PARTS.ca);
  });
});

/** Name in the certificate of a server that answers whoever shows the given certificate. */
function peer(address: string, own: tls.SecureContextOptions = CLIENT): Promise<string> {
  return new Promise((resolve, reject) => {
    const port = Number(address.split(':')[1]);
    const socket = tls.connect({ ...own, ca: PARTS.ca, port, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    // a server of HTTP/2 speaks first, and only to whom it has accepted
    socket.once('data', () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** Writes a sample, and says what came of it. */
async function write(address: string): Promise<number> {
  const dataPoints = [{ timeUnixNano: `${Date.now()}000000`, asDouble: 7 }];
  const scopeMetrics = [{ metrics: [{ name: 'over_tls', gauge: { dataPoints } }] }];
  const { status } = await fetch(`http://${address}/api/v1/otlp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource: {}, scopeMetrics }] }),
  });
  return status;
}

async function read(query: Serving): Promise<Json[]> {
  return (await query.api('/api/v1/query?query=over_tls')).result;
}
