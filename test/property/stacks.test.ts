import * as fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import { quietly } from '../component/made';
import { type Json, render } from '../render';
import { type Pods, podsOf } from '../stack/pods';
import { holdsBoundary } from './boundary';
import { wanted } from './allowed';
import { build } from './build';
import { tenantsOf } from './build-parts';
import { componentOf } from './names';
import { expand } from './oracle';
import { runs } from './runs';
import { isMonitored, OPENERS, OTHERS, spec, type Spec } from './spec';

function manifest(given: Spec): string {
  return quietly(() => build(given).synthYaml());
}

/** The objects of a manifest, as `kubectl apply` reads them. */
function objects(yaml: string): Json[] {
  return parseAllDocuments(yaml).map((document) => document.toJS());
}

describe('in every stack', () => {
  it('a container opens the bucket exactly if it has the config, the CA and the keys, and nobody else names them', () => {
    fc.assert(
      fc.property(spec, (given) => {
        const all = quietly(() => render(build(given).charts[0]));
        holdsBoundary(given, all);
      }),
      runs(200),
    );
  });

  it('every text arrives as it was written, in what Thanos parses', () => {
    fc.assert(
      fc.property(spec, (given) => {
        const all = objects(manifest(given));
        textsOfObjstore(given, all);
        for (const pod of podsOf(all)) if (isComponent(pod)) textsOfPod(given, pod);
        textsOfRings(given, all);
        textOfRule(given, all);
        textsOfMonitoring(given, all);
      }),
      runs(120),
    );
  });

  it('a second synth gives the same bytes', () => {
    fc.assert(
      fc.property(spec, (given) => {
        expect(manifest(given)).toBe(manifest(structuredClone(given)));
      }),
      runs(50),
    );
  });
});

/** The objstore.yml that the preflight or a component reads, if it is the library's. */
function textsOfObjstore(given: Spec, all: Json[]): void {
  const map = all.find((o) => o.kind === 'ConfigMap' && o.metadata.name === `${given.name}-objstore-config`);
  expect(map !== undefined).toBe(!given.store.startsWith('own'));
  if (!map) return;
  const text: string = map.data['objstore.yml'];
  // Thanos replaces $(NAME) in the text before it parses: by the keys of a store, and nothing else
  const names = [...text.matchAll(/\$\(([^)]*)\)/g)].map(([, name]) => name);
  const keys = [...wanted(given, { name: 'receiver' }).env.keys()].filter((name) => name.startsWith('OBJSTORE_'));
  expect(names.sort()).toEqual(keys.sort());
  const config = parse(text, { version: '1.1' });
  expect(config.prefix).toBe(given.texts.prefix);
  if (given.store === 's3') textsOfConfig(given, config);
}

function textsOfConfig({ texts, ca, clientCertificate, encryption }: Spec, { config }: Json): void {
  expect(config.region).toBe(texts.region);
  expect(config.put_user_metadata ?? {}).toEqual(texts.metadata);
  const tls = config.http_config?.tls_config ?? {};
  expect(tls.ca_file).toBe(ca.kind === 'none' ? undefined : '/etc/thanos/certs/ca.crt');
  expect(tls.key_file).toBe(clientCertificate ? '/etc/thanos/client-tls/tls.key' : undefined);
  expect(config.sse_config?.encryption_key).toBe(encryption === 'customer' ? '/etc/thanos/sse/sse-c.key' : undefined);
}

const COMPONENTS: readonly string[] = [...Object.values(OPENERS), ...Object.values(OTHERS)];

function isComponent({ labels }: Pods): boolean {
  return COMPONENTS.includes(componentOf(labels) ?? '');
}

/** Each ring of a router has its tenants, as they were written. */
function textsOfRings({ name, rings, texts }: Spec, all: Json[]): void {
  if (rings.length === 0) return;
  const map = all.find((o) => o.kind === 'ConfigMap' && o.metadata.name === `${name}-receive-router-hashrings`);
  const entries = JSON.parse(map.data['hashrings.json']).slice(0, rings.length);
  expect(entries.map(({ tenants }: Json) => tenants)).toEqual(
    rings.map(({ matcher }, i) => tenantsOf(matcher, texts.webLabel, i)),
  );
}

function textsOfPod({ texts, scheduled, around }: Spec, { labels, containers, spec: pod }: Pods): void {
  const component = componentOf(labels)!;
  const container = containers.find((c) => c.name === component);
  const env = new Map([
    ['POD_NAME', `${component}-0`],
    ['HOME', '/root'],
  ]);
  const expanded = (container.args ?? []).map((arg: string) => expand(arg, env));
  const values = expanded
    .filter((a: string) => a.startsWith('--label='))
    .map((a: string) => a.slice('--label='.length));
  const tracing = expanded.find((arg: string) => arg.startsWith('--tracing.config='));
  const traced = component !== 'grafana' && component !== 'preflight';
  expect(tracing !== undefined).toBe(around.tracing === 'address' && traced);
  if (tracing) {
    const { config } = parse(tracing.slice('--tracing.config='.length), { version: '1.1' });
    expect(config.resource_attributes).toEqual({ text: texts.annotation });
  }
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
  const ofStack = all.filter(({ kind, metadata }) => kind === 'PodMonitor' && metadata.name === `${given.name}-pods`);
  expect(ofStack).toHaveLength(given.monitoring === 'operator' ? 1 : 0);
}
