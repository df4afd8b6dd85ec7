import type { PodMonitorSpecPodMetricsEndpoints as Endpoint } from '../../imports/monitoring.coreos.com';
import type { Construct } from 'constructs';
import type { KeyFile } from '../component/tls/key-files';
import { type HttpTrust, schemeOf, trustOf } from '../component/tls/ask-http';
import type { ThanosComponent } from '../component/thanos-component';
import { groupBy } from '../support/group-by';
import { SHARD_LABEL, ZONE_LABEL } from '../support/identity';
import { COMPONENT_LABEL, INSTANCE_LABEL } from '../support/labels';
import { found, InputProblem, phrase } from '../support/problem';
import { componentsOf, type StackName } from './parts';

type Common = Pick<Endpoint, 'interval' | 'scrapeTimeout'>;

/** What tells the pods of one component from those of others of the stack. */
const OWN = [COMPONENT_LABEL, ZONE_LABEL, SHARD_LABEL];

/** The label `job` that the alerts read. */
const JOB = {
  sourceLabels: [INSTANCE_LABEL, COMPONENT_LABEL].map(metaLabel),
  separator: '-',
  targetLabel: 'job',
};

/** Whether all components are scraped alike. */
function allAlike(components: readonly ThanosComponent[]): boolean {
  return new Set(components.map(({ _http }) => keyOf(_http))).size <= 1;
}

/**
 * How pods are scraped: each once, by what its component's HTTP port asks for. A pod is asked by its IP address, so each
 * certificate is compared with the name that its component says. `caName` is the ConfigMap of the CAs that are given as text.
 * @internal
 */
export function podEndpoints(components: readonly ThanosComponent[], caName: string, common: Common): Endpoint[] {
  const endpoint = (http: HttpTrust | undefined, chosen: Endpoint['relabelings'] = []): Endpoint => ({
    port: 'http',
    ...common,
    ...scrape(http, caName),
    relabelings: [...chosen, JOB],
  });
  if (allAlike(components)) return [endpoint(components[0]?._http)];
  const groups = groupBy(
    components.filter(({ _http }) => _http !== undefined),
    ({ _http }) => keyOf(_http),
  );
  const told = [...groups.values()];
  return [
    endpoint(undefined, [choice('drop', told.flat())]),
    ...told.map((group) => endpoint(group[0]._http, [choice('keep', group)])),
  ];
}

/** Whether two are scraped alike. */
function alike(one: HttpTrust | undefined, other: HttpTrust | undefined): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf(http: HttpTrust | undefined): string {
  return JSON.stringify(http ?? null);
}

function choice(action: 'keep' | 'drop', components: readonly ThanosComponent[]) {
  const values = components.map(({ selector }) => OWN.map((label) => selector[label] ?? '').join(';'));
  return { sourceLabels: OWN.map(metaLabel), action, regex: [...new Set(values)].join('|') };
}

/**
 * How a pod is scraped by what its HTTP port asks for. `caName` is the ConfigMap of a CA that is given as text.
 * @internal
 */
export function scrape(http: HttpTrust | undefined, caName: string): Partial<Endpoint> {
  const { tls, basicAuth } = http ?? {};
  const key = ({ name = caName, key }: KeyFile) => ({ name, key });
  return {
    scheme: tls && schemeOf(http),
    tlsConfig: tls && {
      ca: tls.ca.kind === 'Secret' ? { secret: key(tls.ca) } : { configMap: key(tls.ca) },
      serverName: tls.serverName,
    },
    basicAuth: basicAuth && { username: key(basicAuth.user), password: key(basicAuth.password) },
  };
}

/**
 * The CAs that are given as text, by key.
 * @internal
 */
export function caTexts(components: readonly Pick<ThanosComponent, '_http'>[]): Record<string, string> {
  const files = components.flatMap(({ _http }) => _http?.tls?.ca ?? []);
  return Object.fromEntries(files.flatMap(({ key, pem }) => (pem === undefined ? [] : [[key, pem]])));
}

/** What Prometheus makes of a label of a pod (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#pod). */
function metaLabel(label: string): string {
  return `__meta_kubernetes_pod_label_${label.replace(/[^A-Za-z0-9_]/g, '_')}`;
}

/**
 * The operator reads what it refers to in the namespace of the object.
 * @internal
 */
export function requireReachable(components: readonly ThanosComponent[], namespace: string): void {
  const other = components.find(({ _http, namespace: own }) => _http !== undefined && own !== namespace);
  if (other)
    throw new InputProblem(
      `holds ${other.node.path} of namespace ${found(other.namespace)}, whose pods a PodMonitor in ${found(namespace)} does not find`,
    );
}

/**
 * Components of the stack that are scraped otherwise than their httpConfig says.
 * @internal
 */
export function untold(monitor: Construct, components: readonly ThanosComponent[], of: StackName): string[] {
  const common = allAlike(components) ? trustOf(components[0]) : undefined;
  return componentsOf(monitor, of).flatMap((construct) => {
    if (components.includes(construct) || alike(trustOf(construct), common)) return [];
    const text = `lacks ${construct.node.path}, whose httpConfig says how its pods are scraped. Give it too`;
    return [phrase(monitor.node.path, 'components', text)];
  });
}
