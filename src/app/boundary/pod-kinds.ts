import { groupKind } from '../../manifest/group-kind';

/** Kinds of Kubernetes without pods, by `group/kind`: a custom resource of the same kind may well have some. */
const NO_PODS = new Set([
  ...['/ConfigMap', '/Secret', '/Service', '/ServiceAccount', '/Namespace', '/PersistentVolumeClaim'],
  ...['policy/PodDisruptionBudget', 'networking.k8s.io/NetworkPolicy', 'networking.k8s.io/Ingress'],
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map((kind) => `rbac.authorization.k8s.io/${kind}`),
  'monitoring.coreos.com/PrometheusRule',
]);

/** Custom resources that run pods with what they name (https://prometheus-operator.dev/docs/api-reference/api/). */
const OPERATED = new Set(
  ['Prometheus', 'PrometheusAgent', 'ThanosRuler', 'Alertmanager'].map((kind) => `monitoring.coreos.com/${kind}`),
);

/** Whether an object of this kind can have no pods. */
export function hasNoPods(object: { apiVersion?: unknown; kind?: unknown }): boolean {
  return NO_PODS.has(groupKind(object));
}

/** Whether an operator makes pods of this kind that read whatever Secret the object names. */
export function isOperated(object: { apiVersion?: unknown; kind?: unknown }): boolean {
  return OPERATED.has(groupKind(object));
}

/** What tells Prometheus how to scrape: it reads the Secrets and shows what lies in them to whom it scrapes. */
const MONITORS = new Set(
  ['PodMonitor', 'ServiceMonitor', 'Probe', 'ScrapeConfig'].map((kind) => `monitoring.coreos.com/${kind}`),
);

/** Whether Prometheus gets the Secrets that an object of this kind names. */
export function isMonitor(object: { apiVersion?: unknown; kind?: unknown }): boolean {
  return MONITORS.has(groupKind(object));
}
