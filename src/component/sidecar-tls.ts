import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { templateOf, withTemplate } from '../manifest/pod-template';
import type { Extras } from './kind';
import type { GrpcTlsOptions } from './tls/grpc-tls';
import { tlsPaths } from './tls/tls-files';

/** A workload whose container `name` has the files. */
export function withFiles(json: Json, name: string, files: Extras): Json {
  const template = templateOf(json);
  if (files.volumes === undefined || !Array.isArray(template?.spec?.containers)) return json;
  const { spec } = template;
  return withTemplate(json, {
    ...template,
    metadata: annotated(template.metadata, files),
    spec: {
      ...spec,
      volumes: [...list(spec.volumes), ...files.volumes],
      containers: spec.containers.map((container: Json) =>
        container.name === name ? mounted(container, files) : container,
      ),
    },
  });
}

/**
 * A `Prometheus` of the operator whose sidecar serves TLS by files
 * (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ThanosSpec, `grpcServerTlsConfig`).
 */
export function withOperatedFiles(json: Json, tls: GrpcTlsOptions, files: Extras): Json {
  const { cert, key, ca } = tlsPaths('grpc', tls);
  const grpcServerTlsConfig = { certFile: cert, keyFile: key, ...(tls.mutual !== false && { caFile: ca }) };
  const { spec } = json;
  return {
    ...json,
    spec: {
      ...spec,
      thanos: { ...mounted(spec.thanos, files), grpcServerTlsConfig },
      volumes: [...list(spec.volumes), ...(files.volumes ?? [])],
      podMetadata: annotated(spec.podMetadata, files),
    },
  };
}

function mounted(holder: Json, { mounts = [] }: Extras): Json {
  return { ...holder, volumeMounts: [...list(holder.volumeMounts), ...mounts] };
}

function annotated(metadata: Json | undefined, { annotations = {} }: Extras): Json | undefined {
  if (Object.keys(annotations).length === 0) return metadata;
  return { ...metadata, annotations: { ...metadata?.annotations, ...annotations } };
}
