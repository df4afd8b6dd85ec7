import { createServer, type Server } from 'node:http';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { Duration } from 'cdk8s';
import { Receiver, Ruler, type RulerOptions } from '../../src';
import { chart, type Json, render } from '../render';
import { describeThanos, serveThanos, type Serving } from '../programs/thanos';
import { type Given, PodOnDisk } from './pod-on-disk';
import { serverCertificates } from './server-certificates';

const PASSWORD = `it's "a\\b: #c $(X) ü`;
const CERTIFICATES = serverCertificates(['localhost', 'receive.example.com']);
const RECORD = { name: 'g', rules: [{ record: 'seen', expr: 'vector(1)' }] };
const ALERT = { name: 'a', rules: [{ alert: 'Always', expr: 'vector(1)' }] };
/** A ruler sends what it wrote into its log only when it reads the log again, after 15 s. */
const SECONDS = 40;
const SAMPLES = /^thanos_receive_write_samples_count\{code="200",tenant="team-a"\} (\d+)$/m;
const FAST = { evaluationInterval: Duration.seconds(1), alertmanagers: ['http://127.0.0.1:1'] };

/** Answers as a Query to which every expression is 1, takes alerts and writes, and keeps who asked for what. */
class Stub {
  public static async start(): Promise<Stub> {
    const stub = new Stub();
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  public readonly asked: { readonly path: string; readonly headers: Json }[] = [];
  readonly #server: Server = createServer((request, response) => {
    this.asked.push({ path: request.url!.split('?')[0], headers: request.headers });
    const value = { metric: {}, value: [Date.now() / 1000, '1'] };
    request.resume();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [value] } }));
  });

  public get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  public stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Headers of the first request for a path. */
  public headersOf(wanted: string): Json | undefined {
    return this.asked.find((request) => request.path === wanted)?.headers;
  }
}

describeThanos('the files of a ruler', () => {
  let stub: Stub;
  beforeEach(async () => (stub = await Stub.start()));
  afterEach(() => stub.stop());

  async function running(
    options: RulerOptions,
    given: Given,
    look: (serving: Serving, pod: PodOnDisk, sidecar: Json) => Promise<void>,
  ) {
    const scope = chart();
    const queries = options.queryConfig ? undefined : [stub.address];
    new Ruler(scope, 'Ruler', { ...FAST, queries, ...options });
    const objects = render(scope);
    const pod = podOf(objects, given);
    const serving = await serveThanos(pod.args, pod.env);
    try {
      await look(serving, pod, workloadOf(objects).spec.template.spec.containers[1]);
    } finally {
      await serving.stop();
      pod.remove();
    }
  }

  const basic = (user: string, password = PASSWORD): string =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  test('a stateless ruler logs in and sends what it records, a real receiver takes it over mutual TLS, and without that does not', async () => {
    const files = {
      login: { password: PASSWORD, token: 'abc' },
      ca: { 'root.crt': CERTIFICATES.ca },
      tls: { 'tls.crt': CERTIFICATES.serverCertificate, 'tls.key': CERTIFICATES.serverKey },
      client: { 'tls.crt': CERTIFICATES.clientCertificate, 'tls.key': CERTIFICATES.clientKey },
    };
    const receiver = await secureReceiver(files);
    try {
      const url = `https://${receiver.serving.remoteWriteAddress}/api/v1/receive`;
      const client = { clientSecretName: 'client', serverName: 'receive.example.com' };
      const tls = { ...client, caSecretName: 'ca', caKey: 'root.crt' };
      const remoteWrite = [
        {
          ...{ url: `http://${stub.address}/first`, name: 'first', timeout: Duration.millis(1500) },
          headers: { 'THANOS-TENANT': 'team $(X)' },
          basicAuth: { username: 'me: #', password: { secretName: 'login' } },
        },
        { url: `http://${stub.address}/second`, bearerToken: { secretName: 'login', key: 'token' } },
        { url, headers: { 'THANOS-TENANT': 'team-a' }, tls },
        { url: `${url}?no-client`, tls: { ...tls, clientSecretName: undefined } },
        { url: `${url}?no-ca`, tls: client },
        { url: `${url}?other-name`, tls: { ...tls, serverName: 'else.example.com' } },
      ];
      await running({ remoteWrite, rules: [RECORD] }, files, async (serving) => {
        const wait = <T>(what: string, ask: () => Promise<T | undefined>) => serving.until(what, ask, SECONDS);
        expect(await wait('the first', async () => stub.headersOf('/first'))).toMatchObject({
          authorization: basic('me: #'),
          'thanos-tenant': 'team $(X)',
          'content-encoding': 'snappy',
        });
        const second = await wait('the second', async () => stub.headersOf('/second'));
        expect(second).toMatchObject({ authorization: 'Bearer abc' });
        const taken = async () => SAMPLES.exec(await receiver.serving.text('/metrics'))?.[1];
        expect(Number(await wait('the samples', taken))).toBeGreaterThan(0);
        for (const query of ['no-client', 'no-ca', 'other-name'])
          await wait(query, async () => (await retried(serving, `${url}?${query}`)) > 0 || undefined);
        expect(await retried(serving, url)).toBe(0);
      });
    } finally {
      await receiver.stop();
    }
  }, 90_000);

  test('Queries and Alertmanagers of a Secret are asked with their passwords', async () => {
    const password = 'it is #1';
    const config = (username: string): Json => ({
      http_config: { basic_auth: { username, password } },
      static_configs: [stub.address],
      scheme: 'http',
    });
    const given = {
      queries: { 'query.yml': JSON.stringify([config('q')]) },
      am: { 'own.yml': JSON.stringify({ alertmanagers: [{ ...config('am'), api_version: 'v2' }] }) },
    };
    const options = {
      ...{ queryConfig: { secretName: 'queries' }, alertmanagers: undefined, rules: [ALERT] },
      alertmanagerConfig: { secretName: 'am', key: 'own.yml' },
    };
    await running(options, given, async (serving) => {
      const alerts = await serving.until('alerts', async () => stub.headersOf('/api/v2/alerts'));
      expect(alerts!.authorization).toBe(basic('am', password));
      expect(stub.headersOf('/api/v1/query')!.authorization).toBe(basic('q', password));
    });
  });

  test('changed rules of a ConfigMap are taken when the sidecar calls, below a path too', async () => {
    const rules = (name: string): string => JSON.stringify({ groups: [{ ...RECORD, name }] });
    const options = { ruleConfigMaps: ['team'], ruleReload: {}, web: { routePrefix: '/ruler' } };
    await running(options, { team: { 'a.yml': rules('old') } }, async (serving, pod, sidecar) => {
      const groups = async (): Promise<string> =>
        (await serving.api('/ruler/api/v1/rules')).groups.map((group: Json) => group.name).join();
      await serving.until('the old rules', async () => (await groups()) === 'old' || undefined);
      writeFileSync(path.join(pod.directory, '/etc/thanos/rules/team/a.yml'), rules('new'));
      const { pathname } = new URL(sidecar.args[0].replace('--reload-url=', ''));
      expect(await serving.post(pathname)).toBe(200);
      expect(await groups()).toBe('new');
    });
  });
});

/** Samples of a place that were sent again, since it could not be reached. */
async function retried(serving: Serving, url: string): Promise<number> {
  const name = 'prometheus_remote_storage_samples_retried_total{';
  const lines = (await serving.text('/metrics')).split('\n');
  return Number(lines.find((line) => line.startsWith(name) && line.includes(`url="${url}"`))?.split(' ')[1]);
}

function podOf(objects: Json[], given: Given): PodOnDisk {
  return new PodOnDisk(objects, workloadOf(objects), given);
}

function workloadOf(objects: Json[]): Json {
  return objects.find(({ kind }) => kind === 'StatefulSet')!;
}

/** A receiver whose remote-write asks for a client certificate. */
async function secureReceiver(files: Given) {
  const scope = chart();
  const folder = '/etc/thanos/tls';
  const volumes = ['ca', 'tls'].map((name) => ({ name, secret: { secretName: name } }));
  const flags = { cert: 'tls/tls.crt', key: 'tls/tls.key', 'client-ca': 'ca/root.crt' };
  new Receiver(scope, 'Receiver', {
    ...{ replicas: 1, volumes },
    volumeMounts: volumes.map(({ name }) => ({ name, mountPath: `${folder}/${name}` })),
    extraArgs: Object.entries(flags).map(([flag, file]) => `--remote-write.server-tls-${flag}=${folder}/${file}`),
  });
  const pod = podOf(render(scope), files);
  const serving = await serveThanos(pod.args, pod.env);
  return { serving, stop: () => serving.stop().then(() => pod.remove()) };
}
