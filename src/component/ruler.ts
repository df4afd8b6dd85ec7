import { type Duration, Size } from 'cdk8s';
import { KubeConfigMap, type Volume, type VolumeMount } from '../support/k8s';
import type { Construct } from 'constructs';
import { place } from '../app/place';
import { checksum } from '../support/checksum';
import { argLiteral } from '../support/escape';
import { identityOf } from '../support/identity';
import { objectName } from '../support/names';
import { checked, found, InputProblem, problem } from '../support/problem';
import { goDuration, prometheusDuration } from '../support/units';
import { BucketComponent, type OptionalBucketProps } from './bucket-component';
import { commonFlags } from './common-flags';
import { labelValues, POD_NAME_ENV } from './external-labels';
import { GRPC_PORT, HTTP_PORT } from '../pod/objects';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { type RuleGroup, rulesFile } from '../rules/rules';
import { DATA_DIRECTORY, DATA_VOLUME, dataClaim, type StorageOptions } from '../pod/storage';
import type { IStoreApi } from './store-api';
import type { ComponentKind } from './workload-plan';

/** What a Ruler can be told. */
export interface RulerOptions extends ComponentOptions {
  /**
   * Pods; each evaluates all rules.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * URLs of Alertmanagers, with scheme; `dnssrv+http://…` is looked up.
   * @default - alerts go nowhere
   */
  readonly alertmanagers?: string[];
  /**
   * Addresses of Query, `host:port` or `dnssrv+_http._tcp.…`, or URLs.
   * @default - in a stack its Query
   */
  readonly queries?: string[];
  /**
   * Rules. A change rolls the pods.
   * @default - none
   */
  readonly rules?: RuleGroup[];
  /**
   * Names of ConfigMaps that exist and hold rule files (`*.yaml`, `*.yml`).
   * @default - none
   */
  readonly ruleConfigMaps?: string[];
  /**
   * Time between evaluations.
   * @default - Thanos' own, 1 minute
   */
  readonly evaluationInterval?: Duration;
  /**
   * How long the results stay on the pods (`--tsdb.retention`); longer than an outage of the bucket.
   * @default - Thanos' own, 48 hours
   */
  readonly retention?: Duration;
  /**
   * URL of Query as people reach it, for the links in alerts.
   * @default - Thanos' own
   */
  readonly alertQueryUrl?: string;
  /**
   * Labels of every series and block, beside `rule_replica`. Two clusters on one bucket need different ones.
   * @default - none
   */
  readonly externalLabels?: { [name: string]: string };
  /**
   * The volume.
   * @default - 10 GiB each
   */
  readonly storage?: StorageOptions;
}

/** Properties of a Ruler. */
export interface RulerProps extends RulerOptions, ComponentPlacementProps, OptionalBucketProps {}

const FIELDS = [
  'replicas',
  'alertmanagers',
  'queries',
  'rules',
  'ruleConfigMaps',
  'evaluationInterval',
  'retention',
  'alertQueryUrl',
  'externalLabels',
  'storage',
  'objstore',
  'preflightInit',
];
const REPLICA_LABEL = 'rule_replica';
const RULES_DIRECTORY = '/etc/thanos/rules';
const RULES_FILE = 'rules.yaml';

/**
 * Thanos Rule: evaluates rules over Query, sends alerts, and uploads what it recorded
 * (https://thanos.io/tip/components/rule.md/).
 *
 * @throws where it has no Query to ask, or a rule or URL is one that Thanos refuses
 */
export class Ruler extends BucketComponent implements IStoreApi {
  public readonly replicaLabel?: string = REPLICA_LABEL;
  readonly #ruleSources: RuleSources;

  constructor(scope: Construct, id: string, props: RulerProps) {
    super(scope, id, props);
    this.#ruleSources = this.#placeRules(props);
    this._place({
      replicas: props.replicas ?? 2,
      ports: { http: HTTP_PORT, grpc: GRPC_PORT },
      pod: {
        args: this.#args(props),
        env: [POD_NAME_ENV],
        volumes: this.#ruleSources.volumes,
        mounts: [{ name: DATA_VOLUME, mountPath: DATA_DIRECTORY }, ...this.#ruleSources.mounts],
        annotations: this.#ruleSources.annotations,
        requests: { cpu: '50m', memory: Size.mebibytes(256) },
        patience: 4,
        graceSeconds: 120,
      },
      stateful: {
        claim: checked(this, 'storage', () => dataClaim(props.storage ?? {}, Size.gibibytes(10), this.selector)),
      },
    });
    if (props.objstore) this._writesTo(props.objstore, 'ruler', props.externalLabels ?? {});
    if (!props.alertmanagers?.length)
      this._registry.warn(`${this.node.path}: alertmanagers: none given, so alerts are sent nowhere`);
  }

  /** @internal */
  protected override get _kind(): ComponentKind {
    return { component: 'ruler', fields: FIELDS };
  }

  public get storeApiAddress(): string {
    return this._identity.srv('grpc');
  }

  #args(props: RulerProps): string[] {
    const labels = checked(this, 'externalLabels', () => labelValues(REPLICA_LABEL, props.externalLabels ?? {}));
    const flags = commonFlags(['rule'], props)
      .set('--data-dir', DATA_DIRECTORY)
      .each('--label', labels)
      .each('--alert.label-drop', [REPLICA_LABEL])
      .each('--query', this.#queries(props).map(argLiteral))
      .each(
        '--alertmanagers.url',
        checked(this, 'alertmanagers', () => (props.alertmanagers ?? []).map(alertmanagerUrl)).map(argLiteral),
      )
      .set('--alert.query-url', props.alertQueryUrl && argLiteral(props.alertQueryUrl))
      .each('--rule-file', this.#ruleSources.files)
      .set(
        '--eval-interval',
        checked(this, 'evaluationInterval', () => props.evaluationInterval && goDuration(props.evaluationInterval)),
      )
      .set(
        '--tsdb.retention',
        checked(this, 'retention', () => props.retention && prometheusDuration(props.retention)),
      );
    return checked(this, 'extraArgs', () => flags.override(props.extraArgs ?? [])).toArgs();
  }

  #queries(props: RulerProps): string[] {
    const queries = props.queries ?? [];
    const elsewhere = props.extraArgs?.some((arg) =>
      /^--(query\.config|query\.sd-files|grpc-query-endpoint)/.test(arg),
    );
    if (queries.length === 0 && !elsewhere)
      throw problem(
        this,
        'queries',
        `is empty: a ruler needs a Query to ask. Give ${found(identityOf({}, 'query').serviceSrv('http'))}, or a query in the stack`,
      );
    return checked(this, 'queries', () => queries.map(queryAddress));
  }

  #placeRules(props: RulerProps): RuleSources {
    const inline =
      props.rules && props.rules.length > 0 ? checked(this, 'rules', () => rulesFile(props.rules!)) : undefined;
    const names = checked(this, 'ruleConfigMaps', () => distinctNames(props.ruleConfigMaps ?? []));
    const inlineName = this._identity.object('rules');
    if (inline) {
      const metadata = { name: inlineName, namespace: this.namespace, labels: this.selector };
      place(this, 'Rules', KubeConfigMap.manifest({ metadata, data: { [RULES_FILE]: inline } }));
    }
    const mounted = [...(inline ? [inlineName] : []), ...names];
    return {
      volumes: mounted.map((name, i) => ({ name: `rules-${i}`, configMap: { name } })),
      mounts: mounted.map((name, i) => ({
        name: `rules-${i}`,
        mountPath: `${RULES_DIRECTORY}/${name}`,
        readOnly: true,
      })),
      files: mounted.map((name) => `${RULES_DIRECTORY}/${name}/*.y*ml`),
      // Thanos re-reads rule files only when told to, so a change rolls the pods
      annotations: inline ? { 'checksum/rules': checksum({ rules: inline }) } : {},
    };
  }
}

interface RuleSources {
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
  readonly files: string[];
  readonly annotations: Record<string, string>;
}

function distinctNames(names: string[]): string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputProblem(`${found(twice)} appears twice`);
  return names.map(objectName);
}

function alertmanagerUrl(url: string): string {
  if (/^(dns\+|dnssrv\+|dnssrvnoa\+)?https?:\/\/[^\s/]+/.test(url) && !/\s/.test(url)) return url;
  throw new InputProblem(
    `${found(url)} is not a URL with a scheme; write "http://alertmanager:9093" or "dnssrv+http://_web._tcp.alertmanager"`,
  );
}

function queryAddress(address: string): string {
  if (typeof address === 'string' && address !== '' && !/\s/.test(address)) return address;
  throw new InputProblem(`${found(address)} is empty or has blanks; write "host:port", a dnssrv+ name or a URL`);
}
