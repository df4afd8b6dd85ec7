import type { ClientPair } from '../client-certificate';
import type { X509Certificate } from 'node:crypto';

/** How the bucket is addressed, as in objstore.yml. */
export const LOOKUPS = ['auto', 'path', 'virtual-hosted'];

/** What of the S3 config is known, before defaults: from flags or objstore.yml. */
export interface BucketConfig {
  readonly bucket?: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly prefix?: string;
  readonly lookup?: string;
  readonly insecure?: boolean;
  readonly skipVerify?: boolean;
  readonly serverName?: string;
  /** List with version 1 of the call. */
  readonly listV1?: boolean;
  /** CA bundle, PEM, where it was found. */
  readonly ca?: string;
  readonly clientCertificate?: Buffer;
  readonly clientKey?: Buffer;
  /** Keys in objstore.yml win over the environment. */
  readonly keys?: AccessKeys;
}

/** S3 keys. Never printed. */
export interface AccessKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What `verify` works with. */
export interface Settings {
  readonly bucket: string;
  /** Host that requests go to: the endpoint's, or the bucket's own below it. */
  readonly host: string;
  readonly port: number;
  /** `Host` header: with the port where it is not the scheme's. */
  readonly hostHeader: string;
  readonly pathStyle: boolean;
  readonly region?: string;
  readonly prefix: string;
  readonly listV1: boolean;
  readonly tls: boolean;
  readonly skipVerify: boolean;
  /** Name that the certificate must carry. */
  readonly serverName: string;
  /** Given roots; undefined: public ones. */
  readonly roots?: X509Certificate[];
  readonly client?: ClientPair;
  readonly timeoutMs: number;
  /** Nothing may be written. */
  readonly readOnly: boolean;
  /** Where to dial instead of host and port. */
  readonly connect?: { readonly host: string; readonly port: number };
}
