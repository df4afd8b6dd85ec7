import { type Address, addressOf } from './address';
import { list } from './pod-specs';
import type { Json } from '../support/json';

/** The configs of Thanos, Prometheus and Grafana that name somebody. */
export type ConfigForm = keyof typeof FORMS;

const FORMS = {
  /** `--endpoint.sd-config` of Query. */
  endpoints: (json: Json): string[] => list(json?.endpoints).map(({ address }) => text(address)),
  /** Prometheus' file_sd, which Query and Ruler read, and the `--query.config` of Ruler. */
  targets: (json: Json): string[] => list(json).flatMap(targetsOf),
  alertmanagers: (json: Json): string[] => list(json?.alertmanagers).flatMap(targetsOf),
  hashrings: (json: Json): string[] =>
    list(json).flatMap(({ endpoints }) => list(endpoints).map((one) => text(one?.address ?? one))),
  'remote-write': (json: Json): string[] => list(json?.remote_write).map(({ url }) => text(url)),
  /** Memcached has addresses, Redis one, and groupcache the pods that share it. */
  cache: (json: Json): string[] => [
    ...[...list(json?.config?.addresses), ...list(json?.config?.peers)].map(text),
    ...text(json?.config?.addr)
      .split(',')
      .filter((one) => one !== ''),
  ],
  /** prometheus.yml. */
  prometheus: (json: Json): string[] => list(json?.remote_write).map(({ url }) => text(url)),
  /** Receivers' limits: whom they ask how many series there are. */
  limits: (json: Json): string[] => [text(json?.write?.global?.meta_monitoring_url)],
  /** Spans over OTLP, and to a collector of Jaeger. */
  tracing: (json: Json): string[] => [text(json?.config?.endpoint)],
  /** Grafana's provisioning file. */
  datasources: (json: Json): string[] =>
    list(json?.datasources)
      .filter(({ type }) => type === 'prometheus')
      .map(({ url }) => text(url)),
} as const;

/** `targets` of file_sd; with scheme in `static_configs` and `http_config` of Thanos' own. */
function targetsOf(group: Json): string[] {
  const scheme = text(group?.scheme);
  const all = [...list(group?.targets), ...list(group?.static_configs), ...list(group?.http_config?.static_configs)];
  const targets = all.flatMap((one) => (typeof one === 'string' ? [one] : list(one?.targets).map(text)));
  return targets.map((target) => (scheme === '' ? target : target.replace(/^(dns[a-z]*\+)?/, `$1${scheme}://`)));
}

/** Whom a config names, as its YAML was read. */
export function addressesIn(form: ConfigForm, config: Json): Address[] {
  return FORMS[form](config).flatMap((one) => (one === '' ? [] : (addressOf(one) ?? [])));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
