import type { Json } from '../manifest/pod-specs';
import { list, text } from '../lint/shape';
import { NotYaml, parseYaml } from '../lint/yaml-text';
import { type Address, addressOf } from './address';

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
  /** Memcached has addresses, Redis one. */
  cache: (json: Json): string[] => [
    ...list(json?.config?.addresses).map(text),
    ...text(json?.config?.addr)
      .split(',')
      .filter((one) => one !== ''),
  ],
  /** prometheus.yml. */
  prometheus: (json: Json): string[] => list(json?.remote_write).map(({ url }) => text(url)),
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
  return targets.map((target) => (scheme === '' || target.includes('+') ? target : `${scheme}://${target}`));
}

/** Whom a config names; nobody where it can't be read. */
export function addressesIn(form: ConfigForm, yaml: string): Address[] {
  return FORMS[form](parsed(yaml)).flatMap((one) => (one === '' ? [] : (addressOf(one) ?? [])));
}

function parsed(yaml: string): Json {
  try {
    return parseYaml(yaml, '1.1')[0];
  } catch (error) {
    if (error instanceof NotYaml) return undefined;
    throw error;
  }
}
