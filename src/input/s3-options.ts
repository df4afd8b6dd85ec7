import type { Duration, Size } from 'cdk8s';
import type { IS3Ca } from './s3-ca';
import type { S3ClientCertificate } from './s3-client-certificate';
import type { S3Credentials } from './s3-credentials';
import type { S3Encryption } from './s3-encryption';
import type { S3ServerCertificate } from './s3-server-certificate';

/** How a bucket is addressed (objstore `bucket_lookup_type`). */
export enum BucketLookup {
  /** Path style but for AWS, GCS and Aliyun hosts. */
  AUTO = 'auto',
  /** `https://host/bucket/…`. */
  PATH = 'path',
  /** `https://bucket.host/…`; the server's certificate must cover that name. */
  VIRTUAL_HOSTED = 'virtual-hosted',
}

/** Version of the S3 list call (objstore `list_objects_version`). */
export enum ListObjectsVersion {
  /** ListObjects. */
  V1 = 'v1',
  /** ListObjectsV2. */
  V2 = 'v2',
}

/** A controller that restarts workloads when a Secret or ConfigMap changes. */
export enum Reloader {
  /** Stakater Reloader (`secret.reloader.stakater.com/reload`). */
  STAKATER = 'stakater',
  /** Wave (`wave.pusher.com/update-on-config-change`). */
  WAVE = 'wave',
}

/** Which roots the token exchange at an STS trusts. It does not read `ca_file`. */
export enum StsTrust {
  /** The image's public roots. */
  PUBLIC_ROOTS = 'public-roots',
  /** The S3 store's private CA, for the whole process (`SSL_CERT_FILE`, or `AWS_CA_BUNDLE` with the AWS SDK). */
  S3_CA = 's3-ca',
}

/** The HTTP client of the S3 store (objstore `http_config`). */
export interface S3HttpOptions {
  /**
   * How long an idle connection is kept.
   * @default - Thanos' own, 90 s
   */
  readonly idleConnTimeout?: Duration;
  /**
   * How long to wait for the first byte of an answer.
   * @default - Thanos' own, 2 min
   */
  readonly responseHeaderTimeout?: Duration;
  /**
   * How long a TLS handshake may take.
   * @default - Thanos' own, 10 s
   */
  readonly tlsHandshakeTimeout?: Duration;
  /**
   * How long to wait for `100 Continue`.
   * @default - Thanos' own, 1 s
   */
  readonly expectContinueTimeout?: Duration;
  /**
   * Idle connections in all; 0: no limit.
   * @default - Thanos' own, 100
   */
  readonly maxIdleConns?: number;
  /**
   * Idle connections to one host; 0: Go's default of 2.
   * @default - Thanos' own, 100
   */
  readonly maxIdleConnsPerHost?: number;
  /**
   * Connections to one host; 0: no limit.
   * @default - Thanos' own, 0
   */
  readonly maxConnsPerHost?: number;
}

/** The S3 bucket of Thanos: what objstore.yml says, and the CA and keys that opening it needs. */
export interface ObjstoreOptions {
  /** Name of the bucket. */
  readonly bucket: string;
  /** `host` or `host:port` of the store, without scheme or path; IPv6 in brackets. */
  readonly endpoint: string;
  /** How Thanos proves who it is. */
  readonly credentials: S3Credentials;
  /**
   * The private CA that signed the server's certificate.
   * @default - the image's public roots
   */
  readonly ca?: IS3Ca;
  /**
   * Name that the server's certificate must carry, and SNI. Required when the endpoint is an IP address: that address
   * where the certificate has it as an IP SAN, else a DNS name of the certificate.
   * @default - the endpoint's host
   */
  readonly serverName?: string;
  /**
   * The certificate that the server shows, for synth to check its names, its chain to `ca` and its usage. Written nowhere.
   * @default - not checked at synth
   */
  readonly serverCertificate?: S3ServerCertificate;
  /**
   * Controller that restarts the granted workloads when a Secret or ConfigMap that is only referenced changes.
   * @default - none: set a revision, or restart by hand
   */
  readonly reloader?: Reloader;
  /**
   * Region, for the signature.
   * @default - asked from the store before the first call
   */
  readonly region?: string;
  /**
   * Folder of the bucket that holds the blocks.
   * @default - the bucket's root
   */
  readonly prefix?: string;
  /**
   * How the bucket is addressed.
   * @default - Thanos' own, BucketLookup.AUTO
   */
  readonly lookup?: BucketLookup;
  /**
   * Plain HTTP. Keys and data cross the network readable.
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * Accept any certificate of the server. Anyone in the path can read and change data; synth warns.
   * @default false
   */
  readonly unsafeSkipVerify?: boolean;
  /**
   * Certificate for a server that asks for one (mutual TLS).
   * @default - none
   */
  readonly clientCertificate?: S3ClientCertificate;
  /**
   * Server-side encryption.
   * @default - as the bucket is set up
   */
  readonly encryption?: S3Encryption;
  /**
   * Size of a part of a multipart upload, 5 MiB to 5 GiB.
   * @default - Thanos' own, 64 MiB
   */
  readonly partSize?: Size;
  /**
   * Upload large files in parts. A store without multipart uploads needs false; files are then limited to 5 GiB.
   * @default true
   */
  readonly multipart?: boolean;
  /**
   * Tries of one request, the first included; 1: no retry.
   * @default - Thanos' own, 10
   */
  readonly maxRetries?: number;
  /**
   * Send Content-MD5 with uploads, as buckets with object lock demand.
   * @default true
   */
  readonly contentMd5?: boolean;
  /**
   * Metadata of each uploaded object. `X-Amz-Storage-Class` sets the storage class.
   * @default - none
   */
  readonly userMetadata?: { [name: string]: string };
  /**
   * Use AWS' dual-stack hosts (IPv6). For AWS only.
   * @default true
   */
  readonly dualStack?: boolean;
  /**
   * Version of the list call.
   * @default - Thanos' own, ListObjectsVersion.V2
   */
  readonly listObjectsVersion?: ListObjectsVersion;
  /**
   * Log each request. Seen with log level debug only; the access key id is in it.
   * @default false
   */
  readonly trace?: boolean;
  /**
   * URL of the STS that turns a token into keys, for credentials from a service account or web identity.
   * @default - AWS' STS
   */
  readonly stsEndpoint?: string;
  /**
   * Which roots the STS call trusts. Required when such credentials meet a private CA: a failed exchange is silent, and
   * Thanos goes on without a signature.
   * @default - the image's public roots
   */
  readonly stsTrust?: StsTrust;
  /**
   * The HTTP client.
   * @default - Thanos' own
   */
  readonly http?: S3HttpOptions;
}
