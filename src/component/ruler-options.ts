import type { Duration } from 'cdk8s';
import type { ComponentOptions } from '../pod/component-options';
import type { StorageOptions } from '../pod/storage';
import type { PrometheusRuleSource } from '../rules/prometheus-rule-source';
import type { RuleGroup } from '../rules/rules';
import type { ReadLimitsOptions } from './read-limits';
import type { RemoteWriteOptions } from './remote-write-options';
import type { RuleReloadOptions } from './rule-reload';
import type { SecretFileOptions } from './secret-file';
import type { WebPrefixOptions } from './web-prefix';
import type { RequestLoggingProps } from './request-logging';
import type { GrpcPartOptions } from './tls/grpc-tls';
import type { HttpPartOptions } from './tls/http-config';

/** What a Ruler can be told. */
export interface RulerOptions extends ComponentOptions, GrpcPartOptions, HttpPartOptions, RequestLoggingProps {
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
   * Rules. A change rolls the pods, or makes them read again where there is a `ruleReload`.
   * @default - none
   */
  readonly rules?: RuleGroup[];
  /**
   * PrometheusRules that others write, each a file of a ConfigMap that is made here. A change rolls the pods as one of `rules`.
   * @default - none
   */
  readonly prometheusRules?: PrometheusRuleSource[];
  /**
   * Names of ConfigMaps that exist and hold rule files (`*.yaml`, `*.yml`). Changes are seen with `ruleReload` alone.
   * @default - none
   */
  readonly ruleConfigMaps?: string[];
  /**
   * A sidecar that makes running pods read changed rules, those of ConfigMaps too (`{}` for its defaults). It sees the rules
   * alone.
   * @default - none: rules that are given here roll the pods, a ConfigMap's change does nothing
   */
  readonly ruleReload?: RuleReloadOptions;
  /**
   * Send what the rules record there, in place of keeping it and uploading blocks: a stateless ruler, without a bucket.
   * @default - none: results stay on the pods, and are uploaded where there is a bucket
   */
  readonly remoteWrite?: RemoteWriteOptions[];
  /**
   * Config of the Alertmanagers with TLS or passwords (https://thanos.io/tip/components/rule.md/#alertmanager), key
   * `alertmanagers.yml` where none is given. In place of `alertmanagers`.
   * @default - alertmanagers
   */
  readonly alertmanagerConfig?: SecretFileOptions;
  /**
   * Config of the Queries with TLS or passwords (https://thanos.io/tip/components/rule.md/#query-api), key `query.yml` where
   * none is given. In place of `queries`.
   * @default - queries
   */
  readonly queryConfig?: SecretFileOptions;
  /**
   * Longest time of sending alerts (`--alertmanagers.send-timeout`).
   * @default - Thanos' own, 10 seconds
   */
  readonly alertmanagerTimeout?: Duration;
  /**
   * Further labels that alerts lose before they are sent (`--alert.label-drop`), beside `rule_replica`.
   * @default - none
   */
  readonly dropAlertLabels?: string[];
  /**
   * Time between evaluations.
   * @default - Thanos' own, 1 minute
   */
  readonly evaluationInterval?: Duration;
  /**
   * Rules look at the past by so much, for samples that arrive late (`--rule-query-offset`).
   * @default - Thanos' own, none
   */
  readonly queryOffset?: Duration;
  /**
   * Rules of a group that are evaluated at a time, where they do not depend on each other
   * (`--rule-concurrent-evaluation`).
   * @default - Thanos' own, 1
   */
  readonly concurrentEvaluations?: number;
  /**
   * An alert that goes on firing is sent again after so long (`--resend-delay`).
   * @default - Thanos' own, 1 minute
   */
  readonly resendDelay?: Duration;
  /**
   * Longest outage of the ruler after which an alert's `for` goes on where it was (`--for-outage-tolerance`).
   * @default - Thanos' own, 1 hour
   */
  readonly forOutageTolerance?: Duration;
  /**
   * An alert whose `for` was restored waits at least so long (`--for-grace-period`).
   * @default - Thanos' own, 10 minutes
   */
  readonly forGracePeriod?: Duration;
  /**
   * Labels that are left out where a stateless ruler looks for the state of its alerts (`--restore-ignored-label`): those
   * that its receivers add, such as `receive_replica` and `tenant_id`.
   * @default - none
   */
  readonly restoreIgnoredLabels?: string[];
  /**
   * What one call of its StoreAPI may read.
   * @default - Thanos' own, no limits
   */
  readonly limits?: ReadLimitsOptions;
  /**
   * Serving its page below a path.
   * @default - at the root
   */
  readonly web?: WebPrefixOptions;
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
