import { dnsDomain } from '../../support/names';
import { InputProblem } from '../../support/problem';
import { struct } from '../../support/rows';
import type { StructTable } from '../../support/table';
import type { Context } from '../context';
import type { Extras } from '../kind';
import type { GrpcTlsOptions } from './grpc-tls';
import { caFile, type KeyFile, keyFileExtras, type KeyFolder, pathIn } from './key-files';
import { TLS_CA, type TlsCa } from './tls-ca';
import { TLS_CERTIFICATE, type TlsCertificate } from './tls-certificate';
import { tlsPaths } from './tls-files';

const FOLDER: KeyFolder = { name: 'endpoint-tls', texts: 'endpoint-ca' };

/** TLS of one StoreAPI, such as another cluster's. */
export interface EndpointTlsOptions {
  /**
   * CA that signed its certificate.
   * @default - the public roots of the image
   */
  readonly ca?: TlsCa;
  /**
   * What Query shows it, from a Secret that exists.
   * @default - the certificate of its grpcTls, where there is one; else none
   */
  readonly certificate?: TlsCertificate;
  /**
   * Name in its certificate.
   * @default - its address
   */
  readonly serverName?: string;
}

const TABLE: StructTable<EndpointTlsOptions> = {
  ca: TLS_CA,
  certificate: (value) => {
    const certificate = TLS_CERTIFICATE(value);
    if (certificate._secret('own').issuer === undefined) return certificate;
    throw new InputProblem(
      'is made by an issuer, as that of grpcTls may be, which is shown to all. Leave it out, or give TlsCertificate.fromSecretName',
    );
  },
  serverName: dnsDomain,
};

/** How it is read. */
export const ENDPOINT_TLS = struct(TABLE);

/** How one endpoint is asked, as the list of endpoints says it. */
export function endpointClient(tls: EndpointTlsOptions, grpcTls: GrpcTlsOptions | undefined): object {
  const { ca, certificate, serverName } = tls;
  const shown = certificate ? pairOf(certificate) : grpcTls && tlsPaths('grpc', grpcTls);
  const pair = shown && { cert_file: shown.cert, key_file: shown.key };
  const tls_config = { enabled: true, ca_file: ca && pathIn(FOLDER, caFile(ca)), ...pair };
  return { tls_config, server_name: serverName };
}

function pairFiles(certificate: TlsCertificate): [cert: KeyFile, key: KeyFile] {
  const { secretName: name, certificateKey, privateKeyKey } = certificate._secret('own');
  const file = (key: string): KeyFile => ({ kind: 'Secret', name, key });
  return [file(certificateKey), file(privateKeyKey)];
}

function pairOf(certificate: TlsCertificate): { cert: string; key: string } {
  const [cert, key] = pairFiles(certificate).map((file) => pathIn(FOLDER, file));
  return { cert, key };
}

/**
 * The files of all endpoints, in one volume.
 * @internal
 */
export function endpointTlsExtras(
  context: Context<unknown>,
  endpoints: readonly { readonly tls?: EndpointTlsOptions }[] = [],
): Extras {
  const files = endpoints.flatMap(({ tls }) => [
    ...(tls?.ca ? [caFile(tls.ca)] : []),
    ...(tls?.certificate ? pairFiles(tls.certificate) : []),
  ]);
  if (files.length === 0) return {};
  for (const { tls } of endpoints) if (tls) tellTrust(context, tls);
  return keyFileExtras(context, FOLDER, files);
}

/** Tells the app of it: none of it may be the bucket's. */
function tellTrust({ construct, identity, registry, warn }: Context<unknown>, tls: EndpointTlsOptions): void {
  const ca = tls.ca?._source();
  for (const text of ca?.warnings ?? []) warn('endpointOptions', `tls: ca: ${text}`);
  const secretName = tls.certificate?._secret('own').secretName;
  registry.trusts.push({ construct, prop: 'endpointOptions', namespace: identity.namespace, secretName, ca });
}
