import { type X509Certificate } from 'node:crypto';
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { requirePropsOfApp } from '../app/same-app';
import { notAfter, subjectOf } from '../pki/certificate';
import { parsePemBundle } from '../pki/pem-bundle';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { REQUIRED_OBJSTORE } from '../objstore/objstore-row';
import { sharedObject } from '../support/identity';
import { found, InputProblem, problem } from '../support/problem';
import { duration, labelMap, text } from '../support/rows';
import { readProps, type StructTable } from '../support/table';
import { milliseconds } from '../support/units';
import { PrometheusRules } from '../rules/prometheus-rules';
import type { RuleGroup, RuleOptions } from '../rules/rules';
import { runbook, RUNBOOK_URL } from './alerts/runbook';

/** What CertificateAlerts can be told. */
export interface CertificateAlertsOptions {
  /**
   * Metric with the end of the S3 server's certificate, Unix seconds. The blackbox exporter serves the default one;
   * `ssl_certificate_not_after` is another.
   * @default probe_ssl_earliest_cert_expiry
   */
  readonly serverMetric?: string;
  /**
   * Labels of that metric, as PromQL writes them inside the braces: `job="minio"`.
   * @default - none: every probed certificate
   */
  readonly serverSelector?: string;
  /**
   * How long before the end a warning fires.
   * @default Duration.days(30)
   */
  readonly warning?: Duration;
  /**
   * How long before the end a critical alert fires.
   * @default Duration.days(7)
   */
  readonly critical?: Duration;
  /**
   * Where the runbooks lie, a URL; each alert's page is `<URL>/<name of the alert>.md`. They are in docs/runbooks of this
   * library, to be copied to where your team reads.
   * @default - that of the stack's `monitoring.alerts`; none beside a stack
   */
  readonly runbookUrl?: string;
  /**
   * Labels by which a Prometheus of the operator finds the PrometheusRule.
   * @default - the stack's two
   */
  readonly labels?: { [key: string]: string };
}

/** Properties of CertificateAlerts. */
export interface CertificateAlertsProps extends CertificateAlertsOptions {
  /** The bucket whose CA and server are watched. */
  readonly objstore: ObjstoreConfig;
}

/** What the blackbox exporter serves. */
export const SERVER_METRIC = 'probe_ssl_earliest_cert_expiry';
const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

const PROPS: StructTable<CertificateAlertsProps> = {
  serverMetric: metricName,
  serverSelector: text,
  warning: duration,
  critical: duration,
  runbookUrl: RUNBOOK_URL,
  labels: labelMap,
  objstore: REQUIRED_OBJSTORE,
};

/**
 * Alerts before the CA and the S3 server's certificate expire, as a PrometheusRule.
 *
 * The CA's need no exporter: the end of each root is known at synth and stands in the rule. Where the CA is only
 * referenced, they are left out, and synth warns unless an exporter is named.
 */
export class CertificateAlerts extends Construct {
  /** The rules, for a Ruler's `rules` where no Prometheus operator runs. */
  public readonly groups: RuleGroup[];
  /** The PrometheusRule, for patches. */
  public readonly prometheusRules: PrometheusRules;

  constructor(scope: Construct, id: string, given: CertificateAlertsProps) {
    super(scope, id);
    appChecks(this).nameAfter(this, { prop: 'objstore', advice: 'Make one CertificateAlerts for each bucket' });
    const props = readProps(this, PROPS, given);
    requirePropsOfApp(this, { objstore: props.objstore });
    const { objstore, labels, warning = Duration.days(30), critical = Duration.days(7) } = props;
    const lead = { warning: leadSeconds(warning), critical: leadSeconds(critical) };
    if (lead.critical >= lead.warning)
      throw problem(this, 'critical', 'is not later than warning; it must fire nearer to the end');
    this.#warnOfUnknownEnd(props);
    const series = serverSeries(props);
    const roots =
      objstore._caPem === undefined ? [] : parsePemBundle(objstore._caPem, { allowLeaf: true }).certificates;
    const rules = [...roots.flatMap((root) => caRules(root, lead)), ...serverRules(series, lead)];
    this.groups = [{ name: 's3-certificates', rules: rules.map((rule) => documented(rule, props.runbookUrl)) }];
    const { instance, namespace } = objstore;
    const { name } = sharedObject(instance, 'certificateAlerts');
    this.prometheusRules = new PrometheusRules(this, 'Rules', {
      name,
      instance,
      namespace,
      labels,
      groups: this.groups,
    });
  }

  /** A referenced CA is watched by an exporter or by nobody; who names a metric or its labels has one. */
  #warnOfUnknownEnd({ objstore, serverMetric, serverSelector }: CertificateAlertsProps): void {
    if (objstore.caFile === undefined || objstore._caPem !== undefined) return;
    if (serverMetric !== undefined || serverSelector !== undefined) return;
    appChecks(this).warn(
      this,
      'objstore',
      'its CA is only referenced, so synth does not know when it ends and no alert tells. Give the CA as text or file, or watch it with an exporter and name its metric in serverMetric',
    );
  }
}

interface Lead {
  readonly warning: number;
  readonly critical: number;
}

/** A warning that held for a day, and a critical alert at once. */
function pair(
  alert: string,
  expr: (lead: number) => string,
  lead: Lead,
  summary: string,
  description: string,
): RuleOptions[] {
  const annotations = { summary, description };
  return [
    { alert, expr: expr(lead.warning), for: Duration.hours(24), labels: { severity: 'warning' }, annotations },
    { alert, expr: expr(lead.critical), labels: { severity: 'critical' }, annotations },
  ];
}

function documented(rule: RuleOptions, url: string | undefined): RuleOptions {
  return { ...rule, annotations: { ...rule.annotations, ...runbook(rule.alert!, url) } };
}

function caRules(root: X509Certificate, lead: Lead): RuleOptions[] {
  const end = notAfter(root);
  const seconds = Math.floor(end.getTime() / 1000);
  return pair(
    'S3CaExpiring',
    (before) => `vector(time()) > ${seconds - before}`,
    lead,
    `The CA ${subjectOf(root)} of the S3 store expires on ${end.toISOString()}`,
    'Give a bundle of the old and the new CA, roll, change the server certificate, then drop the old CA.',
  ).map((rule) => ({
    ...rule,
    labels: { ...rule.labels, fingerprint: root.fingerprint256.replaceAll(':', '').slice(0, 16).toLowerCase() },
  }));
}

function serverRules(series: string, lead: Lead): RuleOptions[] {
  return pair(
    'S3CertificateExpiring',
    (before) => `${series} - time() < ${before}`,
    lead,
    "The S3 server's certificate expires in {{ $value | humanizeDuration }}",
    'Renew it from a CA that the pods trust; Thanos needs no restart for that.',
  );
}

/**
 * Series with the end of the server's certificate.
 * @internal
 */
export function serverSeries({ serverMetric = SERVER_METRIC, serverSelector }: CertificateAlertsOptions): string {
  return serverSelector === undefined ? serverMetric : `${serverMetric}{${serverSelector}}`;
}

/**
 * The name of a metric.
 * @internal
 */
export function metricName(value: unknown): string {
  if (typeof value === 'string' && METRIC.test(value)) return value;
  throw new InputProblem(`${found(value)} is not a metric name`);
}

function leadSeconds(duration: Duration): number {
  return Math.floor(milliseconds(duration) / 1000);
}
