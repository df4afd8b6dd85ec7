import { Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import { App, type ApiObject, Chart } from 'cdk8s';

/** Kubernetes JSON of a test. */
export type Json = any;

/** A chart of its own app, for one construct. */
export function chart(): Chart {
  return new Chart(new App({ outdir: 'manifests' }), 'test', { disableResourceNameHashes: true });
}

/** Every object of a chart, validated as at synth. */
export function render(scope: Construct): Json[] {
  return Testing.synth(scope as Chart);
}

/** The one object of a kind and name; throws with what there is. */
export function find(objects: Json[], kind: string, name?: string): Json {
  const found = objects.filter((o) => o.kind === kind && (name === undefined || o.metadata.name === name));
  if (found.length !== 1) {
    throw new Error(
      `${found.length} of ${kind} ${name ?? ''}; there are ${objects.map((o) => `${o.kind} ${o.metadata.name}`).join(', ')}`,
    );
  }
  return found[0];
}

/** The Thanos container of a workload. */
export function container(workload: Json | ApiObject): Json {
  const json = 'toJson' in workload ? workload.toJson() : workload;
  return json.spec.template.spec.containers[0];
}
