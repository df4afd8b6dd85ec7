import { FILE_MODE } from '../../objstore/paths';
import { checksum } from '../../support/checksum';
import { type Volume, type VolumeMount } from '../../support/k8s';
import type { Context } from '../context';
import type { Extras } from '../kind';
import type { TlsCa, TlsCaSource } from './tls-ca';
import type { TlsCertificate, TlsSecret } from './tls-certificate';
import { placeCertificate } from './tls-issuer';
import { placeConfigMap } from '../own-config-map';

/** What the files of a pod are for: the names of their volumes, folders and objects begin with it. */
export type TlsUse = 'grpc' | 'http';

/** A certificate, and the CA of those who are talked to. */
export interface TlsPair {
  readonly certificate: TlsCertificate;
  readonly ca?: TlsCa;
}

/** Where the files lie in the container. */
export interface TlsPaths {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

const [CERT, KEY, CA] = ['tls.crt', 'tls.key', 'ca.crt'];

/** The paths, from what is given alone. */
export function tlsPaths(use: TlsUse, { ca }: TlsPair): TlsPaths {
  const folder = `/etc/thanos/${use}-tls`;
  return { cert: `${folder}/${CERT}`, key: `${folder}/${KEY}`, ca: `${ca ? `/etc/thanos/${use}-ca` : folder}/${CA}` };
}

/** Where the certificate of a part lies. */
export function tlsSecret({ identity }: Context<unknown>, use: TlsUse, { certificate }: TlsPair): TlsSecret {
  return certificate._secret(identity.object(`${use}-tls`));
}

/** The names of a certificate that is made here: those of the part, and the one that all who ask it were told. */
export function certifiedNames({ identity }: Context<unknown>, stateful: boolean, serverName?: string): string[] {
  const own = identity.certificateNames(stateful);
  return serverName === undefined ? own : [...own, serverName];
}

/** Brings the files into the pods, the CA where it `needsCa`; its text becomes a ConfigMap. A Certificate that is made here has the `names`. */
export function tlsExtras(
  context: Context<unknown>,
  use: TlsUse,
  pair: TlsPair,
  { needsCa, names }: { readonly needsCa: boolean; readonly names: readonly string[] },
): Extras {
  const { secretName, certificateKey, privateKeyKey, caKey, revision, issuer } = tlsSecret(context, use, pair);
  if (issuer) placeCertificate(context, secretName, issuer, names);
  const own = needsCa && pair.ca === undefined;
  const items = [
    { key: certificateKey, path: CERT },
    { key: privateKeyKey, path: KEY },
    ...(own ? [{ key: caKey, path: CA }] : []),
  ];
  const secret: Volume = { name: `${use}-tls`, secret: { secretName, defaultMode: FILE_MODE, items } };
  const rolled = { [`checksum/${use}-ca`]: checksum({ revision }) };
  const files = {
    volumes: [secret],
    mounts: [mountOf(secret, `/etc/thanos/${use}-tls`)],
    annotations: own && revision !== undefined ? rolled : {},
  };
  if (!needsCa || pair.ca === undefined) return files;
  const ca = caExtras(context, use, pair.ca._source());
  return {
    volumes: [...files.volumes, ...ca.volumes],
    mounts: [...files.mounts, ...ca.mounts],
    annotations: ca.annotations,
  };
}

function caExtras(context: Context<unknown>, use: TlsUse, source: TlsCaSource) {
  const { kind, key, pem, revision } = source;
  const name = source.name ?? placeConfigMap(context, `${use}-ca`, { [CA]: pem! });
  const items = [{ key, path: CA }];
  const volume: Volume =
    kind === 'Secret'
      ? { name: `${use}-ca`, secret: { secretName: name, defaultMode: FILE_MODE, items } }
      : { name: `${use}-ca`, configMap: { name, defaultMode: FILE_MODE, items } };
  // Thanos reads a CA when it starts
  const seen = pem ?? revision;
  return {
    volumes: [volume],
    mounts: [mountOf(volume, `/etc/thanos/${use}-ca`)],
    annotations: seen === undefined ? {} : { [`checksum/${use}-ca`]: checksum({ pem, revision }) },
  };
}

function mountOf({ name }: Volume, mountPath: string): VolumeMount {
  return { name, mountPath, readOnly: true };
}
