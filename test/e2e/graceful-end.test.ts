import { App, Chart } from 'cdk8s';
import { Query, type QueryProps } from 'cdk8s-thanos';
import { describeOnCluster } from '../programs/cluster';
import { applyManifests, kubectl } from './support/kubectl';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { startProbe } from './support/probes';
import { progress, step } from './support/progress';

const NAMESPACE = 'thanos-e2e-end';
const QUERY = 'deployment/thanos-query';
const SECONDS = 30;
const ASKING = 4;
const CONTROL_RUNS = 4;

interface Answers {
  readonly asked: number;
  readonly failed: number;
}

describeOnCluster('a Query that is asked without pause while its pods are exchanged', () => {
  beforeAll(async () => {
    await makeNamespace(NAMESPACE);
    await startProbe(NAMESPACE, 'asking', { app: 'asking' });
  });
  afterAll(() => step('namespaces are gone', dropNamespaces));

  test('answers each request, since a pod that ends waits until nobody is sent to it', async () => {
    await serve({});
    const { asked, failed } = await askedWhileRolled();
    expect(asked).toBeGreaterThan(1000);
    expect(failed).toBe(0);
  });

  test('is seen to leave some without an answer where its pods end at once', async () => {
    await serve({ lifecycle: {} });
    let failures = 0;
    for (let i = 0; i < CONTROL_RUNS && failures === 0; i++) failures += (await askedWhileRolled()).failed;
    expect(failures).toBeGreaterThan(0);
  });
});

async function serve(props: Partial<QueryProps>): Promise<void> {
  const app = new App();
  // a Query wants somebody to ask
  new Query(new Chart(app, 'query'), 'Query', { namespace: NAMESPACE, endpoints: ['127.0.0.1:1'], ...props });
  await applyManifests(app.synthYaml());
  await rolledOut();
}

async function rolledOut(): Promise<void> {
  await kubectl(['-n', NAMESPACE, 'rollout', 'status', QUERY, '--timeout=120s']);
}

/** Asks the Service for a time, several at once, while the pods are exchanged again and again. */
async function askedWhileRolled(): Promise<Answers> {
  const ip = await kubectl(['-n', NAMESPACE, 'get', 'service', 'thanos-query', '-o', 'jsonpath={.spec.clusterIP}']);
  const ask = `wget -q -O - 'http://${ip}:10902/api/v1/query?query=1' >/dev/null 2>&1 && echo yes || echo no`;
  const loop = `(while [ $(date +%s) -lt $end ]; do ${ask}; done) &`;
  const script = `end=$(($(date +%s) + ${SECONDS})); ${loop.concat(' ').repeat(ASKING)} wait`;
  let asking = true;
  const answers = kubectl(['-n', NAMESPACE, 'exec', 'asking', '--', 'sh', '-c', script]).finally(() => {
    asking = false;
  });
  let rolls = 0;
  while (asking && rolls < 20) {
    await kubectl(['-n', NAMESPACE, 'rollout', 'restart', QUERY]);
    await rolledOut();
    rolls += 1;
  }
  const lines = (await answers).trim().split('\n');
  const failed = lines.filter((line) => line !== 'yes').length;
  progress(`${lines.length} asked in ${rolls} roll-outs, ${failed} without an answer`);
  return { asked: lines.length, failed };
}
