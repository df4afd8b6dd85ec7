import { App, Duration, JsonPatch, Size } from 'cdk8s';
import {
  HttpConfig,
  IndexCache,
  type QueryOptions,
  type ReceiverOptions,
  type S3HttpOptions,
  ThanosStack,
  type ThanosStackProps,
  TlsCertificate,
} from 'cdk8s-thanos';
import { writeSamples } from '../../../programs/remote-write';
import type { Json } from '../../../render';
import { type PrivateCa, privateCa } from '../certificates';
import { applyManifests, applyOwn, clusterIp, kubectl } from '../kubectl';
import { blocks, credentialsSecret, minioBucket, S3_HOST, startMinio } from '../minio';
import { makeNamespace } from '../namespaces';
import { isReady, thanosPods, thanosReady } from '../pods';
import { step, until } from '../progress';
import type { ApiProxy } from './api-proxy';
import { labelsOf, LIVE, OLD, RECORDED, SERIES, TICK, valueAt } from './known-samples';

const SEED = 'seed';
const QUERY_SECRET = 'query-https';
/** How old the samples are that lie in the bucket alone, and how many each series has of them. */
const OLD_AGE = 3 * 3600_000;
const OLD_TICKS = 30;

/** How a file of faults runs the stack. */
export interface FaultStackOptions {
  /** Blocks of a minute, so that uploads happen while a fault lasts. */
  readonly shortBlocks?: boolean;
  /** Puts something in front of MinIO, and returns the name of its Service. */
  readonly inFront?: (namespace: string) => Promise<string>;
  /** The pods ask DNS for the S3 store, where the test can name it; else they are told, and files of faults can run side by side. */
  readonly byDns?: boolean;
  /** Query serves HTTPS. */
  readonly queryHttps?: boolean;
  /** MinIO keeps the bucket on a volume, so that it can be started anew. */
  readonly volume?: boolean;
  /** Of the connections to the bucket. */
  readonly http?: S3HttpOptions;
  /** Changes the stack before it is written. */
  readonly patch?: (stack: ThanosStack) => void;
  /** Components whose memory says nothing. */
  readonly unmeasured?: readonly string[];
}

/** A stack of the guide's shape, small: three receivers with three copies, a compactor, and two of each other. */
export class FaultStack {
  /** Where MinIO runs. */
  public readonly outside: string;
  /** Times of the samples that lie in the bucket alone. */
  public readonly old: readonly number[];
  #s3Ip?: string;

  constructor(
    public readonly namespace: string,
    public readonly ca: PrivateCa,
    private readonly api: ApiProxy,
    private readonly options: FaultStackOptions = {},
  ) {
    this.outside = `${namespace}-s3`;
    const first = Math.floor((Date.now() - OLD_AGE) / TICK) * TICK;
    this.old = Array.from({ length: OLD_TICKS }, (_, n) => first + n * TICK);
  }

  public get writeUrl(): string {
    return this.api.urlOf(this.namespace, 'services/thanos-receiver:remote-write', '/api/v1/receive');
  }

  /** Query's Service, as the API server is asked for it. */
  public get queryService(): string {
    return this.options.queryHttps ? 'https:thanos-query' : 'thanos-query';
  }

  public get readUrl(): string {
    return this.api.urlOf(this.namespace, 'services/thanos-query-frontend:http', '');
  }

  /** Starts everything, and puts the old samples into the bucket. */
  public async start(): Promise<void> {
    const { outside, namespace, ca } = this;
    const { inFront, queryHttps, volume } = this.options;
    await step('namespaces', async () => {
      await makeNamespace(outside);
      await makeNamespace(namespace);
    });
    this.#s3Ip = await step('MinIO serves TLS', () => startMinio(outside, ca, { volume }));
    const service = inFront ? await inFront(outside) : 'minio';
    if (!this.options.byDns) this.#s3Ip = await clusterIp(outside, service);
    await applyOwn(credentialsSecret(namespace));
    if (queryHttps) await applyOwn(querySecret(namespace));
    await step('old samples lie in the bucket', () => this.#seed());
    await applyManifests(this.manifests());
    await step('the stack is ready', () => thanosReady(namespace));
  }

  /** The manifests, with these roots instead of the first one. */
  public manifests(caPem = this.ca.caPem, receiver: ReceiverOptions = {}): string {
    const small = { requests: { cpu: '10m' } };
    const storeSync = { syncInterval: Duration.seconds(10) };
    return this.#written('thanos', caPem, {
      receiver: { replicas: 3, resources: small, ...this.#shortBlocks(), ...receiver },
      compactor: { resources: small },
      storeGateway: {
        replicas: 2,
        indexCache: IndexCache.inMemory({ maxSize: Size.mebibytes(32), maxItemSize: Size.mebibytes(8) }),
        resources: small,
        ...storeSync,
      },
      ruler: {
        resources: small,
        rules: [
          { name: 'faults', interval: Duration.seconds(5), rules: [{ record: RECORDED, expr: `count(${LIVE})` }] },
        ],
      },
      query: { replicas: 2, resources: small, ...this.#https() },
      queryFrontend: { replicas: 2, resources: small },
    });
  }

  /** Names of the ready pods of a component. */
  public async pods(component: string): Promise<string[]> {
    return (await thanosPods(this.namespace, component)).filter(isReady).map(({ metadata }) => metadata.name);
  }

  #shortBlocks(): ReceiverOptions {
    return this.options.shortBlocks ? { tsdb: { blockDuration: Duration.minutes(1) } } : {};
  }

  #https(): QueryOptions {
    if (!this.options.queryHttps) return {};
    return { httpConfig: HttpConfig.tls({ certificate: TlsCertificate.fromSecretName(QUERY_SECRET) }) };
  }

  #written(name: string, caPem: string, parts: Partial<ThanosStackProps>): string {
    const app = new App();
    const stack = new ThanosStack(app, name, {
      name,
      namespace: this.namespace,
      objstore: { ...minioBucket(caPem), http: this.options.http },
      ...parts,
    });
    const granted = [stack.receiver, stack.compactor, stack.storeGateway, stack.ruler];
    const aliases = [{ ip: this.#s3Ip, hostnames: [S3_HOST] }];
    for (const part of this.#s3Ip ? granted : [])
      part?.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostAliases', aliases));
    if (name !== SEED) this.options.patch?.(stack);
    return app.synthYaml();
  }

  /** A receiver of another stack takes the old samples, and uploads them when it goes. */
  async #seed(): Promise<void> {
    const { namespace, old } = this;
    const yaml = this.#written(SEED, this.ca.caPem, { receiver: { replicas: 1 } });
    await applyManifests(yaml);
    const url = this.api.urlOf(namespace, `services/${SEED}-receiver:remote-write`, '/api/v1/receive');
    const series = Array.from({ length: SERIES }, (_, n) => ({
      labels: labelsOf(OLD, n),
      samples: old.map((time) => ({ time, value: valueAt(n, time) })),
    }));
    await until('the old samples are taken', async () => (await writeSamples(url, series)).status === 200);
    await writeLast(url, old[old.length - 1] + TICK);
    await kubectl(['delete', '--wait', '-f', '-'], yaml);
    await until('the old samples are uploaded', async () => (await blocks(this.outside)).length > 0);
  }
}

/**
 * Writes a sample that is newer than all others. A receiver that ends leaves its newest samples on its volume, and uploads
 * all before them (`tenant.flushHead` of Thanos 0.42.4).
 */
export async function writeLast(url: string, time = Date.now()): Promise<void> {
  const series = [{ labels: { __name__: 'faults_last' }, samples: [{ time, value: 1 }] }];
  await until('the last sample', async () => (await writeSamples(url, series)).status === 200);
}

/** A certificate of Query, and the CA that signed it. */
function querySecret(namespace: string): Json {
  const { certificatePem, keyPem, caPem } = privateCa(`thanos-query.${namespace}.svc.cluster.local`);
  const stringData = { 'tls.crt': certificatePem, 'tls.key': keyPem, 'ca.crt': caPem };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: QUERY_SECRET, namespace }, stringData };
}
