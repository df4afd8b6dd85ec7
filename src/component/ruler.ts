import { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { requireAllAsked } from '../app/same-app';
import type { ComponentPlacementProps } from '../pod/component-options';
import { STORAGE } from '../pod/storage';
import type { PrometheusRuleSource } from '../rules/prometheus-rule-source';
import type { RuleGroup } from '../rules/rules';
import { argLiteral } from '../support/escape';
import { identityOf } from '../support/identity';
import { objectName } from '../support/names';
import { checked, found, InputProblem, problem } from '../support/problem';
import { duration, durationOrZero, int32, listOf, struct, wholeNumber } from '../support/rows';
import { later } from '../support/table';
import { isHttpUrl } from '../support/url';
import { goDuration, prometheusDuration } from '../support/units';
import { BucketComponent } from './bucket-component';
import type { OptionalBucketProps } from './bucket-props';
import { externalLabels, labelName, labelValues, POD_NAME_ENV, RULE_REPLICA, writesBlocks } from './external-labels';
import type { Context } from './context';
import { type Kind, ofKind } from './kind';
import { type Arg, flag, noFlag, written } from './option';
import { type IQueryApi, QUERY_API } from './query-api';
import { READ_LIMITS, readLimitFlags } from './read-limits';
import { placeRemoteWrite, REMOTE_WRITE_FILE } from './remote-write';
import { remoteWrites } from './remote-write-options';
import { RULE_RELOAD } from './rule-reload';
import type { RulerOptions } from './ruler-options';
import { queryFlags } from './ruler-queries';
import { filesOf, mountedRules, ownConfigMaps, placeRules } from './ruler-rules';
import { type MountedFile, secretFileExtras, secretFilePath } from './mounted-file';
import { SECRET_FILE, type SecretFileOptions } from './secret-file';
import { SETTLE_SECONDS } from './settle';
import type { IStoreApi } from './store-api';
import { httpClientExtras, requireReach, trustOf } from './tls/ask-http';
import { GRPC_TLS, grpcServerFlags } from './tls/grpc-tls';
import { firstTwice } from '../support/twice';
import { WEB_PREFIX, webPrefixFlags } from './web-prefix';
import { REQUEST_LOGGING } from './request-logging';

/** Properties of a Ruler. */
export interface RulerProps extends RulerOptions, ComponentPlacementProps, OptionalBucketProps {
  /**
   * Queries of this app that it asks, beside those of `queries`.
   * @default - none
   */
  readonly queryApis?: IQueryApi[];
}

const QUERY_FILE: MountedFile = { name: 'query-config', key: 'query.yml' };
const ALERTMANAGERS_FILE: MountedFile = { name: 'alertmanager-config', key: 'alertmanagers.yml' };

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
  settleSeconds: () => SETTLE_SECONDS,
  options: {
    requestLogging: REQUEST_LOGGING,
    replicas: noFlag(int32(0)),
    storage: { read: struct(STORAGE), args: (_, { identity }) => [['--data-dir', identity.dataPath]] },
    externalLabels: {
      read: externalLabels(RULE_REPLICA),
      args: (labels = {}) => [
        ...written('--label', labelValues(RULE_REPLICA, labels)),
        ['--alert.label-drop', RULE_REPLICA],
      ],
    },
    dropAlertLabels: flag('--alert.label-drop', listOf(labelName), (labels) => labels),
    queryApis: noFlag(listOf(QUERY_API)),
    queries: {
      read: listOf(queryAddress),
      args: (further = [], { props: { queryApis = [] } }) => queryFlags(queryApis, further),
    },
    queryConfig: {
      read: SECRET_FILE,
      args: (file, { props }) => {
        const asked = (['queries', 'queryApis'] as const).find((prop) => (props[prop] ?? []).length > 0);
        return fileFlag('--query.config-file', QUERY_FILE, file, asked);
      },
    },
    alertmanagers: flag('--alertmanagers.url', listOf(alertmanagerUrl), (urls) => urls.map(argLiteral)),
    alertmanagerConfig: {
      read: SECRET_FILE,
      args: (file, { props }) =>
        fileFlag('--alertmanagers.config-file', ALERTMANAGERS_FILE, file, props.alertmanagers && 'alertmanagers'),
    },
    alertmanagerTimeout: flag('--alertmanagers.send-timeout', duration, goDuration),
    alertQueryUrl: flag('--alert.query-url', pageUrl, argLiteral),
    rules: {
      read: givenList<RuleGroup>,
      args: (_, context) => written('--rule-file', ownConfigMaps(context).map(filesOf)),
    },
    prometheusRules: noFlag(givenList<PrometheusRuleSource>),
    ruleConfigMaps: flag('--rule-file', distinctNames, (names) => names.map(filesOf)),
    ruleReload: noFlag(RULE_RELOAD),
    remoteWrite: {
      read: later(() => remoteWrites),
      args: (writes, { props }) => {
        if (writes && props.objstore)
          throw new InputProblem(
            'is given together with objstore: a ruler that sends its results away has no blocks to upload. Drop one of the two',
          );
        return written('--remote-write.config-file', writes && REMOTE_WRITE_FILE);
      },
    },
    evaluationInterval: flag('--eval-interval', duration, goDuration),
    queryOffset: flag('--rule-query-offset', durationOrZero, (offset) => goDuration(offset, true)),
    concurrentEvaluations: flag('--rule-concurrent-evaluation', wholeNumber(1), (most) => most),
    resendDelay: flag('--resend-delay', durationOrZero, (delay) => goDuration(delay, true)),
    forOutageTolerance: flag('--for-outage-tolerance', durationOrZero, (time) => goDuration(time, true)),
    forGracePeriod: flag('--for-grace-period', durationOrZero, (time) => goDuration(time, true)),
    restoreIgnoredLabels: flag('--restore-ignored-label', listOf(labelName), (labels) => labels),
    limits: { read: struct(READ_LIMITS), args: readLimitFlags },
    web: { read: WEB_PREFIX, args: webPrefixFlags },
    retention: flag('--tsdb.retention', duration, prometheusDuration),
    grpcTls: { read: GRPC_TLS, args: grpcServerFlags },
  },
  plan: (context) => {
    const { props } = context;
    const parts = [
      placeRules(context),
      secretFileExtras(QUERY_FILE, props.queryConfig),
      secretFileExtras(ALERTMANAGERS_FILE, props.alertmanagerConfig),
      props.remoteWrite ? placeRemoteWrite(context) : {},
    ];
    const asked = httpClientExtras(context, 'queryApis', trustsOf(props));
    parts.push(asked);
    return {
      env: [POD_NAME_ENV, ...asked.env],
      volumes: parts.flatMap(({ volumes = [] }) => volumes),
      mounts: parts.flatMap(({ mounts = [] }) => mounts),
      annotations: Object.assign({}, ...parts.map(({ annotations }) => annotations)),
      sidecars: parts.flatMap(({ sidecars = [] }) => sidecars),
    };
  },
  judge: (context, flags) => {
    if (!flags.has(/^--(query|query\.config(-file)?|query\.sd-files|grpc-query-endpoint)$/))
      throw problem(
        context.construct,
        'queries',
        `is empty: a ruler needs a Query to ask. Give ${found(identityOf({}, 'query').serviceSrv('http'))}, or a query in the stack`,
      );
    if (!flags.has(/^--alertmanagers\.(url|config|config-file)$/))
      context.warn('alertmanagers', 'none given, so alerts are sent nowhere');
    judgeIdle(context);
    judgeHttp(context);
    const { construct, props } = context;
    checked(construct, 'queryApis', () => requireAllAsked(construct, props.queryApis ?? [], 'queries'));
    context.registry.link(construct, props.queryApis ?? [], 'http');
    writesBlocks(context, flags);
  },
};

/** Options that do nothing beside the others. */
function judgeIdle(context: Context<RulerProps>): void {
  const { props, warn } = context;
  if (props.remoteWrite) {
    if (props.retention) warn('retention', 'has no effect with remoteWrite, with which no results stay on the pods');
    if (props.limits) warn('limits', 'has no effect with remoteWrite, with which there is no StoreAPI');
  } else if (props.restoreIgnoredLabels) warn('restoreIgnoredLabels', 'has no effect without remoteWrite');
  if (props.alertmanagerConfig && props.alertmanagerTimeout)
    warn('alertmanagerTimeout', 'has no effect with alertmanagerConfig, which says it itself');
  if (props.ruleReload && mountedRules(context).length === 0)
    warn('ruleReload', 'has no rules to look at; give rules or ruleConfigMaps');
}

/** Whom it asks, and who asks it, over HTTP. */
function judgeHttp({ construct, identity, props }: Context<RulerProps>): void {
  for (const trust of trustsOf(props)) checked(construct, 'queryApis', () => requireReach(identity, trust));
  if (props.ruleReload && props.httpConfig?._settings().basicAuth)
    throw problem(
      construct,
      'ruleReload',
      'has no password to give, and httpConfig asks for one. Drop ruleReload, and changed rules roll the pods; or give the ruler an httpConfig without basicAuth',
    );
}

function trustsOf({ queryApis = [] }: RulerProps) {
  return queryApis.flatMap((api) => trustOf(api) ?? []);
}

/**
 * Thanos Rule: evaluates rules over Query, sends alerts, and uploads what it recorded
 * (https://thanos.io/tip/components/rule.md/).
 *
 * @throws where it has no Query to ask, or a rule or URL is one that Thanos refuses
 */
export class Ruler extends BucketComponent implements IStoreApi {
  public readonly replicaLabel?: string = RULE_REPLICA;

  constructor(scope: Construct, id: string, props: RulerProps) {
    super(scope, id, ofKind(KIND, props));
  }

  public get storeApiAddress(): string {
    return this._identity.srv('grpc');
  }
}

/** Thanos refuses a file together with the flags in whose place it stands. */
function fileFlag(name: string, place: MountedFile, file: SecretFileOptions | undefined, other?: string): Arg[] {
  if (file && other !== undefined)
    throw new InputProblem(`is given together with ${other}, which Thanos refuses; give one of the two`);
  return written(name, file && secretFilePath(place, file));
}

/** What the list holds is judged where the files are written. */
function givenList<T>(list: T[]): T[] {
  if (Array.isArray(list)) return list;
  throw new InputProblem(`is ${found(list)}, not a list`);
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
