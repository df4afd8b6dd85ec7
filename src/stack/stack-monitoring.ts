import type { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { looked } from '../app/finished';
import type { Judge } from '../app/registry';
import { ringConfigMaps } from '../component/hashring';
import type { ThanosComponent } from '../component/thanos-component';
import { CertificateAlerts, SERVER_METRIC, type CertificateAlertsOptions } from '../monitoring/certificate-alerts';
import type { MonitoringOptions } from '../monitoring/monitoring-options';
import { ThanosPodMonitor } from '../monitoring/pod-monitor';
import { StackCheck, type StackCheckOptions } from '../monitoring/stack-check';
import { componentsOf, isWatched, laterComponents, type StackName } from '../monitoring/parts';
import { ThanosAlerts } from '../monitoring/thanos-alerts';
import { annotateForScrape } from '../monitoring/scrape-annotations';
import { ThanosDashboards } from '../monitoring/thanos-dashboards';
import { templateOf } from '../manifest/pod-template';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import type { NetworkPolicies } from '../policy/network-policies';
import type { SecurityOptions } from '../pod/security';
import { problem } from '../support/problem';
import { defined } from './shared-options';
import type { ThanosStackProps } from './thanos-stack-props';

interface Parts extends Construct {
  readonly components: ThanosComponent[];
  readonly objstore?: ObjstoreConfig;
  readonly networkPolicies?: NetworkPolicies;
}

interface Watch {
  readonly alerts?: ThanosAlerts;
  readonly podMonitor?: ThanosPodMonitor;
  readonly dashboards?: ThanosDashboards;
}

/** What watches the components of a stack. */
export function watch(stack: Parts, { monitoring, networkPolicies, certificateAlerts }: ThanosStackProps): Watch {
  const { alerts, podMonitor, scrapeAnnotations, dashboards }: MonitoringOptions = monitoring ?? {};
  const { components, objstore } = stack;
  if (!alerts && !podMonitor && !scrapeAnnotations && !dashboards) return {};
  if (components.length === 0)
    throw problem(stack, 'monitoring', 'has no component to watch. Add one, such as receiver: {}');
  if ((alerts || dashboards) && !components.some(isWatched))
    throw problem(
      stack,
      'monitoring',
      'alerts and dashboards have no pods to watch: those of a schedule come and go, and none stand at 0 replicas. Drop both, or add such as query: {}',
    );
  const [{ instance, namespace }] = components;
  const name = { instance, namespace };
  if (networkPolicies && !networkPolicies.prometheus) appChecks(stack).judges.push(unscraped(stack, name));
  if (scrapeAnnotations) {
    const annotated = (component: ThanosComponent): void => annotateForScrape(component, scrapeAnnotations);
    components.forEach(annotated);
    laterComponents(stack, name, annotated);
  }
  const { serverMetric, serverSelector } = certificateAlerts
    ? { serverMetric: SERVER_METRIC, ...defined(certificateAlerts) }
    : {};
  const watched = alerts && new ThanosAlerts(stack, 'Alerts', { ...alerts, components });
  watched?._watch(() => componentsOf(stack, name));
  const drawn =
    dashboards &&
    new ThanosDashboards(stack, 'Dashboards', { ...dashboards, components, objstore, serverMetric, serverSelector });
  drawn?._watch();
  const scraping = podMonitor && new ThanosPodMonitor(stack, 'PodMonitor', { ...podMonitor, ...name, components });
  scraping?._watch();
  return { alerts: watched, podMonitor: scraping, dashboards: drawn };
}

/** Policies that let nobody to the metrics that are asked for. */
function unscraped(stack: Parts, name: StackName): Judge {
  const advise = (): string[] => {
    const open = (part: ThanosComponent): boolean | undefined =>
      stack.networkPolicies?._letsIn(part, part._identity.port('http'));
    if (componentsOf(stack, name).some(open)) return [];
    return [
      `${stack.node.path}: networkPolicies: prometheus: is not given, so no policy lets in who reads the metrics that monitoring asks for. Name your Prometheus`,
    ];
  };
  return { construct: stack, judge: () => [], advise };
}

/** What checks the stack in the cluster, by the rings of its own receivers and routers too. The stack has a bucket then. */
export function newStackCheck(stack: Parts, options: StackCheckOptions, security?: SecurityOptions): StackCheck {
  const check = new StackCheck(stack, 'Check', {
    security: security?.openShift ? { openShift: true } : undefined,
    ...defined(options),
    objstore: stack.objstore!,
  });
  const { instance, namespace } = stack.objstore!;
  check.role._readRings(() =>
    componentsOf(stack, { instance, namespace }).flatMap(({ workload }) =>
      ringConfigMaps(templateOf(looked(() => workload.toJson()))),
    ),
  );
  return check;
}

/** The alerts before the bucket's certificates expire. The stack has a bucket where they are asked for. */
export function newCertificateAlerts(
  stack: Parts,
  options: CertificateAlertsOptions,
  monitoring?: MonitoringOptions,
): CertificateAlerts {
  const runbookUrl = options.runbookUrl ?? monitoring?.alerts?.runbookUrl;
  return new CertificateAlerts(stack, 'CertificateAlerts', { ...options, runbookUrl, objstore: stack.objstore! });
}
