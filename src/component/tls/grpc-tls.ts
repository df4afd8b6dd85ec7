import type { PartTls } from '../../app/part';
import { dnsDomain } from '../../support/names';
import { struct, yesOrNo } from '../../support/rows';
import { later, required, type StructTable } from '../../support/table';
import type { Context } from '../context';
import type { Flags } from '../flags';
import type { Extras, Kind } from '../kind';
import { type Arg, written } from '../option';
import { TLS_CA, type TlsCa } from './tls-ca';
import { TLS_CERTIFICATE, type TlsCertificate } from './tls-certificate';
import { certifiedNames, tlsExtras, tlsPaths, tlsSecret } from './tls-files';

/** TLS of gRPC: of what a part serves, and of what it asks others. */
export interface GrpcTlsOptions {
  /** What the part shows as a server, and as a client. */
  readonly certificate: TlsCertificate;
  /**
   * CA that signed the certificates of the parts: those that a part asks, and those that ask it.
   * @default - the key `ca.crt` of the certificate's Secret
   */
  readonly ca?: TlsCa;
  /**
   * Whether only clients with a certificate of that CA are let in (mutual TLS).
   * @default true
   */
  readonly mutual?: boolean;
  /**
   * Name in the certificates of all that are asked.
   * @default - of each its own address
   */
  readonly serverName?: string;
}

/** A part that serves gRPC. */
export interface GrpcPartOptions {
  /**
   * TLS of gRPC. What asks the part, and what it asks, must have it too.
   * @default - in a stack the stack's; else none: everything crosses the network readable
   */
  readonly grpcTls?: GrpcTlsOptions;
}

const TABLE: StructTable<GrpcTlsOptions> = {
  certificate: required(
    later(() => TLS_CERTIFICATE),
    "Give TlsCertificate.fromSecretName('thanos-grpc-tls')",
  ),
  ca: later(() => TLS_CA),
  mutual: yesOrNo,
  serverName: dnsDomain,
};

/** How it is read. */
export const GRPC_TLS = struct(TABLE);

/** The flags of the server. */
export function grpcServerFlags(tls: GrpcTlsOptions | undefined): Arg[] {
  if (tls === undefined) return [];
  const { cert, key, ca } = tlsPaths('grpc', tls);
  return [
    ['--grpc-server-tls-cert', cert],
    ['--grpc-server-tls-key', key],
    ...written('--grpc-server-tls-client-ca', tls.mutual === false ? undefined : ca),
  ];
}

/** The flags with which receivers and routers hand writes to others. */
export function forwardFlags(tls: GrpcTlsOptions | undefined): Arg[] {
  if (tls === undefined) return [];
  const { cert, key, ca } = tlsPaths('grpc', tls);
  return [
    ['--remote-write.client-tls-secure'],
    ['--remote-write.client-tls-cert', cert],
    ['--remote-write.client-tls-key', key],
    ['--remote-write.client-tls-ca', ca],
    ...written('--remote-write.client-server-name', tls.serverName),
  ];
}

/**
 * The files of a part.
 * @internal
 */
export function grpcExtras<P>(kind: Kind<P>, context: Context<P>): Extras {
  const asks = kind.asks?.(context.props) ?? false;
  return grpcFiles(context as Context<GrpcPartOptions>, kind.workload === 'StatefulSet', asks);
}

/**
 * The files of a part whose pods have names of their own, or not, and which asks others, or not.
 * @internal
 */
export function grpcFiles(context: Context<GrpcPartOptions>, stateful: boolean, asks: boolean): Extras {
  const { grpcTls } = context.props;
  if (grpcTls === undefined) return {};
  for (const text of grpcTls.ca?._source().warnings ?? []) context.warn('grpcTls', `ca: ${text}`);
  const names = certifiedNames(context, stateful, grpcTls.serverName);
  return tlsExtras(context, 'grpc', grpcTls, { needsCa: asks || grpcTls.mutual !== false, names });
}

/**
 * Tells the app of it, for what is judged between parts.
 * @internal
 */
export function tellGrpc(context: Context<unknown>, flags: Flags): void {
  const { grpcTls: tls } = context.props as GrpcPartOptions;
  tellGrpcEnds(context as Context<GrpcPartOptions>, {
    serves: flags.has(/^--grpc-server-tls-cert$/),
    asks: tls !== undefined || flags.has(/^--(grpc-client-tls-secure|remote-write\.client-tls-secure)$/),
  });
}

/**
 * The same of a part that is told in another way than by the flags of a component.
 * @internal
 */
export function tellGrpcEnds(context: Context<GrpcPartOptions>, ends: Pick<PartTls, 'serves' | 'asks'>): void {
  const { construct, identity, props, registry } = context;
  const { grpcTls: tls } = props;
  const { secretName, caKey } = tls ? tlsSecret(context, 'grpc', tls) : {};
  const ca = tls?.ca?._source() ?? (caKey === undefined ? undefined : { kind: 'Secret' as const, name: secretName });
  registry.tls.push({
    construct,
    prop: 'grpcTls',
    namespace: identity.namespace,
    secretName,
    ca: ca && { kind: ca.kind, name: ca.name, pem: 'pem' in ca ? ca.pem : undefined },
    ...ends,
  });
}
