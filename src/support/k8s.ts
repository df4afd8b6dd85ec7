import type { Json } from './json';
import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';

/**
 * The Kubernetes objects of cdk8s-plus-28: its types, without its code. Loading that code (2.7 MB) costs a tenth of a
 * synth, and mapping by it gives what is written here: Kubernetes' own names, and no undefined. A test compares both.
 */
export type * from 'cdk8s-plus-28/lib/imports/k8s';

export const KubeConfigMap = kind<k8s.KubeConfigMapProps>('v1', 'ConfigMap');
export const KubeCronJob = kind<k8s.KubeCronJobProps>('batch/v1', 'CronJob');
export const KubeDeployment = kind<k8s.KubeDeploymentProps>('apps/v1', 'Deployment');
export const KubeIngress = kind<k8s.KubeIngressProps>('networking.k8s.io/v1', 'Ingress');
export const KubeJob = kind<k8s.KubeJobProps>('batch/v1', 'Job');
export const KubeNamespace = kind<k8s.KubeNamespaceProps>('v1', 'Namespace');
export const KubePodDisruptionBudget = kind<k8s.KubePodDisruptionBudgetProps>('policy/v1', 'PodDisruptionBudget');
export const KubeRole = kind<k8s.KubeRoleProps>('rbac.authorization.k8s.io/v1', 'Role');
export const KubeRoleBinding = kind<k8s.KubeRoleBindingProps>('rbac.authorization.k8s.io/v1', 'RoleBinding');
export const KubeSecret = kind<k8s.KubeSecretProps>('v1', 'Secret');
export const KubeService = kind<k8s.KubeServiceProps>('v1', 'Service', (spec) =>
  respelt(spec, { clusterIp: 'clusterIP', loadBalancerIp: 'loadBalancerIP' }),
);
export const KubeServiceAccount = kind<k8s.KubeServiceAccountProps>('v1', 'ServiceAccount');
export const KubeStatefulSet = kind<k8s.KubeStatefulSetProps>('apps/v1', 'StatefulSet');

/** A quantity is its text. */
export type Quantity = k8s.Quantity;
export const Quantity = { fromString: (text: string) => text as unknown as k8s.Quantity };

/** A number or text is itself. */
export type IntOrString = k8s.IntOrString;
export const IntOrString = {
  fromNumber: (number: number) => number as unknown as k8s.IntOrString,
  fromString: (text: string) => text as unknown as k8s.IntOrString,
};

/** Kubernetes JSON of a part of an object. */
export function partJson(part: k8s.Volume | k8s.VolumeMount | k8s.EnvVar): Json {
  return withoutUndefined(part);
}

/** A kind; `spec` gives back their names to fields that cdk8s spells otherwise. */
function kind<P extends object>(apiVersion: string, kind: string, spec: (json: Json) => Json = (json) => json) {
  return {
    manifest(props: P): Json {
      const json = withoutUndefined(props);
      return { apiVersion, kind, ...json, ...('spec' in json ? { spec: spec(json.spec) } : {}) };
    },
  };
}

/** Other names for some fields, in their places. */
function respelt(json: Json, names: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(Object.entries(json).map(([field, value]) => [names[field] ?? field, value]));
}

/** A deep copy of lists and plain objects; anything else, such as a Lazy of cdk8s, stays for synth. */
function withoutUndefined(node: Json): Json {
  if (Array.isArray(node)) return node.map(withoutUndefined);
  if (node === null || typeof node !== 'object' || Object.getPrototypeOf(node) !== Object.prototype) return node;
  const keys = Object.keys(node);
  // this key can't be assigned
  if (keys.includes('__proto__'))
    return Object.fromEntries(
      keys.filter((key) => node[key] !== undefined).map((key) => [key, withoutUndefined(node[key])]),
    );
  const defined: Json = {};
  for (const key of keys) if (node[key] !== undefined) defined[key] = withoutUndefined(node[key]);
  return defined;
}
