import type { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import type { ThanosComponent } from '../component/thanos-component';
import { CertificateAlerts, type CertificateAlertsOptions } from '../monitoring/certificate-alerts';
import type { MonitoringOptions } from '../monitoring/monitoring-options';
import { ThanosPodMonitor } from '../monitoring/pod-monitor';
import { ThanosAlerts } from '../monitoring/thanos-alerts';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { problem } from '../support/problem';
import type { ThanosStackProps } from './thanos-stack-props';

interface Parts extends Construct {
  readonly components: ThanosComponent[];
  readonly objstore?: ObjstoreConfig;
}

interface Watch {
  readonly alerts?: ThanosAlerts;
  readonly podMonitor?: ThanosPodMonitor;
}

/** What watches the components of a stack. */
export function watch(stack: Parts, { monitoring, networkPolicies }: ThanosStackProps): Watch {
  const { alerts, podMonitor }: MonitoringOptions = monitoring ?? {};
  const { components } = stack;
  if (!alerts && !podMonitor) return {};
  if (components.length === 0)
    throw problem(stack, 'monitoring', 'has no component to watch. Add one, such as receiver: {}');
  if (networkPolicies && !networkPolicies.prometheus)
    appChecks(stack).warn(
      stack,
      'networkPolicies',
      'prometheus: is not given, so no policy lets in who reads the metrics that monitoring asks for. Name your Prometheus',
    );
  const [{ instance, namespace }] = components;
  return {
    alerts: alerts && new ThanosAlerts(stack, 'Alerts', { ...alerts, components }),
    podMonitor: podMonitor && new ThanosPodMonitor(stack, 'PodMonitor', { ...podMonitor, instance, namespace }),
  };
}

/** The alerts before the bucket's certificates expire. The stack has a bucket where they are asked for. */
export function newCertificateAlerts(stack: Parts, options: CertificateAlertsOptions): CertificateAlerts {
  return new CertificateAlerts(stack, 'CertificateAlerts', { ...options, objstore: stack.objstore! });
}
