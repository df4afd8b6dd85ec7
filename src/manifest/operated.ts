import { groupKind } from './group-kind';
import type { Json } from '../support/json';

/** A custom resource of the Prometheus operator that opens the bucket. */
export interface Operated {
  /** The container that the operator makes, and into which it merges what `containers` says of that name. */
  readonly container: string;
  /** The part of the spec that holds what Thanos is told. */
  readonly thanos: (spec: Json) => Json;
  readonly withThanos: (spec: Json, thanos: Json) => Json;
}

/** https://prometheus-operator.dev/docs/api-reference/api/ */
const OPERATED: Readonly<Record<string, Operated>> = {
  'monitoring.coreos.com/Prometheus': {
    container: 'thanos-sidecar',
    thanos: (spec) => spec.thanos ?? {},
    withThanos: (spec, thanos) => ({ ...spec, thanos }),
  },
  'monitoring.coreos.com/ThanosRuler': {
    container: 'thanos-ruler',
    thanos: (spec) => spec,
    withThanos: (_, spec) => spec,
  },
};

/** How a custom resource opens the bucket; undefined for every other object. */
export function operated(json: Json): Operated | undefined {
  const key = groupKind(json);
  return Object.hasOwn(OPERATED, key) ? OPERATED[key] : undefined;
}

/** `--objstore.config-file=…` as the operator will write it; undefined where the resource does not say the file. */
export function operatedFlag(json: Json): string | undefined {
  const file = operated(json)?.thanos(json.spec ?? {}).objectStorageConfigFile;
  return typeof file === 'string' ? `--objstore.config-file=${file}` : undefined;
}
