import { operated } from '../manifest/operated';
import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { partJson } from '../support/k8s';
import { CHECKSUM_ANNOTATION } from '../support/labels';
import type { Grant } from './grant';
import { CONFIG_PATH } from './paths';

/** Why a Grant does not fit a custom resource as it stands now. */
export function operatedProblems(json: Json, grant: Grant, named: string): string[] {
  const { container, thanos } = operated(json)!;
  const { objectStorageConfig, objectStorageConfigFile: file } = thanos(json.spec ?? {});
  const account = json.spec?.serviceAccountName;
  return [
    ...(objectStorageConfig === undefined
      ? []
      : [`${named} sets objectStorageConfig, which the operator would take instead of the Grant's file. Remove it`]),
    ...(file === undefined || file === CONFIG_PATH
      ? []
      : [`${named} sets objectStorageConfigFile to another file than the Grant's. Remove it`]),
    ...(grant.serviceAccountName === undefined || account === grant.serviceAccountName
      ? []
      : [
          `the ${container} must run under ServiceAccount ${grant.serviceAccountName}. Set serviceAccountName of ${named}`,
        ]),
  ];
}

/** A custom resource with the Grant: the operator merges the container that stands in `containers` into its own. */
export function grantedOperated(json: Json, grant: Grant): Json {
  const { container: name, thanos, withThanos } = operated(json)!;
  const { spec = {} } = json;
  const given = list(spec.containers);
  const own = given.find((container) => container.name === name) ?? { name };
  const volumeMounts = [...list(own.volumeMounts), ...grant.mounts.map(partJson)];
  const env = [...list(own.env), ...grant.env.map(partJson)];
  const container = { ...own, volumeMounts, ...(env.length > 0 && { env }) };
  const podMetadata = {
    ...spec.podMetadata,
    annotations: { ...spec.podMetadata?.annotations, [CHECKSUM_ANNOTATION]: grant.checksum },
  };
  const told = withThanos(spec, { ...thanos(spec), objectStorageConfigFile: CONFIG_PATH });
  return {
    ...json,
    spec: {
      ...told,
      podMetadata,
      containers: [...given.filter((other) => other.name !== name), container],
      volumes: [...list(spec.volumes), ...grant.volumes.map(partJson)],
    },
  };
}
