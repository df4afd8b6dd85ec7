import { BucketWeb, IndexCache, LogFormat, ObjstoreConfig, Query, Ruler, S3Credentials, StoreGateway } from '../../src';
import { chart, type Json, render } from '../render';
import { HOSTILE } from './hostile';
import { PodOnDisk } from './pod-on-disk';
import { S3Stub } from './s3-stub';
import { serverCertificates } from './server-certificates';
import { describeThanos, serveThanos, type Serving } from '../programs/thanos';

describeThanos('a hostile text in flags', () => {
  let stub: S3Stub;
  beforeAll(async () => {
    stub = await S3Stub.start(serverCertificates(['s3.example.com']));
  });
  afterAll(() => stub.stop());

  /** Starts the only workload of a chart. */
  async function started<T>(build: (scope: Json) => void, look: (serving: Serving) => Promise<T>): Promise<T> {
    const scope = chart();
    build(scope);
    const objects = render(scope);
    const workload = objects.find(({ kind }) => ['StatefulSet', 'Deployment'].includes(kind));
    const pod = new PodOnDisk(objects, workload);
    const serving = await serveThanos(pod.args, { ...pod.env, X: 'expanded' });
    try {
      return await look(serving);
    } finally {
      await serving.stop();
      pod.remove();
    }
  }

  const flagsOf = (serving: Serving): Promise<Json> => serving.api('/api/v1/status/flags');
  const bucket = (scope: Json): ObjstoreConfig => {
    const credentials = S3Credentials.anonymous();
    return new ObjstoreConfig(scope, 'o', { bucket: 'thanos', endpoint: stub.address, insecure: true, credentials });
  };

  test('arrives as it is: label of the bucket page', async () => {
    for (const label of [HOSTILE.join(''), '0123', '$(X)', '$ü', 'null']) {
      const build = (scope: Json): unknown => new BucketWeb(scope, 'web', { objstore: bucket(scope), label });
      const seen = await started(build, (serving) => serving.api('/api/v1/blocks?view=global'));
      expect(seen.label).toBe(label);
    }
  });

  test('arrives as it is: URLs of a ruler', async () => {
    const odd = HOSTILE.filter((text) => !/[\u0000-\u0020\u007f]|\s/.test(text) && !text.includes(','));
    const urls = odd.map((text) => `http://am.example.com/?q=${text}`);
    const options = { queries: urls, alertmanagers: urls, alertQueryUrl: `http://q.example.com/?q=${odd.join('')}` };
    const seen = await started((scope) => new Ruler(scope, 'ruler', options), flagsOf);
    expect(seen['alertmanagers.url'].split(',')).toEqual(urls);
    expect(seen.query.split(',')).toEqual(urls);
    expect(seen['alert.query-url']).toBe(options.alertQueryUrl);
  });

  test('arrives as it is: endpoints of a query', async () => {
    const endpoints = HOSTILE.map((text) => `${text}:10901`).filter(
      (endpoint) => !isRefused({ endpoints: [endpoint] }),
    );
    expect(endpoints.length).toBeGreaterThan(40);
    const options = { endpoints, logFormat: LogFormat.JSON, extraArgs: ['--endpoint.info-timeout=200ms'] };
    const asked = await started(
      (scope) => new Query(scope, 'query', options),
      async (serving) => {
        await serving.ready();
        return endpointsInLog(serving.output());
      },
    );
    expect(asked).toEqual([...endpoints].sort());
  });

  test('arrives as it is: replica labels of a query', async () => {
    const replicaLabels = HOSTILE.filter((text) => !text.includes(','));
    const seen = await started((scope) => new Query(scope, 'query', { replicaLabels }), flagsOf);
    expect(seen['query.replica-label']).toBe(replicaLabels.join(','));
  });

  test('arrives as it is: addresses of a memcached', async () => {
    const odd = ['0123', '*a', '$(X)', '$$(X)', "'", '"', '\\x24('];
    const given = ['127.0.0.1:1', ...odd.map((text) => `dns+${text}:11211`)];
    const build = (scope: Json): unknown =>
      new StoreGateway(scope, 's', { objstore: bucket(scope), indexCache: IndexCache.memcached({ addresses: given }) });
    // each address gets its series when it has been looked up, one after the other
    const seen = await started(build, async (serving) => {
      const end = Date.now() + 30_000;
      let addresses: string[] = [];
      while (addresses.length < given.length && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        addresses = memcachedAddresses(await serving.text('/metrics'));
      }
      return addresses;
    });
    expect(seen).toEqual([...given].sort());
  }, 40_000);
});

function isRefused(options: { endpoints: string[] }): boolean {
  try {
    new Query(chart(), 'query', options);
    return false;
  } catch (error) {
    expect((error as Error).message).toMatch(/^cdk8s-thanos: test\/query: endpoints: /);
    return true;
  }
}

/** The addresses that a query could not reach, as it logs them. */
function endpointsInLog(log: string): string[] {
  const lines = log.split('\n').filter((line) => line.includes('update of endpoint failed'));
  return [...new Set(lines.map((line) => JSON.parse(line).address as string))].sort();
}

/** The label `addr` of the memcached client's series, as text. */
function memcachedAddresses(page: string): string[] {
  const series = page.split('\n').filter((line) => line.startsWith('thanos_memcached_dns_provider_results{'));
  return series.map((line) => /addr="((?:[^"\\]|\\.)*)"/.exec(line)![1].replace(/\\(.)/g, '$1')).sort();
}
