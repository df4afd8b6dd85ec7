import type { Size } from 'cdk8s';
import { place } from '../app/place';
import { KubeConfigMap } from '../support/k8s';
import { found, InputProblem } from '../support/problem';
import { mapOf, size, struct, text, wholeNumber } from '../support/rows';
import { required, type Row, type StructTable } from '../support/table';
import { bytes } from '../support/units';
import { isHttpUrl } from '../support/url';
import { thanosYaml } from '../support/yaml';
import type { Context } from './context';
import type { Files } from './hashring';
import type { Arg } from './option';

/** What one tenant may write. A write that is too large is refused for good (413), one of a tenant with too many series for now (429). */
export interface TenantWriteLimits {
  /**
   * Size of one write, compressed.
   * @default - that of `defaults`, else no limit
   */
  readonly requestSize?: Size;
  /**
   * Series of one write; 0: no limit.
   * @default - that of `defaults`, else no limit
   */
  readonly requestSeries?: number;
  /**
   * Samples of one write; 0: no limit.
   * @default - that of `defaults`, else no limit
   */
  readonly requestSamples?: number;
  /**
   * Series that the receivers hold in memory, all copies counted, as `metaMonitoring` says; 0: no limit. It is asked every
   * 15 seconds, so some more come through, and where it does not answer, all.
   * @default - that of `defaults`, else no limit
   */
  readonly headSeries?: number;
}

/** Who knows how many series each tenant has. */
export interface MetaMonitoringOptions {
  /** URL of a Prometheus or Query that has the metrics of the receivers: `http://prometheus.monitoring.svc:9090`. */
  readonly url: string;
  /**
   * The query: a number for each value of the label `tenant`.
   * @default - Thanos' own, `sum(prometheus_tsdb_head_series) by (tenant)`
   */
  readonly query?: string;
}

/** What may be written (https://thanos.io/tip/components/receive.md/#limits--gates-experimental). */
export interface WriteLimitsOptions {
  /**
   * Writes at a time, of all tenants, for each pod. Further ones wait.
   * @default - no limit
   */
  readonly maxConcurrency?: number;
  /**
   * Limits of every tenant that has no other.
   * @default - none
   */
  readonly defaults?: TenantWriteLimits;
  /**
   * Limits of single tenants, by their names.
   * @default - none
   */
  readonly tenants?: { [tenant: string]: TenantWriteLimits };
  /**
   * Who is asked for the series of each tenant; needed for `headSeries`. Pods look for it when they start.
   * @default - none
   */
  readonly metaMonitoring?: MetaMonitoringOptions;
}

const TENANT: StructTable<TenantWriteLimits> = {
  requestSize: size,
  requestSeries: wholeNumber(0),
  requestSamples: wholeNumber(0),
  headSeries: wholeNumber(0),
};

const META_MONITORING: StructTable<MetaMonitoringOptions> = {
  url: required(metaMonitoringUrl, 'Give the URL of a Prometheus'),
  query: text,
};

/** How they are read. */
export const WRITE_LIMITS: Row<WriteLimitsOptions> = struct<WriteLimitsOptions>(
  {
    maxConcurrency: wholeNumber(1),
    defaults: struct(TENANT),
    tenants: mapOf(struct(TENANT), text),
    metaMonitoring: struct(META_MONITORING),
  },
  requireCounter,
);

function metaMonitoringUrl(url: unknown): string {
  if (!isHttpUrl(url)) throw new InputProblem(`${found(url)} is not an http or https URL`);
  const { username, password } = new URL(url);
  if (username === '' && password === '') return url;
  throw new InputProblem('holds a user or password, which synth would write into a ConfigMap. Leave them out');
}

/** Thanos would start, and limit nothing. */
function requireCounter({ defaults, tenants = {}, metaMonitoring }: WriteLimitsOptions): void {
  if (metaMonitoring) return;
  const all: [string, TenantWriteLimits | undefined][] = [
    ['defaults', defaults],
    ...Object.entries(tenants).map(([name, limits]): [string, TenantWriteLimits] => [
      `tenants: ${found(name)}`,
      limits,
    ]),
  ];
  const [counted] = all.find(([, limits]) => (limits?.headSeries ?? 0) > 0) ?? [];
  if (counted !== undefined)
    throw new InputProblem(`${counted}: headSeries: has no effect without metaMonitoring, which counts the series`);
}

const FOLDER = '/etc/thanos/limits';
const KEY = 'limits.yml';

/** The flag of their file. */
export function writeLimitFlags(): Arg[] {
  return [['--receive.limits-config-file', `${FOLDER}/${KEY}`]];
}

/**
 * Their file. Running pods re-read it, so no checksum rolls them.
 * @internal
 */
export function placeWriteLimits({ construct, identity }: Context<unknown>, limits: WriteLimitsOptions): Files {
  const name = identity.object('limits');
  const metadata = { name, namespace: identity.namespace, labels: { ...identity.selector } };
  place(construct, 'Limits', KubeConfigMap.manifest({ metadata, data: { [KEY]: limitsYaml(limits) } }));
  return {
    volumes: [{ name: 'limits', configMap: { name } }],
    mounts: [{ name: 'limits', mountPath: FOLDER, readOnly: true }],
  };
}

function limitsYaml({ maxConcurrency, defaults, tenants, metaMonitoring }: WriteLimitsOptions): string {
  const all = tenants && Object.entries(tenants).map(([name, limits]) => [name, tenantLimits(limits)]);
  return thanosYaml({
    write: {
      global: {
        max_concurrency: maxConcurrency,
        meta_monitoring_url: metaMonitoring?.url,
        meta_monitoring_limit_query: metaMonitoring?.query,
      },
      default: tenantLimits(defaults ?? {}),
      tenants: all && Object.fromEntries(all),
    },
  });
}

function tenantLimits({ requestSize, requestSeries, requestSamples, headSeries }: TenantWriteLimits) {
  return {
    request: {
      size_bytes_limit: requestSize && bytes(requestSize),
      series_limit: requestSeries,
      samples_limit: requestSamples,
    },
    head_series_limit: headSeries,
  };
}
