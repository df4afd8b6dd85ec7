import { type X509Certificate } from 'node:crypto';
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { notAfter, parsePemBundle, subjectOf } from '../input/pem-bundle';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { sharedObject } from '../support/identity';
import { checked, found, InputProblem, problem } from '../support/problem';
import { milliseconds } from '../support/units';
import { PrometheusRules } from '../rules/prometheus-rules';
import type { RuleGroup, RuleOptions } from '../rules/rules';

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

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/**
 * Alerts before the CA and the S3 server's certificate expire, as a PrometheusRule.
 *
 * The CA's need no exporter: the end of each root is known at synth and stands in the rule. Where the CA is only
 * referenced, they are left out.
 */
export class CertificateAlerts extends Construct {
  /** The rules, for a Ruler's `rules` where no Prometheus operator runs. */
  public readonly groups: RuleGroup[];
  /** The PrometheusRule, for patches. */
  public readonly prometheusRules: PrometheusRules;

  constructor(scope: Construct, id: string, props: CertificateAlertsProps) {
    super(scope, id);
    if (!props.objstore) throw problem(this, 'objstore', 'is missing. Give an ObjstoreConfig');
    const { objstore, labels } = props;
    const lead = {
      warning: checked(this, 'warning', () => leadSeconds(props.warning ?? Duration.days(30))),
      critical: checked(this, 'critical', () => leadSeconds(props.critical ?? Duration.days(7))),
    };
    if (lead.critical >= lead.warning)
      throw problem(this, 'critical', 'is not later than warning; it must fire nearer to the end');
    const series = checked(this, 'serverMetric', () => serverSeries(props));
    const roots =
      objstore._caPem === undefined ? [] : parsePemBundle(objstore._caPem, { allowLeaf: true }).certificates;
    const rules = [...roots.flatMap((root) => caRules(root, lead)), ...serverRules(series, lead)];
    this.groups = [{ name: 's3-certificates', rules }];
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

function serverSeries({
  serverMetric = 'probe_ssl_earliest_cert_expiry',
  serverSelector,
}: CertificateAlertsOptions): string {
  if (!METRIC.test(serverMetric)) throw new InputProblem(`${found(serverMetric)} is not a metric name`);
  return serverSelector === undefined ? serverMetric : `${serverMetric}{${serverSelector}}`;
}

function leadSeconds(duration: Duration): number {
  return Math.floor(milliseconds(duration) / 1000);
}
