import { FILE_MODE } from '../../objstore/paths';
import { checksum } from '../../support/checksum';
import { groupBy } from '../../support/group-by';
import { dnsDomain } from '../../support/names';
import { InputProblem } from '../../support/problem';
import { struct } from '../../support/rows';
import type { StructTable } from '../../support/table';
import type { Context } from '../context';
import type { Extras } from '../kind';
import type { GrpcTlsOptions } from './grpc-tls';
import { TLS_CA, type TlsCa } from './tls-ca';
import { TLS_CERTIFICATE, type TlsCertificate } from './tls-certificate';
import { tlsPaths } from './tls-files';
import { placeConfigMap } from '../own-config-map';

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
  const tls_config = { enabled: true, ca_file: ca && pathOf(caFile(ca)), ...pair };
  return { tls_config, server_name: serverName };
}

const VOLUME = 'endpoint-tls';
const FOLDER = `/etc/thanos/${VOLUME}`;

/** A key of an object, as a file. */
interface KeyFile {
  readonly kind: 'Secret' | 'ConfigMap';
  /** Undefined: made here, of the text. */
  readonly name?: string;
  readonly key: string;
  readonly pem?: string;
  readonly revision?: string;
}

/** The path is that of the key and never of a place in a list: running pods re-read the list of endpoints. */
function subPath({ kind, name, key }: KeyFile): string {
  return name === undefined ? key : `${kind.toLowerCase()}-${name}/${key}`;
}

function pathOf(file: KeyFile): string {
  return `${FOLDER}/${subPath(file)}`;
}

const DIGITS = 12;

function caFile(ca: TlsCa): KeyFile {
  const { kind, name, key, pem, revision } = ca._source();
  if (pem === undefined) return { kind, name, key, revision };
  return { kind, key: `ca-${checksum({ pem }).slice(0, DIGITS)}.crt`, pem };
}

function pairFiles(certificate: TlsCertificate): [cert: KeyFile, key: KeyFile] {
  const { secretName: name, certificateKey, privateKeyKey } = certificate._secret('own');
  const file = (key: string): KeyFile => ({ kind: 'Secret', name, key });
  return [file(certificateKey), file(privateKeyKey)];
}

function pairOf(certificate: TlsCertificate): { cert: string; key: string } {
  const [cert, key] = pairFiles(certificate).map(pathOf);
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
  const all = endpoints.flatMap(({ tls }) => [
    ...(tls?.ca ? [caFile(tls.ca)] : []),
    ...(tls?.certificate ? pairFiles(tls.certificate) : []),
  ]);
  if (all.length === 0) return {};
  for (const { tls } of endpoints) if (tls) tellTrust(context, tls);
  const files = [...new Map(all.map((file) => [subPath(file), file])).values()];
  const made = placeTexts(context, files);
  const named = files.map((file) => ({ ...file, name: file.name ?? made, path: subPath(file) }));
  const sources = [...groupBy(named, ({ kind, name }) => `${kind}/${name}`).values()].map((keys) => {
    const [{ kind, name }] = keys;
    const items = keys.map(({ key, path }) => ({ key, path }));
    return kind === 'Secret' ? { secret: { name, items } } : { configMap: { name, items } };
  });
  // a connection keeps the CA with which it was made
  const seen = files.flatMap(({ pem, revision, ...file }) => pem ?? (revision && `${subPath(file)} ${revision}`) ?? []);
  return {
    volumes: [{ name: VOLUME, projected: { defaultMode: FILE_MODE, sources } }],
    mounts: [{ name: VOLUME, mountPath: FOLDER, readOnly: true }],
    annotations: seen.length === 0 ? {} : { 'checksum/endpoint-ca': checksum({ seen: seen.join('\0') }) },
  };
}

/** Tells the app of it: none of it may be the bucket's. */
function tellTrust({ construct, identity, registry, warn }: Context<unknown>, tls: EndpointTlsOptions): void {
  const ca = tls.ca?._source();
  for (const text of ca?.warnings ?? []) warn('endpointOptions', `tls: ca: ${text}`);
  const secretName = tls.certificate?._secret('own').secretName;
  registry.trusts.push({ construct, prop: 'endpointOptions', namespace: identity.namespace, secretName, ca });
}

/** The CAs that are given as text, in one ConfigMap. */
function placeTexts(context: Context<unknown>, files: readonly KeyFile[]): string | undefined {
  const texts = files.flatMap(({ key, pem }) => (pem === undefined ? [] : [[key, pem] as const]));
  if (texts.length === 0) return undefined;
  return placeConfigMap(context, 'endpoint-ca', Object.fromEntries(texts));
}
