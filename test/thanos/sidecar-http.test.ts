import type * as http from 'node:http';
import * as net from 'node:net';
import { App, Chart } from 'cdk8s';
import { HttpConfig, ThanosSidecar, TlsCertificate } from '../../src/index';
import { quietly } from '../component/made';
import { prometheusSet } from '../fixtures/workloads';
import { fakePrometheus } from '../programs/fake-prometheus';
import { describeThanos, type Serving, serveThanos, type Web } from '../programs/thanos';
import { find, type Json, render } from '../render';
import { PodOnDisk } from './pod-on-disk';
import { serverCertificates } from './server-certificates';

jest.setTimeout(60_000);

const PARTS = serverCertificates(['localhost']);
/** `test`, as bcrypt. */
const HASH = '$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay';
const GIVEN = {
  http: { 'tls.crt': PARTS.serverCertificate, 'tls.key': PARTS.serverKey, 'ca.crt': PARTS.ca },
  web: {
    'web.yml': `basic_auth_users: {me: "${HASH}"}
tls_server_config: {cert_file: /etc/thanos/http-tls/tls.crt, key_file: /etc/thanos/http-tls/tls.key}
`,
  },
};
const TLS = { certificate: TlsCertificate.fromSecretName('http'), serverName: 'localhost' };
const LOCKED = HttpConfig.fromSecretName('web', { tls: TLS, basicAuth: { secretName: 'login' } });
const CA: Web = { ca: PARTS.ca };
const LOGIN: Web = { ...CA, login: 'me:test' };

/** The workload of a Prometheus with a sidecar, and what it refers to. */
function objectsOf(httpConfig: HttpConfig, prometheusUrl: string): Json[] {
  const chart = new Chart(new App(), 'test', { namespace: 'monitoring', disableResourceNameHashes: true });
  const workload = prometheusSet(chart, { spec: { containers: [{ name: 'prometheus', image: 'prometheus' }] } });
  new ThanosSidecar(chart, 'Sidecar', { prometheus: workload, httpConfig, prometheusUrl });
  return quietly(() => render(chart));
}

/** Whether the kubelet would find the port open. */
function isOpen(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket = net.connect({ host, port: Number(port) }, () => resolve(socket.destroy() !== undefined));
    socket.on('error', () => resolve(false));
  });
}

describeThanos('a sidecar whose HTTP port has a web config', () => {
  const running: Serving[] = [];
  const pods: PodOnDisk[] = [];
  let server: http.Server;

  async function start(httpConfig: HttpConfig, web: Web, url?: string): Promise<Serving> {
    const { port } = server.address() as net.AddressInfo;
    const objects = objectsOf(httpConfig, url ?? `http://127.0.0.1:${port}`);
    const pod = new PodOnDisk(objects, find(objects, 'StatefulSet', 'prometheus'), GIVEN, 'thanos-sidecar');
    pods.push(pod);
    const serving = await serveThanos(pod.args, pod.env, web);
    running.push(serving);
    return serving;
  }

  beforeAll(async () => {
    server = await fakePrometheus();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    pods.splice(0).forEach((pod) => pod.remove());
  });
  afterAll(() => server.close());

  test('TLS alone: it is ready over HTTPS, and a plain request is refused', async () => {
    const sidecar = await start(HttpConfig.tls(TLS), CA);
    await sidecar.ready();
    expect((await sidecar.page('/metrics')).status).toBe(200);
    expect(await sidecar.page('/-/ready', {})).toMatchObject({ status: 400 });
  });

  test('with users every page wants the password, and the gRPC port is open', async () => {
    const sidecar = await start(LOCKED, LOGIN);
    await sidecar.ready();
    for (const page of ['/-/ready', '/-/healthy', '/metrics']) {
      expect([page, (await sidecar.page(page)).status]).toEqual([page, 200]);
      expect([page, (await sidecar.page(page, CA)).status]).toEqual([page, 401]);
    }
    await sidecar.until('the gRPC port', async () => (await isOpen(sidecar.grpcAddress)) || undefined);
  });

  test('which a sidecar without a Prometheus does not open: readiness looks at it', async () => {
    const sidecar = await start(LOCKED, LOGIN, 'http://127.0.0.1:9');
    await sidecar.until(
      'a failed call',
      async () => /failed to get|connection refused/.test(sidecar.output()) || undefined,
    );
    expect((await sidecar.page('/-/ready')).status).toBe(503);
    expect(await isOpen(sidecar.grpcAddress)).toBe(false);
  });
});
