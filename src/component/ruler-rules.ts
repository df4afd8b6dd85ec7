import { ruleFiles } from '../rules/prometheus-rule-source';
import { rulesFile } from '../rules/rules';
import { checksum } from '../support/checksum';
import { checked } from '../support/problem';
import type { Context } from './context';
import type { Extras } from './kind';
import { ruleReloader } from './rule-reloader';
import type { RulerOptions } from './ruler-options';
import { routeOf } from './web-prefix';
import { placeConfigMap } from './own-config-map';

const DIRECTORY = '/etc/thanos/rules';
const RULES_FILE = 'rules.yaml';

/** The ConfigMaps that are made here. */
export function ownConfigMaps({ identity, props }: Context<RulerOptions>): string[] {
  const { rules = [], prometheusRules = [] } = props;
  return [
    ...(rules.length > 0 ? [identity.object('rules')] : []),
    ...(prometheusRules.length > 0 ? [identity.object('prometheus-rules')] : []),
  ];
}

/** All ConfigMaps of rules, the own ones first. */
export function mountedRules(context: Context<RulerOptions>): string[] {
  return [...ownConfigMaps(context), ...(context.props.ruleConfigMaps ?? [])];
}

/** The files of a ConfigMap, as `--rule-file` takes them. */
export function filesOf(configMap: string): string {
  return `${folderOf(configMap)}/*.y*ml`;
}

/** The ConfigMaps, what brings them into the pods, and what makes the pods read a change. */
export function placeRules(context: Context<RulerOptions>): Extras {
  const { identity, props } = context;
  const annotations = { ...placeInline(context), ...placeGiven(context) };
  const mounted = mountedRules(context);
  const mounts = mounted.map((configMap, i) => ({
    name: `rules-${i}`,
    mountPath: folderOf(configMap),
    readOnly: true,
  }));
  // the reloader verifies no certificate
  const scheme = props.httpConfig?._settings().tls ? 'https' : 'http';
  const url = `${scheme}://127.0.0.1:${identity.port('http')}${routeOf(props.web)}/-/reload`;
  return {
    volumes: mounted.map((configMap, i) => ({ name: `rules-${i}`, configMap: { name: configMap } })),
    mounts,
    // Thanos re-reads rule files only when told to, so without somebody who tells it a change rolls the pods
    annotations: props.ruleReload ? {} : annotations,
    sidecars: props.ruleReload && mounted.length > 0 ? [ruleReloader(props.ruleReload, url, mounts)] : [],
  };
}

function placeInline(context: Context<RulerOptions>): Record<string, string> {
  const { construct, props } = context;
  if (!props.rules || props.rules.length === 0) return {};
  const rules = checked(construct, 'rules', () => rulesFile(props.rules!));
  placeConfigMap(context, 'rules', { [RULES_FILE]: rules }, 'Rules');
  return { 'checksum/rules': checksum({ rules }) };
}

function placeGiven(context: Context<RulerOptions>): Record<string, string> {
  const { construct, props } = context;
  if (!props.prometheusRules || props.prometheusRules.length === 0) return {};
  const files = checked(construct, 'prometheusRules', () => ruleFiles(props.prometheusRules!));
  placeConfigMap(context, 'prometheus-rules', files, 'PrometheusRules');
  return { 'checksum/prometheus-rules': checksum(files) };
}

function folderOf(configMap: string): string {
  return `${DIRECTORY}/${configMap}`;
}
