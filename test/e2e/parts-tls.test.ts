import { App, Chart, Duration, JsonPatch } from 'cdk8s';
import { HttpConfig, Query, ThanosStack, TlsCa, TlsCertificate } from 'cdk8s-thanos';
import { describeOnCluster } from '../programs/cluster';
import { getPage, type Web } from '../programs/thanos';
import { privateCa } from './support/certificates';
import { applyManifests, applyOwn, exec, httpGet, kubectl } from './support/kubectl';
import { credentialsSecret, S3_HOST, minioBucket, startMinio } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { isReady, thanosPods } from './support/pods';
import { forwarded } from './support/port-forward';
import { step, until } from './support/progress';

const NAMESPACE = 'thanos-e2e-parts';
const OUTSIDE = `${NAMESPACE}-s3`;
const DOMAIN = `${NAMESPACE}.svc.cluster.local`;
const SERIES = 'over_mutual_tls';
/** The user `grafana`, whose password is `test`. */
const WEB = `tls_server_config: {cert_file: /etc/thanos/http-tls/tls.crt, key_file: /etc/thanos/http-tls/tls.key}
basic_auth_users: {grafana: "$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay"}
`;

/** The names that docs/tls.md tells. */
const NAMES = [
  ...['receiver', 'store'].flatMap((part) => [`*.thanos-${part}-headless.${DOMAIN}`, `thanos-${part}.${DOMAIN}`]),
  `thanos-query.${DOMAIN}`,
  `thanos-query-frontend.${DOMAIN}`,
  'localhost',
];

describeOnCluster('mutual TLS between the parts, with a CA that is not the bucket’s', () => {
  const bucketCa = privateCa(S3_HOST);
  const parts = privateCa('thanos parts', { names: NAMES, client: true });

  function manifests(s3Ip: string | undefined): string {
    const certificate = TlsCertificate.fromSecretName('parts');
    const locked = HttpConfig.fromSecretName('web', { tls: { certificate }, basicAuth: { secretName: 'login' } });
    const app = new App();
    const stack = new ThanosStack(app, 'thanos', {
      namespace: NAMESPACE,
      objstore: minioBucket(bucketCa.caPem),
      grpcTls: { certificate: TlsCertificate.fromSecretName('parts') },
      httpConfig: HttpConfig.tls({ certificate: TlsCertificate.fromSecretName('parts') }),
      receiver: { replicas: 1, minReady: Duration.seconds(0) },
      storeGateway: { replicas: 1 },
      query: { replicas: 1 },
      queryFrontend: { replicas: 1, httpConfig: locked },
    });
    for (const part of s3Ip ? [stack.receiver, stack.storeGateway] : [])
      part!.workload.addJsonPatch(
        JsonPatch.add('/spec/template/spec/hostAliases', [{ ip: s3Ip, hostnames: [S3_HOST] }]),
      );
    // it trusts the parts, but has nothing to show them
    const chart = new Chart(app, 'stranger', { namespace: NAMESPACE, disableResourceNameHashes: true });
    const tls = { ca: TlsCa.fromSecretName('parts') };
    const endpointOptions = [{ address: `thanos-store.${DOMAIN}:10901`, tls }];
    new Query(chart, 'Query', { instance: 'stranger', replicas: 1, endpointOptions });
    return app.synthYaml();
  }

  beforeAll(async () => {
    await makeNamespace(OUTSIDE);
    await makeNamespace(NAMESPACE);
    const s3Ip = await step('MinIO serves TLS', () => startMinio(OUTSIDE, bucketCa));
    const stringData = { 'tls.crt': parts.certificatePem, 'tls.key': parts.keyPem, 'ca.crt': parts.caPem };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'parts', namespace: NAMESPACE }, stringData };
    const web = { ...secret, metadata: { name: 'web', namespace: NAMESPACE }, stringData: { 'web.yml': WEB } };
    await applyOwn(credentialsSecret(NAMESPACE), secret, web);
    await applyManifests(manifests(s3Ip));
  });
  afterAll(() => step('namespaces are gone', dropNamespaces));

  test('the probes reach every part', async () => {
    const pods = await step('every pod is ready', () =>
      until('ready', async () => {
        const all = await thanosPods(NAMESPACE);
        return all.length === 5 && all.every(isReady) && all;
      }),
    );
    expect(pods.flatMap(({ status }) => status.containerStatuses.map((one: any) => one.restartCount))).toEqual([
      ...[0, 0, 0, 0, 0],
    ]);
  });

  test('Query reads what a receiver holds, over it', async () => {
    await forwarded(NAMESPACE, 'thanos-receiver-0', 19291, (port) => until('the write', () => write(port)));
    const url = `/api/v1/query?query=${SERIES}&partial_response=false`;
    const value = await until('the sample', async () => {
      const { data } = JSON.parse(await httpGet(NAMESPACE, 'services/https:thanos-query:10902', url));
      return data.result[0]?.value[1];
    });
    expect(value).toBe('7');
    await until('both are asked', async () => (await healthyStores('https:thanos-query')) === 2);
  });

  test('Query and the frontend before it answer over HTTPS, the frontend to who has the password', async () => {
    const page = '/api/v1/query?query=vector(1)';
    const ca = parts.caPem;
    const ask = async (part: string, web: Web) => {
      // a stranger has a Query too
      const pods = await thanosPods(NAMESPACE, part);
      const { metadata } = pods.find(({ metadata: { name } }) => name.startsWith('thanos-'))!;
      return forwarded(NAMESPACE, metadata.name, 10902, (port) => getPage(port, page, web));
    };
    expect(await ask('query', { ca })).toMatchObject({ status: 200, text: expect.stringContaining('success') });
    expect(await ask('query', {})).toMatchObject({ status: 400 });
    expect(await ask('query-frontend', { ca, login: 'grafana:test' })).toMatchObject({ status: 200 });
    expect(await ask('query-frontend', { ca })).toMatchObject({ status: 401 });
  });

  test('who shows no certificate is refused', async () => {
    await until('the refusal', async () => (await logs('stranger-query')).includes('certificate required'));
    expect(await healthyStores('stranger-query')).toBe(0);
  });

  test('each pod has the CA that it needs, each in its own place', async () => {
    const read = (pod: string, file: string) => exec(NAMESPACE, pod, 'cat', `/etc/thanos/${file}`);
    expect(await read('thanos-store-0', 'grpc-tls/ca.crt')).toBe(parts.caPem);
    expect(await read('thanos-store-0', 'certs/ca.crt')).toBe(bucketCa.caPem);
    const [query] = await thanosPods(NAMESPACE, 'query');
    const all = await exec(NAMESPACE, query.metadata.name, 'find', '/etc/thanos', '-type', 'f');
    const folders = all
      .trim()
      .split('\n')
      .map((file) => file.replace(/\.\.\d[^/]*\//, '').split('/')[3]);
    expect([...new Set(folders)]).not.toContain('certs');
    for (const file of all.trim().split('\n'))
      expect(await exec(NAMESPACE, query.metadata.name, 'cat', file)).not.toContain(bucketCa.caPem.trim());
  });

  async function healthyStores(service: string): Promise<number> {
    const { data } = JSON.parse(await httpGet(NAMESPACE, `services/${service}:10902`, '/api/v1/stores'));
    const stores: any[] = Object.values(data ?? {}).flat();
    return stores.filter(({ lastError }) => !lastError).length;
  }
});

function logs(deployment: string): Promise<string> {
  return kubectl(['-n', NAMESPACE, 'logs', `deployment/${deployment}`]);
}

/** Writes a sample to a receiver. */
async function write(port: number): Promise<boolean> {
  const dataPoints = [{ timeUnixNano: `${Date.now()}000000`, asDouble: 7 }];
  const scopeMetrics = [{ metrics: [{ name: SERIES, gauge: { dataPoints } }] }];
  const { status } = await fetch(`http://127.0.0.1:${port}/api/v1/otlp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource: {}, scopeMetrics }] }),
  });
  return status === 200;
}
