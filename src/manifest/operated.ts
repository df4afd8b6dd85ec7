import type { Json } from './pod-specs';

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
  Prometheus: {
    container: 'thanos-sidecar',
    thanos: (spec) => spec.thanos ?? {},
    withThanos: (spec, thanos) => ({ ...spec, thanos }),
  },
  ThanosRuler: {
    container: 'thanos-ruler',
    thanos: (spec) => spec,
    withThanos: (_, spec) => spec,
  },
};

/** `--objstore.config-file=…` as the operator will write it; undefined where the resource does not say the file. */
export function operatedFlag(json: Json): string | undefined {
  const file = operated(json)?.thanos(json.spec ?? {}).objectStorageConfigFile;
  return typeof file === 'string' ? `--objstore.config-file=${file}` : undefined;
}

/** How a custom resource opens the bucket; undefined for every other object. */
export function operated({ apiVersion, kind }: Json): Operated | undefined {
  if (!/^monitoring\.coreos\.com\//.test(String(apiVersion)) || !Object.hasOwn(OPERATED, String(kind)))
    return undefined;
  return OPERATED[String(kind)];
}
