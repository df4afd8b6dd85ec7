import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { templateOf, withTemplate } from '../manifest/pod-template';
import type { Extras } from './kind';
import type { Context } from './context';
import { joined } from './extras';
import { grpcFiles, type GrpcPartOptions } from './tls/grpc-tls';
import type { HttpPartOptions } from './tls/http-config';
import { httpConfigPath, httpExtras } from './tls/http-files';
import { tlsPaths } from './tls/tls-files';

const HTTP_CONFIG = 'http.config';

/** The files of its servers. */
export function sidecarFiles(context: Context<GrpcPartOptions & HttpPartOptions>): Extras {
  return joined(grpcFiles(context, true, false), httpExtras({ workload: 'StatefulSet' }, context));
}

/** A workload whose container `name` has the files. */
export function withFiles(json: Json, name: string, files: Extras): Json {
  const template = templateOf(json);
  if (!files.volumes?.length || !Array.isArray(template?.spec?.containers)) return json;
  const { spec } = template;
  return withTemplate(json, {
    ...template,
    metadata: annotated(template.metadata, files),
    spec: {
      ...spec,
      volumes: [...list(spec.volumes), ...files.volumes],
      containers: spec.containers.map((container: Json) =>
        container?.name === name ? mounted(container, files) : container,
      ),
    },
  });
}

/**
 * A `Prometheus` of the operator whose sidecar serves TLS, or asks for a password, by files
 * (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ThanosSpec): gRPC has a field. HTTP has
 * none, and the operator sets no such flag, so that it may be an additional one.
 */
export function withOperatedFiles(json: Json, props: GrpcPartOptions & HttpPartOptions, files: Extras): Json {
  if (!files.volumes?.length) return json;
  const { spec } = json;
  const { thanos } = spec;
  return {
    ...json,
    spec: {
      ...spec,
      thanos: { ...mounted(thanos, files), ...grpcFields(props), ...httpFields(props, thanos) },
      volumes: [...list(spec.volumes), ...files.volumes],
      podMetadata: annotated(spec.podMetadata, files),
    },
  };
}

function grpcFields({ grpcTls }: GrpcPartOptions): object {
  if (grpcTls === undefined) return {};
  const { cert, key, ca } = tlsPaths('grpc', grpcTls);
  return { grpcServerTlsConfig: { certFile: cert, keyFile: key, ...(grpcTls.mutual !== false && { caFile: ca }) } };
}

function httpFields(props: HttpPartOptions, { additionalArgs }: Json): object {
  const value = httpConfigPath(props);
  if (value === undefined) return {};
  return { additionalArgs: [...list(additionalArgs), { name: HTTP_CONFIG, value }] };
}

/** Why what the resource says itself does not go with it: Thanos ends at a flag that is there twice. */
export function operatedProblems({ spec }: Json): string[] {
  const told = list(spec.thanos?.additionalArgs).filter(({ name }) => name === HTTP_CONFIG);
  return told.length < 2
    ? []
    : [`has ${HTTP_CONFIG} in spec.thanos.additionalArgs too, and Thanos takes it once. Remove it there`];
}

function mounted(holder: Json, { mounts = [] }: Extras): Json {
  return { ...holder, volumeMounts: [...list(holder.volumeMounts), ...mounts] };
}

function annotated(metadata: Json | undefined, { annotations = {} }: Extras): Json | undefined {
  if (Object.keys(annotations).length === 0) return metadata;
  return { ...metadata, annotations: { ...metadata?.annotations, ...annotations } };
}
