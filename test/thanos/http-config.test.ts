import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as tls from 'node:tls';
import { App, Chart, Duration } from 'cdk8s';
import { HttpConfig, Query, QueryFrontend, Receiver, Ruler, TlsCertificate } from '../../src/index';
import { quietly } from '../component/made';
import { describeThanos, runThanos, type Serving, serveThanos, type Web } from '../programs/thanos';
import { find, type Json, render } from '../render';
import { type Given, PodOnDisk } from './pod-on-disk';
import { serverCertificates } from './server-certificates';

jest.setTimeout(60_000);

const PARTS = serverCertificates(['localhost']);
const USER = `it's "a\\b`;
/** `test`, as bcrypt. */
const HASH = '$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay';
const SERVED = 'tls_server_config: {cert_file: /etc/thanos/http-tls/tls.crt, key_file: /etc/thanos/http-tls/tls.key}';
const GIVEN: Given = {
  http: { 'tls.crt': PARTS.serverCertificate, 'tls.key': PARTS.serverKey, 'ca.crt': PARTS.ca },
  web: { 'web.yml': `basic_auth_users: {${JSON.stringify(USER)}: "${HASH}"}\n${SERVED}\n` },
  login: { username: USER, password: 'test\n' },
};
const CERTIFICATE = { certificate: TlsCertificate.fromSecretName('http'), serverName: 'localhost' };
const HTTPS = HttpConfig.tls(CERTIFICATE);
const LOCKED = HttpConfig.fromSecretName('web', { tls: CERTIFICATE, basicAuth: { secretName: 'login' } });
const CA: Web = { ca: PARTS.ca };
const LOGIN: Web = { ...CA, login: `${USER}:test` };
const ASKED = 'thanos-query.monitoring.svc.cluster.local';

function objectsOf(make: (scope: Chart, query: Query) => unknown, httpConfig: HttpConfig): Json[] {
  const scope = new Chart(new App(), 'test', { namespace: 'monitoring', disableResourceNameHashes: true });
  make(scope, new Query(scope, 'Query', { httpConfig }));
  return quietly(() => render(scope));
}

describeThanos('HTTP with a web config', () => {
  const running: Serving[] = [];
  const pods: PodOnDisk[] = [];

  function podOf(objects: Json[], kind: string, name: string): PodOnDisk {
    const pod = new PodOnDisk(objects, find(objects, kind, name), GIVEN);
    pods.push(pod);
    return pod;
  }

  /** A part as its manifest says. */
  async function start(pod: PodOnDisk, web?: Web, change = (arg: string) => arg): Promise<Serving> {
    const serving = await serveThanos(pod.args.map(change), pod.env, web);
    running.push(serving);
    return serving;
  }

  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    pods.splice(0).forEach((pod) => pod.remove());
  });

  test('TLS alone: pages come over HTTPS, and a plain request is refused', async () => {
    const objects = objectsOf(() => undefined, HTTPS);
    const query = await start(podOf(objects, 'Deployment', 'thanos-query'), CA);
    expect((await query.page('/-/ready')).status).toBe(200);
    expect(await query.page('/-/ready', {})).toMatchObject({ status: 400 });
  });

  test('with users every page wants the password, those of the probes and the metrics too', async () => {
    const objects = objectsOf((scope) => new Receiver(scope, 'Receiver', { httpConfig: LOCKED }), LOCKED);
    const receiver = await start(podOf(objects, 'StatefulSet', 'thanos-receiver'), LOGIN);
    await receiver.ready();
    for (const page of ['/-/ready', '/-/healthy', '/metrics']) {
      expect([page, (await receiver.page(page)).status]).toEqual([page, 200]);
      expect([page, (await receiver.page(page, CA)).status]).toEqual([page, 401]);
    }
  });

  test('a query frontend is ready in front of a Query that it asks by the CA', async () => {
    const objects = objectsOf((scope, downstream) => new QueryFrontend(scope, 'Frontend', { downstream }), HTTPS);
    const query = await start(podOf(objects, 'Deployment', 'thanos-query'), CA);
    const here = (arg: string) => arg.replace(`${ASKED}:10902`, `localhost:${query.httpPort}`);
    const frontend = await start(podOf(objects, 'Deployment', 'thanos-query-frontend'), undefined, here);
    const { result } = await frontend.until('an answer', () => frontend.api('/api/v1/query?query=vector(7)'));
    expect(result[0].value[1]).toBe('7');

    const other = podOf(objects, 'Deployment', 'thanos-query-frontend');
    const file = /ca_file: "([^"]*)"/.exec(other.args.join('\n'))![1];
    writeFileSync(file, serverCertificates(['other']).ca);
    const distrusting = await start(other, undefined, here);
    await distrusting.until('the refusal', async () => distrusting.output().includes('unknown authority') || undefined);
  });

  test('a ruler asks a Query that wants a password, in which any character may stand', async () => {
    const rules = [{ name: 'g', rules: [{ record: 'seen', expr: 'vector(1)' }] }];
    const objects = objectsOf(
      (scope, query) =>
        new Ruler(scope, 'Ruler', { queryApis: [query], rules, evaluationInterval: Duration.seconds(1) }),
      LOCKED,
    );
    const query = await start(podOf(objects, 'Deployment', 'thanos-query'), LOGIN);
    const pod = podOf(objects, 'StatefulSet', 'thanos-ruler');
    const address = new RegExp(`dnssrv\\+_http\\._tcp\\.${ASKED}`);
    const ruler = await start(pod, undefined, (arg) => arg.replace(address, `localhost:${query.httpPort}`));
    const rule = await ruler.until('an evaluation', async () => {
      const [{ rules: all }] = (await ruler.api('/api/v1/rules')).groups;
      return all[0].health === 'unknown' ? undefined : all[0];
    });
    expect(rule).toMatchObject({ health: 'ok' });
  });

  test('a certificate and a file that change are used without a restart', async () => {
    const objects = objectsOf(() => undefined, LOCKED);
    const pod = podOf(objects, 'Deployment', 'thanos-query');
    const query = await start(pod, LOGIN);
    writeFileSync(path.join(pod.directory, 'etc/thanos/http-tls/tls.crt'), PARTS.clientCertificate);
    expect(await shown(query.httpPort)).toBe('stub client');
    writeFileSync(path.join(pod.directory, 'etc/thanos/http-config/web.yml'), pod.rewrite(SERVED));
    writeFileSync(path.join(pod.directory, 'etc/thanos/http-tls/tls.crt'), PARTS.serverCertificate);
    expect((await query.page('/-/ready', CA)).status).toBe(200);
  });

  test.each<[string, string | undefined, RegExp]>([
    ['no file', undefined, /no such file or directory/],
    ['an unknown key', 'tls_servers: {}', /field tls_servers not found/],
    ['a certificate that is not there', SERVED.replace('tls.crt', 'no.crt'), /no\.crt: no such file or directory/],
  ])('Thanos does not start with %s', async (_, text, said) => {
    const objects = objectsOf(() => undefined, LOCKED);
    const pod = podOf(objects, 'Deployment', 'thanos-query');
    const file = path.join(pod.directory, 'etc/thanos/http-config/web.yml');
    if (text !== undefined) writeFileSync(file, pod.rewrite(text));
    const args = text === undefined ? pod.args.map((arg) => arg.replace('web.yml', 'no.yml')) : pod.args;
    const { code, output } = await runThanos([...args, '--http-address=127.0.0.1:0', '--grpc-address=127.0.0.1:0']);
    expect([code, output]).toEqual([1, expect.stringMatching(said)]);
  });
});

/** Name in the certificate that a server shows. */
function shown(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
