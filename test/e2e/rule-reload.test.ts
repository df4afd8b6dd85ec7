import { App, Chart } from 'cdk8s';
import { HttpConfig, PrometheusRuleSource, Ruler, type RulerOptions, TlsCertificate } from 'cdk8s-thanos';
import { describeOnCluster } from '../programs/cluster';
import type { Json } from '../render';
import { privateCa } from './support/certificates';
import { reloaderImage } from './support/config-reloader';
import { applyManifests, applyOwn, httpGet, kubectl, list } from './support/kubectl';
import { dropNamespaces, makeNamespace } from './support/namespaces';
import { isReady } from './support/pods';
import { progress, step, until } from './support/progress';

const NAMESPACE = 'thanos-e2e-reload';
const RECEIVE = [{ url: 'http://receive.example.com:19291/api/v1/receive' }];

/** A ConfigMap of rules that others write. */
function team(name: string): Json {
  const groups = [{ name, rules: [{ record: 'seen', expr: 'vector(1)' }] }];
  const metadata = { name: 'team', namespace: NAMESPACE };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'a.yml': JSON.stringify({ groups }) } };
}

/** A PrometheusRule that others write, with a group of this name. */
function prometheusRule(name: string): PrometheusRuleSource {
  const groups = [{ name, rules: [{ record: 'intake', expr: 'vector(1)' }] }];
  const metadata = { name: 'intake', namespace: NAMESPACE };
  return PrometheusRuleSource.fromYaml(
    JSON.stringify({ apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata, spec: { groups } }),
  );
}

describeOnCluster('a ruler with the real config reloader beside it', () => {
  const parts = privateCa('thanos parts', { names: ['localhost'] });
  let image: { repository: string; tag: string };

  /** Two rulers, one of which serves HTTPS, each below a path of its own. */
  function apply(intake: string): Promise<string> {
    const app = new App();
    const chart = new Chart(app, 'rulers', { namespace: NAMESPACE, disableResourceNameHashes: true });
    const options: RulerOptions = {
      queries: ['query:10902'],
      remoteWrite: RECEIVE,
      ruleConfigMaps: ['team'],
      prometheusRules: [prometheusRule(intake)],
      ruleReload: { image },
    };
    new Ruler(chart, 'Plain', { ...options, replicas: 1, instance: 'plain' });
    const httpConfig = HttpConfig.tls({ certificate: TlsCertificate.fromSecretName('parts') });
    new Ruler(chart, 'Secure', { ...options, replicas: 1, instance: 'secure', httpConfig, web: { routePrefix: '/r' } });
    return applyManifests(app.synthYaml());
  }

  /** The names of the groups that the ruler evaluates. */
  async function groups(instance: string): Promise<string> {
    const [scheme, prefix] = instance === 'secure' ? ['https:', '/r'] : ['', ''];
    const url = `${prefix}/api/v1/rules`;
    const { data } = JSON.parse(await httpGet(NAMESPACE, `pods/${scheme}${instance}-ruler-0:10902`, url));
    return data.groups
      .map((group: Json) => group.name)
      .sort()
      .join();
  }

  /** The uids of the pods, and how often their containers began. */
  async function lives(): Promise<string[]> {
    const pods = await list(NAMESPACE, 'pods');
    return pods.map(({ metadata, status }) =>
      [metadata.uid, ...status.containerStatuses.map(({ restartCount }: Json) => restartCount)].join(' '),
    );
  }

  beforeAll(async () => {
    await makeNamespace(NAMESPACE);
    const chart = new Chart(new App(), 'default', { namespace: NAMESPACE });
    const ruler = new Ruler(chart, 'R', {
      queries: ['q:1'],
      ruleConfigMaps: ['team'],
      remoteWrite: RECEIVE,
      ruleReload: {},
    });
    const containers: Json[] = ruler.workload.toJson().spec.template.spec.containers;
    image = reloaderImage(containers.find(({ name }) => name === 'rule-reloader')!.image);
    const stringData = { 'tls.crt': parts.certificatePem, 'tls.key': parts.keyPem, 'ca.crt': parts.caPem };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'parts', namespace: NAMESPACE }, stringData };
    await applyOwn(secret, team('old'));
    await apply('intake-old');
    await step('both rulers are ready', () =>
      until('ready', async () => {
        const pods = await list(NAMESPACE, 'pods');
        return pods.length === 2 && pods.every(isReady);
      }),
    );
  });
  afterAll(() => step('namespaces are gone', dropNamespaces));

  test.each(['plain', 'secure'])('%s: it begins with what is there', async (instance) => {
    expect(await until('the groups', () => groups(instance))).toBe('intake-old,old');
  });

  test('ConfigMaps that change, others’ and its own, are taken within minutes, and no pod rolls', async () => {
    const before = await lives();
    await applyOwn(team('new'));
    await apply('intake-new');
    const begin = Date.now();
    for (const instance of ['plain', 'secure']) {
      await step(`${instance}: the new groups`, () =>
        until('the groups', async () => (await groups(instance)) === 'intake-new,new'),
      );
      progress(`${instance}: ${Math.round((Date.now() - begin) / 1000)} s after the change`);
    }
    expect(await lives()).toEqual(before);
  });

  test('rules that Thanos refuses leave those that run, and the reloader tries again and says so', async () => {
    const before = await lives();
    const broken = team('broken');
    await applyOwn({ ...broken, data: { 'a.yml': 'groups: [{name: broken, rules: [{record: x, expr: "("}]}]' } });
    await until('the reloader says so', async () => {
      const said = await kubectl(['-n', NAMESPACE, 'logs', 'plain-ruler-0', '-c', 'rule-reloader']);
      return /Failed to trigger reload|received non-200/i.test(said);
    });
    expect(await groups('plain')).toContain('new');
    await applyOwn(team('mended'));
    for (const instance of ['plain', 'secure'])
      await until('the mended group', async () => (await groups(instance)).includes('mended'));
    expect(await lives()).toEqual(before);
  });
});
