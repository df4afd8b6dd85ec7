import * as fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import { quietly } from '../component/made';
import { type Json, render } from '../render';
import { hasPods, type Pods, podsOf } from '../stack/pods';
import { build, GRPC, HTTP } from './build';
import { expand, secrets, seen, wanted } from './oracle';
import { runs } from './runs';
import { isMonitored, OPENERS, spec, type Spec, zonesOf } from './spec';

function manifest(given: Spec): string {
  return quietly(() => build(given).synthYaml());
}

/** The objects of a manifest, as `kubectl apply` reads them. */
function objects(yaml: string): Json[] {
  return parseAllDocuments(yaml).map((document) => document.toJS());
}

function opens(container: Json): boolean {
  return [...(container.command ?? []), ...(container.args ?? [])].some((arg: string) => arg.startsWith('--objstore'));
}

describe('in every stack', () => {
  it('a container opens the bucket exactly if it has the config, the CA and the keys, and nobody else names them', () => {
    fc.assert(
      fc.property(spec, (given) => {
        const all = quietly(() => render(build(given).charts[0]));
        const pods = podsOf(all);
        const zones = zonesOf(given)?.length ?? 1;
        const openers = Object.entries(OPENERS).flatMap(([part, label]) =>
          given.parts.includes(part as keyof typeof OPENERS) && !(part === 'ruler' && given.stateless)
            ? Array<string>(['receiver', 'store'].includes(label) ? zones : 1).fill(label)
            : [],
        );
        const found = pods.filter((pod) => pod.containers.some(opens));
        expect(found.map((pod) => pod.labels['app.kubernetes.io/component']).sort()).toEqual([...openers].sort());
        for (const pod of pods) {
          const opening = pod.containers.filter(opens);
          for (const container of opening) holdsAll(given, pod.spec, container);
          for (const container of pod.containers)
            if (!opening.includes(container)) holdsNothing(given, pod.spec, container);
          if (opening.length === 0) namesNothing(given, pod.spec);
          for (const container of pod.containers) {
            servesHttp(given, pod, container);
            servesGrpc(given, pod, container);
          }
        }
        certifiesEach(given, all, pods);
        const elsewhere = all.filter((o) => !['Secret', 'ConfigMap'].includes(o.kind) && !hasPods(o));
        for (const object of elsewhere) namesNothing(given, object);
      }),
      runs(400),
    );
  });

  it('every text arrives as it was written, in what Thanos parses', () => {
    fc.assert(
      fc.property(spec, (given) => {
        const all = objects(manifest(given));
        const config = objstore(given, all);
        if (config) textsOfConfig(given, config);
        for (const pod of podsOf(all)) textsOfPod(given, pod);
        textOfRule(given, all);
        textsOfMonitoring(given, all);
      }),
      runs(200),
    );
  });

  it('a second synth gives the same bytes', () => {
    fc.assert(
      fc.property(spec, (given) => {
        expect(manifest(given)).toBe(manifest(structuredClone(given)));
      }),
      runs(100),
    );
  });
});

function holdsAll(given: Spec, pod: Json, container: Json): void {
  const has = seen(pod, container);
  const must = wanted(given, container);
  expect(Object.fromEntries(has.files)).toMatchObject(Object.fromEntries(must.files));
  expect(Object.fromEntries(has.env)).toMatchObject(Object.fromEntries(must.env));
  // and no more of it than it needs
  const secret = (source: string): boolean => secrets(given).some((name) => source.includes(`/${name}/`));
  expect([...has.files.values(), ...has.env.values()].filter(secret).sort()).toEqual(
    [...must.files.values(), ...must.env.values()].filter(secret).sort(),
  );
  const flags = container.args.filter((arg: string) => arg.startsWith('--objstore'));
  expect(flags).toHaveLength(1);
  expect(has.files.has(flags[0].replace('--objstore.config-file=', ''))).toBe(true);
}

/** The key of HTTP is in what serves it alone, which is probed as it serves. */
function servesHttp({ http }: Spec, { spec: pod }: Pods, container: Json): void {
  const flags = (container.args ?? []).filter((arg: string) => arg.startsWith('--http.config='));
  const sources = [...seen(pod, container).files.values()];
  const keys = sources.filter((source) => /http(-tls)?\/tls\.key$/.test(source));
  expect(flags).toHaveLength(keys.length);
  expect(sources.filter((source) => source.includes(`/${HTTP.web}/`)).length).toBeLessThanOrEqual(flags.length);
  const { httpGet, tcpSocket } = container.readinessProbe ?? {};
  if (flags.length === 0) return expect(httpGet?.scheme).toBeUndefined();
  const locked = sources.some((source) => source.includes(`/${HTTP.web}/`));
  expect([http !== 'plain', tcpSocket !== undefined, httpGet?.scheme === 'HTTPS']).toEqual([true, locked, !locked]);
}

const SERVES_GRPC = ['receiver', 'receive-router', 'store', 'ruler', 'query'];

/** The key of gRPC is in what serves it alone: of a certificate that is made, in the pods of that part. */
function servesGrpc({ grpc }: Spec, { name, labels, spec }: Pods, container: Json): void {
  const component = labels['app.kubernetes.io/component'];
  const serves = grpc !== 'plain' && container.name === component && SERVES_GRPC.includes(component);
  const { files } = seen(spec, container);
  const [, workload] = name.split(' ');
  const secret = grpc === 'issued' ? `${workload}-grpc-tls` : GRPC.certificate;
  expect(files.get('/etc/thanos/grpc-tls/tls.key')).toBe(serves ? `Secret/${secret}/tls.key` : undefined);
  expect([...files.values()].filter((source) => /grpc(-tls)?\/tls\.key$/.test(source))).toHaveLength(serves ? 1 : 0);
  const value = (flag: string) =>
    (container.args ?? []).find((arg: string) => arg.startsWith(`--${flag}=`))?.split('=')[1];
  expect(files.has(value('grpc-server-tls-key') ?? '')).toBe(serves);
  expect(files.has(value('grpc-server-tls-client-ca') ?? '')).toBe(serves && grpc !== 'open');
}

/** Each Secret that cert-manager makes is of one part, and has a Certificate. */
function certifiesEach(given: Spec, all: Json[], pods: readonly Pods[]): void {
  const made = all.filter(({ kind }) => kind === 'Certificate');
  const names = made.map(({ spec }) => spec.secretName);
  const used = pods.flatMap(({ spec }) =>
    (spec.volumes ?? []).flatMap(({ name, secret }: Json) =>
      (name === 'grpc-tls' && given.grpc === 'issued') ||
      (name === 'http-tls' && secret.secretName !== HTTP.certificate)
        ? [secret.secretName]
        : [],
    ),
  );
  expect([...names].sort()).toEqual([...used].sort());
  for (const { spec } of made) expect(spec.dnsNames.length).toBeGreaterThan(0);
}

function holdsNothing(given: Spec, pod: Json, container: Json): void {
  const has = seen(pod, container);
  const sources = [...has.files.values(), ...has.env.values()];
  expect(sources.filter((source) => secrets(given).some((name) => source.includes(`/${name}/`)))).toEqual([]);
  namesNothing(given, container);
}

function namesNothing(given: Spec, json: Json): void {
  const text = JSON.stringify(json);
  for (const name of secrets(given)) expect(text).not.toContain(`"${name}"`);
}

/** The objstore.yml that the preflight or a component reads. */
function objstore(given: Spec, all: Json[]): Json {
  const map = all.find((o) => o.kind === 'ConfigMap' && o.metadata.name === `${given.name}-objstore-config`);
  // Thanos replaces $(NAME) in the text before it parses
  expect(map.data['objstore.yml']).not.toMatch(/\$\(/);
  return parse(map.data['objstore.yml'], { version: '1.1' });
}

function textsOfConfig({ texts, ca, clientCertificate, encryption }: Spec, { config, prefix }: Json): void {
  expect(config.region).toBe(texts.region);
  expect(prefix).toBe(texts.prefix);
  expect(config.put_user_metadata ?? {}).toEqual(texts.metadata);
  const tls = config.http_config?.tls_config ?? {};
  expect(tls.ca_file).toBe(ca.kind === 'none' ? undefined : '/etc/thanos/certs/ca.crt');
  expect(tls.key_file).toBe(clientCertificate ? '/etc/thanos/client-tls/tls.key' : undefined);
  expect(config.sse_config?.encryption_key).toBe(encryption === 'customer' ? '/etc/thanos/sse/sse-c.key' : undefined);
}

function textsOfPod({ texts, scheduled }: Spec, { labels, containers, spec: pod }: Pods): void {
  const component = labels['app.kubernetes.io/component'];
  const container = containers.find((c) => c.name === component);
  const env = new Map([
    ['POD_NAME', `${component}-0`],
    ['HOME', '/root'],
  ]);
  const expanded = (container.args ?? []).map((arg: string) => expand(arg, env));
  const values = expanded
    .filter((a: string) => a.startsWith('--label='))
    .map((a: string) => a.slice('--label='.length));
  const apart = component === 'preflight' && pod.initContainers ? pod.initContainers : pod.containers;
  expect(apart).toContain(container);
  if (component === 'compactor') expect(container.args.includes('--wait')).toBe(!scheduled);
  if (component === 'bucket-web') expect(values).toEqual([texts.webLabel]);
  if (component !== 'receiver' && component !== 'ruler') return;
  const parsed = Object.fromEntries(
    values.map((value: string) => [
      value.slice(0, value.indexOf('=')),
      JSON.parse(value.slice(value.indexOf('=') + 1)),
    ]),
  );
  const replica = component === 'receiver' ? 'receive_replica' : 'rule_replica';
  expect(parsed).toEqual({ ...texts.labels, [replica]: `${component}-0` });
}

function textOfRule(given: Spec, all: Json[]): void {
  const map = all.find((o) => o.kind === 'ConfigMap' && o.metadata.name === `${given.name}-ruler-rules`);
  expect(map !== undefined).toBe(given.parts.includes('ruler'));
  if (!map) return;
  const [group] = parse(map.data['rules.yaml'], { version: '1.1' }).groups;
  expect(group.rules[0].annotations).toEqual({ text: given.texts.annotation });
}

/** What watches the stack reaches it as it was written, and by one way alone. */
function textsOfMonitoring(given: Spec, all: Json[]): void {
  const alerts = all.find(
    ({ kind, metadata }) => kind === 'PrometheusRule' && metadata.name === `${given.name}-alerts`,
  );
  const boards = all.filter(({ metadata }) => metadata.name.startsWith(`${given.name}-dashboard-`));
  const watched = isMonitored(given);
  expect([alerts !== undefined, boards.length > 0]).toEqual([watched, watched]);
  if (!watched) return;
  for (const { rules } of alerts.spec.groups)
    for (const { labels } of rules) expect(labels.text).toBe(given.texts.annotation);
  for (const { metadata, data } of boards) {
    expect(metadata.annotations).toEqual({ grafana_folder: `Of ${given.texts.region}` });
    for (const panel of JSON.parse(data[`${metadata.name}.json`]).panels) expect(panel.gridPos.w).toBeGreaterThan(0);
  }
  const annotated = all.filter(({ spec }) => spec?.template?.metadata?.annotations?.['prometheus.io/scrape']);
  expect(annotated.length > 0).toBe(given.monitoring === 'annotations');
  expect(all.filter(({ kind }) => kind === 'PodMonitor')).toHaveLength(given.monitoring === 'operator' ? 1 : 0);
}
