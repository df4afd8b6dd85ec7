import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { place } from '../app/place';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { STORAGE, type StorageOptions } from '../pod/storage';
import { type RuleGroup, rulesFile } from '../rules/rules';
import { checksum } from '../support/checksum';
import { argLiteral } from '../support/escape';
import { identityOf } from '../support/identity';
import { KubeConfigMap } from '../support/k8s';
import { objectName } from '../support/names';
import { checked, found, InputProblem, problem } from '../support/problem';
import { duration, int32, listOf, struct } from '../support/rows';
import { isHttpUrl } from '../support/url';
import { goDuration, prometheusDuration } from '../support/units';
import { BucketComponent } from './bucket-component';
import type { OptionalBucketProps } from './bucket-props';
import { externalLabels, labelValues, POD_NAME_ENV, writesBlocks } from './external-labels';
import type { Context } from './context';
import { type Extras, type Kind, ofKind } from './kind';
import { flag, noFlag, written } from './option';
import { type IQueryApi, QUERY_API } from './query-api';
import type { IStoreApi } from './store-api';
import { firstTwice } from '../support/twice';

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
export interface RulerProps extends RulerOptions, ComponentPlacementProps, OptionalBucketProps {
  /**
   * Queries of this app that it asks, beside those of `queries`.
   * @default - none
   */
  readonly queryApis?: IQueryApi[];
}

const REPLICA_LABEL = 'rule_replica';
const RULES_DIRECTORY = '/etc/thanos/rules';
const RULES_FILE = 'rules.yaml';

const KIND: Kind<RulerProps> = {
  component: 'ruler',
  command: ['rule'],
  ports: ['http', 'grpc'],
  workload: 'StatefulSet',
  replicas: 2,
  volume: Size.gibibytes(10),
  bucket: 'optional',
  requests: { cpu: '50m', memory: Size.mebibytes(256) },
  patience: 4,
  graceSeconds: 120,
  options: {
    replicas: noFlag(int32(0)),
    storage: { read: struct(STORAGE), args: (_, { identity }) => [['--data-dir', identity.dataPath]] },
    externalLabels: {
      read: externalLabels(REPLICA_LABEL),
      args: (labels = {}) => [
        ...written('--label', labelValues(REPLICA_LABEL, labels)),
        ['--alert.label-drop', REPLICA_LABEL],
      ],
    },
    queryApis: noFlag(listOf(QUERY_API)),
    queries: {
      read: listOf(queryAddress),
      args: (further = [], { props: { queryApis = [] } }) =>
        written('--query', [...queryApis.map((api) => api.queryApiAddress), ...further].map(argLiteral)),
    },
    alertmanagers: flag('--alertmanagers.url', listOf(alertmanagerUrl), (urls) => urls.map(argLiteral)),
    alertQueryUrl: flag('--alert.query-url', pageUrl, argLiteral),
    rules: { read: ruleList, args: (_, context) => written('--rule-file', inlineFolders(context).map(filesOf)) },
    ruleConfigMaps: flag('--rule-file', distinctNames, (names) => names.map(filesOf)),
    evaluationInterval: flag('--eval-interval', duration, goDuration),
    retention: flag('--tsdb.retention', duration, prometheusDuration),
  },
  plan: (context) => ({ env: [POD_NAME_ENV], ...placeRules(context) }),
  judge: (context, flags) => {
    if (!flags.has(/^--(query|query\.config(-file)?|query\.sd-files|grpc-query-endpoint)$/))
      throw problem(
        context.construct,
        'queries',
        `is empty: a ruler needs a Query to ask. Give ${found(identityOf({}, 'query').serviceSrv('http'))}, or a query in the stack`,
      );
    if (!flags.has(/^--alertmanagers\.(url|config|config-file)$/))
      context.warn('alertmanagers', 'none given, so alerts are sent nowhere');
    context.registry.link(context.construct, context.props.queryApis ?? [], 'http');
    writesBlocks(context, flags);
  },
};

/**
 * Thanos Rule: evaluates rules over Query, sends alerts, and uploads what it recorded
 * (https://thanos.io/tip/components/rule.md/).
 *
 * @throws where it has no Query to ask, or a rule or URL is one that Thanos refuses
 */
export class Ruler extends BucketComponent implements IStoreApi {
  public readonly replicaLabel?: string = REPLICA_LABEL;

  constructor(scope: Construct, id: string, props: RulerProps) {
    super(scope, id, ofKind(KIND, props));
  }

  public get storeApiAddress(): string {
    return this._identity.srv('grpc');
  }
}

/** The ConfigMap of the rules that are given here; none where there are none. */
function inlineFolders({ identity, props }: Context<RulerProps>): string[] {
  return props.rules && props.rules.length > 0 ? [identity.object('rules')] : [];
}

function filesOf(configMap: string): string {
  return `${folderOf(configMap)}/*.y*ml`;
}

function folderOf(configMap: string): string {
  return `${RULES_DIRECTORY}/${configMap}`;
}

function placeRules(context: Context<RulerProps>): Extras {
  const { construct, identity, props } = context;
  const [name] = inlineFolders(context);
  const rules = name === undefined ? undefined : checked(construct, 'rules', () => rulesFile(props.rules!));
  if (rules !== undefined) {
    const metadata = { name, namespace: identity.namespace, labels: { ...identity.selector } };
    place(construct, 'Rules', KubeConfigMap.manifest({ metadata, data: { [RULES_FILE]: rules } }));
  }
  const mounted = [...inlineFolders(context), ...(props.ruleConfigMaps ?? [])];
  return {
    volumes: mounted.map((configMap, i) => ({ name: `rules-${i}`, configMap: { name: configMap } })),
    mounts: mounted.map((configMap, i) => ({ name: `rules-${i}`, mountPath: folderOf(configMap), readOnly: true })),
    // Thanos re-reads rule files only when told to, so a change rolls the pods
    annotations: rules === undefined ? {} : { 'checksum/rules': checksum({ rules }) },
  };
}

/** What the groups hold is judged where the file is written. */
function ruleList(groups: RuleGroup[]): RuleGroup[] {
  if (Array.isArray(groups)) return groups;
  throw new InputProblem(`is ${found(groups)}, not a list`);
}

function distinctNames(given: string[]): string[] {
  const names = listOf(objectName)(given);
  const twice = firstTwice(names);
  if (twice !== undefined) throw new InputProblem(`${found(twice)} appears twice`);
  return names;
}

function alertmanagerUrl(url: string): string {
  if (typeof url === 'string' && isHttpUrl(url.replace(/^(dns|dnssrv|dnssrvnoa)\+/, ''))) return url;
  throw new InputProblem(
    `${found(url)} is not a URL with a scheme; write "http://alertmanager:9093" or "dnssrv+http://_web._tcp.alertmanager"`,
  );
}

function pageUrl(url: unknown): string {
  if (isHttpUrl(url)) return url;
  throw new InputProblem(`${found(url)} is not a URL with a scheme; write such as "https://thanos.example.com"`);
}

function queryAddress(address: string): string {
  if (typeof address === 'string' && address !== '' && !/\s/.test(address)) return address;
  throw new InputProblem(`${found(address)} is empty or has blanks; write "host:port", a dnssrv+ name or a URL`);
}
