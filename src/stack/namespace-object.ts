import { JsonPatch } from 'cdk8s';
import { KubeNamespace } from '../support/k8s';
import type { Construct } from 'constructs';
import { place } from '../app/place';
import { objectLabels } from '../support/labels';

/** A Namespace that admits only pods of Pod Security "restricted" (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
export function placeNamespace(scope: Construct, name: string, instance: string): void {
  const labels = { ...objectLabels(instance), 'pod-security.kubernetes.io/enforce': 'restricted' };
  const namespace = place(scope, 'Namespace', KubeNamespace.manifest({ metadata: { name, labels } }));
  // cdk8s writes the chart's namespace on every object, but a Namespace lies in none
  namespace.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}
