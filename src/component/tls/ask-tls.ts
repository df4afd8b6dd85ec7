import { type ImageOptions, thanosMinor } from '../../pod/image';
import { InputProblem } from '../../support/problem';
import type { EndpointsFile } from '../endpoints-file';
import { type Arg, written } from '../option';
import type { GrpcTlsOptions } from './grpc-tls';
import { tlsPaths } from './tls-files';

/** The version whose list of endpoints says how they are asked. Before it, and beside a list of the users' own, flags do. */
const SINCE = 42;

interface Asking {
  readonly grpcTls?: GrpcTlsOptions;
  readonly image?: ImageOptions;
  readonly endpointsFile?: EndpointsFile;
  readonly groupReplicas?: boolean;
}

/** Whether the flags must say it, which Thanos calls deprecated since 0.42. */
export function needsFlags({ image, endpointsFile }: Asking): boolean {
  return endpointsFile?._chosen().name !== undefined || (thanosMinor(image) ?? SINCE) < SINCE;
}

/** How Query asks its endpoints, as the list of endpoints says it. */
export function clientConfig(tls: GrpcTlsOptions | undefined): object | undefined {
  if (tls === undefined) return undefined;
  const { cert, key, ca } = tlsPaths('grpc', tls);
  return {
    tls_config: { enabled: true, ca_file: ca, cert_file: cert, key_file: key },
    server_name: tls.serverName,
  };
}

/** The same as flags, where it must be. */
export function askFlags(asking: Asking): Arg[] {
  const { grpcTls: tls, groupReplicas } = asking;
  if (tls === undefined || !needsFlags(asking)) return [];
  if (groupReplicas && tls.serverName === undefined)
    throw new InputProblem(
      'serverName: is missing. A group is asked by one name, which this Thanos is told for all endpoints or for none; give a name that all certificates have',
    );
  const { cert, key, ca } = tlsPaths('grpc', tls);
  return [
    ['--grpc-client-tls-secure'],
    ['--grpc-client-tls-cert', cert],
    ['--grpc-client-tls-key', key],
    ['--grpc-client-tls-ca', ca],
    ...written('--grpc-client-server-name', tls.serverName),
  ];
}

/** What is found by `dnssrv+` is asked by its IP address, which no certificate names; by `dnssrvnoa+` it is asked by name. */
export function namedAddress(address: string, tls: GrpcTlsOptions | undefined): string {
  return tls === undefined || tls.serverName !== undefined ? address : address.replace(/^dnssrv\+/, 'dnssrvnoa+');
}

/** A group is asked by the name that is looked up, which is the Service's. */
export function askedName(address: string, tls: GrpcTlsOptions | undefined): object | undefined {
  const [, name] = /^dns[a-z]*\+(?:_[^.]+\._tcp\.)?([^:]+)/.exec(address) ?? [];
  return tls?.serverName !== undefined || name === undefined ? undefined : { server_name: name };
}
