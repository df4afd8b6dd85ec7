import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';
import { templateOf, withTemplate } from '../manifest/pod-template';
import type { Context } from './context';
import type { Extras } from './kind';
import { type GrpcPartOptions, type GrpcTlsOptions, grpcServerFlags } from './tls/grpc-tls';
import { tlsExtras, tlsPaths, tlsSecret } from './tls/tls-files';

/** The files of the sidecar's server; nothing where it serves without TLS. */
export function sidecarFiles(context: Context<GrpcPartOptions>): Extras {
  const { grpcTls: tls } = context.props;
  if (tls === undefined) return {};
  for (const text of tls.ca?._source().warnings ?? []) context.warn('grpcTls', `ca: ${text}`);
  const own = context.identity.certificateNames(true);
  const names = tls.serverName === undefined ? own : [...own, tls.serverName];
  return tlsExtras(context, 'grpc', tls, { needsCa: tls.mutual !== false, names });
}

/** Tells the app whether the sidecar serves TLS, and whom it trusts. */
export function tellSidecar(context: Context<GrpcPartOptions>, serves: boolean): void {
  const { construct, identity, props, registry } = context;
  const { grpcTls: tls } = props;
  const { secretName, caKey } = tls ? tlsSecret(context, 'grpc', tls) : {};
  const ca = tls?.ca?._source() ?? (caKey === undefined ? undefined : { kind: 'Secret' as const, name: secretName });
  const { namespace } = identity;
  registry.tls.push({ construct, prop: 'grpcTls', namespace, secretName, ca, serves, asks: false });
}

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

/** Arguments of the server. */
export function sidecarServerFlags(tls: GrpcTlsOptions | undefined): string[] {
  return grpcServerFlags(tls).map(([name, value]) => `${name}=${value}`);
}

function mounted(holder: Json, { mounts = [] }: Extras): Json {
  return { ...holder, volumeMounts: [...list(holder.volumeMounts), ...mounts] };
}

function annotated(metadata: Json | undefined, { annotations = {} }: Extras): Json | undefined {
  if (Object.keys(annotations).length === 0) return metadata;
  return { ...metadata, annotations: { ...metadata?.annotations, ...annotations } };
}
