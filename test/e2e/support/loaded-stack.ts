import { App, Duration, JsonPatch } from 'cdk8s';
import { type S3HttpOptions, ThanosStack, type ThanosStackProps } from 'cdk8s-thanos';
import type { Json } from '../../render';
import type { PrivateCa } from './certificates';
import { applyManifests, applyOwn, kubectl } from './kubectl';
import { credentialsSecret, type MinioOptions, S3_HOST, minioBucket, startMinio } from './minio';
import { makeNamespace } from './namespaces';
import { componentOf, GRANTED, isReady, thanosPods } from './pods';
import { progress, step, until } from './progress';
import { startPrometheus } from './prometheus';
import {
  compare,
  longestPause,
  prometheusSamples,
  requireAll,
  type Samples,
  thanosSamples,
  windowSince,
} from './samples';

/** A block each minute, so that uploads happen while a test looks; the flags are hidden ones, for tests. */
const SHORT_BLOCKS = ['--tsdb.min-block-duration=1m', '--tsdb.max-block-duration=1m'];
const SOME_SAMPLES = 5_000;
const PAUSE_SECONDS = 10;
/** Three receivers, and one of each other. */
export const PODS = 3 + 1 + 1 + 1 + 1;

/** How a test runs the stack. */
export interface LoadOptions extends MinioOptions {
  /** Of the connections to the bucket. */
  readonly http?: S3HttpOptions;
}

/** A small stack, its MinIO, and a Prometheus that writes to it without pause. */
export class LoadedStack {
  /** Where MinIO and Prometheus run. */
  public readonly outside: string;
  readonly #begin = Date.now();
  #s3Ip?: string;

  constructor(
    public readonly namespace: string,
    private readonly options: LoadOptions = {},
  ) {
    this.outside = `${namespace}-s3`;
  }

  /** Starts everything, and returns when the first samples are stored. */
  public async start(ca: PrivateCa): Promise<void> {
    await step('namespaces', async () => {
      await makeNamespace(this.outside);
      await makeNamespace(this.namespace);
    });
    this.#s3Ip = await step('MinIO serves TLS', () => startMinio(this.outside, ca, this.options));
    await applyOwn(credentialsSecret(this.namespace));
    await applyManifests(this.manifests(ca.caPem));
    await step('every pod is ready', () =>
      until('every pod is ready', async () => {
        const pods = await thanosPods(this.namespace);
        return pods.length === PODS && pods.every(isReady);
      }),
    );
    await step('Prometheus writes', async () => {
      const host = `thanos-receiver.${this.namespace}.svc.cluster.local`;
      await startPrometheus(this.outside, `http://${host}:19291/api/v1/receive`);
      await until('the first samples', async () => {
        const samples = await thanosSamples(this.namespace, 'thanos-query', windowSince(this.#begin), false);
        return countOf(samples) > SOME_SAMPLES;
      });
    });
  }

  /** The manifests for these roots, one PEM after the other. What the receivers and routers become may be told. */
  public manifests(
    caPem: string,
    { receiver, receiveRouter }: Pick<ThanosStackProps, 'receiver' | 'receiveRouter'> = {},
  ): string {
    const app = new App();
    const stack = new ThanosStack(app, 'thanos', {
      namespace: this.namespace,
      objstore: { ...minioBucket(caPem), http: this.options.http },
      receiver: { replicas: 3, extraArgs: SHORT_BLOCKS, ...receiver },
      receiveRouter,
      compactor: {},
      storeGateway: { replicas: 1, syncInterval: Duration.seconds(10) },
      query: { replicas: 1 },
      queryFrontend: { replicas: 1 },
    });
    for (const part of this.#s3Ip ? [stack.receiver, stack.compactor, stack.storeGateway] : []) {
      const aliases = [{ ip: this.#s3Ip, hostnames: [S3_HOST] }];
      part!.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostAliases', aliases));
    }
    return app.synthYaml();
  }

  /** The pods, granted or not: what tells a pod from one that took its place, or that was restarted. */
  public async identities(granted: boolean): Promise<string[]> {
    const pods = (await thanosPods(this.namespace)).filter((pod) => GRANTED.includes(componentOf(pod)) === granted);
    return pods.map(identity).sort();
  }

  /** Compares every sample with what Query answers, from wherever, and returns how many there are. */
  public async requireAllSamples(): Promise<number> {
    return (await this.#allAnswered()).samples;
  }

  /** Stops the receivers, which flush, and compares every sample with what the store answers alone. */
  public async requireAllInBucket(): Promise<number> {
    const { expected, window, samples } = await this.#allAnswered();
    await kubectl(['-n', this.namespace, 'scale', 'statefulset', 'thanos-receiver', '--replicas=0']);
    await step('the receivers are gone', () =>
      until('no receiver', async () => (await thanosPods(this.namespace, 'receiver')).length === 0),
    );
    for (const dedup of [false, true]) await this.#answers('the bucket alone', expected, window, dedup);
    return samples;
  }

  async #allAnswered() {
    const window = windowSince(this.#begin);
    const expected = await prometheusSamples(this.outside, window);
    const pause = longestPause(expected);
    if (pause > PAUSE_SECONDS) throw new Error(`Prometheus itself paused for ${pause} s`);
    for (const dedup of [false, true]) await this.#answers('Query', expected, window, dedup);
    const samples = countOf(expected);
    progress(`${samples} samples compared, 0 missing; the longest pause of the writer was ${pause.toFixed(1)} s`);
    return { expected, window, samples };
  }

  async #answers(who: string, expected: Samples, window: ReturnType<typeof windowSince>, dedup: boolean) {
    await step(`${who} answers every sample, dedup ${dedup}`, () =>
      until('every sample', async () =>
        requireAll(compare(expected, await thanosSamples(this.namespace, 'thanos-query', window, dedup))),
      ),
    );
  }
}

function countOf(samples: Samples): number {
  return [...samples.values()].reduce((sum, values) => sum + values.size, 0);
}

function identity({ metadata, status }: Json): string {
  const restarts = status.containerStatuses.reduce((sum: number, c: Json) => sum + c.restartCount, 0);
  return `${metadata.name} ${metadata.uid}, ${restarts} restarts`;
}
