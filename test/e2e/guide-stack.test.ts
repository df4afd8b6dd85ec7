import { privateCa } from './support/certificates';
import { describeOnCluster } from '../programs/cluster';
import { applyGuide, GUIDE } from './support/guide';
import { placesWith, readablePlaces } from './support/keys';
import { exec, kubectl } from './support/kubectl';
import { blocks, S3_HOST, S3_KEYS, startMinio } from './support/minio';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { thanosPods, thanosReady } from './support/pods';
import { progress, step, until } from './support/progress';
import { startPrometheus } from './support/prometheus';
import { compare, prometheusSamples, requireAll, type Samples, thanosSamples, windowSince } from './support/samples';

const OUTSIDE = 'thanos-e2e-outside';
const ENOUGH_SAMPLES = 30_000;

describeOnCluster("the guide's stack on a real cluster, with a MinIO behind a private CA", () => {
  const begin = Date.now();
  let expected: Samples;
  let window = windowSince(begin);

  beforeAll(async () => {
    const ca = privateCa(S3_HOST);
    await step('namespaces', async () => {
      await makeNamespace(OUTSIDE);
      await makeNamespace(GUIDE);
    });
    const s3Ip = await step('MinIO serves TLS', () => startMinio(OUTSIDE, ca));
    await step("the guide's stack is applied", () => applyGuide({ caPem: ca.caPem, s3Ip }));
  });
  afterAll(() => step('namespaces are gone', dropNamespaces));

  const thanosHasAll = (service: string, dedup: boolean): Promise<number> =>
    until(`${service} has all samples, dedup ${dedup}`, async () =>
      requireAll(compare(expected, await thanosSamples(GUIDE, service, window, dedup))),
    );

  test('gets every Thanos pod ready', async () => {
    const pods = await step('every Thanos pod is ready', () => thanosReady(GUIDE));
    expect(pods).toHaveLength(3 + 1 + 2 + 2 + 2 + 2);
  });

  test('takes every sample that a Prometheus remote-writes', async () => {
    await step('Prometheus runs', () =>
      startPrometheus(OUTSIDE, `http://thanos-receiver.${GUIDE}.svc.cluster.local:19291/api/v1/receive`),
    );
    await step('Prometheus holds enough samples', () =>
      until('enough samples', async () => {
        window = windowSince(begin);
        expected = await prometheusSamples(OUTSIDE, window);
        return [...expected.values()].reduce((sum, values) => sum + values.size, 0) >= ENOUGH_SAMPLES;
      }),
    );
    const samples = await step('Query holds what was written', () => thanosHasAll('thanos-query', false));
    expect(samples).toBeGreaterThanOrEqual(ENOUGH_SAMPLES);
  });

  test('would be seen to lose a single sample, or to change one', () => {
    const actual: Samples = new Map([...expected].map(([series, values]) => [series, new Map(values)]));
    const [[, first], [, second]] = actual;
    first.delete([...first.keys()][0]);
    second.set([...second.keys()][0], 'another');
    expect(compare(expected, actual)).toMatchObject({ missing: 1, different: 1 });
  });

  test('shows its keys in no object but Secrets, no command line, log, metric or page of any pod', async () => {
    const places = await step('all that can be read is read', () => readablePlaces(GUIDE));
    const pods = await thanosPods(GUIDE);
    const read = places.map(({ where }) => where);
    for (const { metadata } of pods) expect(read).toContain(`${metadata.name}/metrics 200`);
    expect(read.filter((where) => where.endsWith('/debug/pprof/goroutine?debug=2 200'))).toHaveLength(pods.length);
    expect(read.filter((where) => /^thanos-query-[^f].*\/status\/flags 200$/.test(where))).toHaveLength(2);
    progress(`${places.length} places are searched for ${Object.keys(S3_KEYS).length} keys`);
    for (const key of Object.values(S3_KEYS)) expect(placesWith(key, places)).toEqual([]);
    // what the search would find: the same keys, where they are needed
    const receiver = pods.find(({ metadata }) => metadata.name.includes('receiver'))!.metadata.name;
    const env = { where: 'env', text: await exec(GUIDE, receiver, 'env') };
    for (const key of Object.values(S3_KEYS)) expect(placesWith(key, [env])).toEqual(['env']);
  });

  test('uploads the blocks when the receivers stop', async () => {
    await kubectl(['-n', GUIDE, 'scale', 'statefulset', 'thanos-receiver', '--replicas=0']);
    await step('the receivers are gone', () =>
      until('no receiver', async () => (await thanosPods(GUIDE, 'receiver')).length === 0),
    );
    const uploaded = await blocks(OUTSIDE);
    progress(`${uploaded.length} blocks in the bucket`);
    expect(uploaded.length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    ['thanos-query', false],
    ['thanos-query', true],
    ['thanos-query-frontend', true],
  ])('answers every sample through %s from the bucket alone, dedup %s', async (service, dedup) => {
    const samples = await step(`${service} answers from the bucket, dedup ${dedup}`, () =>
      thanosHasAll(service, dedup),
    );
    progress(`${samples} samples compared, 0 missing`);
    expect(await thanosPods(GUIDE, 'receiver')).toHaveLength(0);
  });
});
