import { prometheusDuration, bytes } from '../support/units';
import { BucketLookup, ListObjectsVersion } from './s3-options';
import type { S3Settings } from './s3-settings';

/** What a key of objstore.yml holds. */
export type Shape = 'string' | 'bool' | 'int' | 'duration' | 'strings' | KeyTable;

/** Keys of a map, in the order in which they are written. */
export interface KeyTable {
  readonly [name: string]: Key;
}

/** Where the files of a bucket lie in a granted container. */
export interface S3Files {
  readonly ca: string;
  readonly clientDirectory: string;
  readonly sseDirectory: string;
}

/** A key of objstore.yml: what Thanos reads in it, and what the library writes there. */
export interface Key {
  readonly holds: Shape;
  /** Thanos refuses a config without it. */
  readonly required?: true;
  /** The only values that Thanos knows. */
  readonly values?: readonly string[];
  /** Why it does nothing when it is true, and what to do. */
  readonly inert?: { readonly text: string; readonly fix: string };
  /** What the library writes; undefined: nothing. A key without it is never written. */
  readonly write?: (s3: S3Settings, files: S3Files) => unknown;
}

/**
 * Every key that Thanos v0.42 reads for S3 (https://thanos.io/tip/thanos/storage.md/#s3); any other is fatal at start. Only
 * what the user set is written: an older Thanos refuses newer keys.
 */
export const S3_KEYS: KeyTable = {
  bucket: { holds: 'string', required: true, write: (s3) => s3.bucket },
  endpoint: { holds: 'string', required: true, write: (s3) => s3.endpoint },
  region: { holds: 'string', write: (s3) => s3.region },
  bucket_lookup_type: { holds: 'string', values: Object.values(BucketLookup), write: (s3) => s3.lookup },
  insecure: { holds: 'bool', write: (s3) => s3.insecure || undefined },
  aws_sdk_auth: { holds: 'bool', write: (s3) => s3.credentials.kind === 'aws-sdk' || undefined },
  access_key: { holds: 'string' },
  secret_key: { holds: 'string' },
  session_token: { holds: 'string' },
  // the SDK reads the endpoint from its own variable
  sts_endpoint: { holds: 'string', write: (s3) => (s3.credentials.kind === 'aws-sdk' ? undefined : s3.stsEndpoint) },
  signature_version2: {
    holds: 'bool',
    inert: { text: 'does nothing: requests are signed V4', fix: 'Remove it' },
  },
  list_objects_version: {
    holds: 'string',
    values: Object.values(ListObjectsVersion),
    write: (s3) => s3.listObjectsVersion,
  },
  part_size: { holds: 'int', write: (s3) => s3.partSize && bytes(s3.partSize) },
  disable_multipart: { holds: 'bool', write: (s3) => s3.multipart === false || undefined },
  send_content_md5: { holds: 'bool', write: (s3) => s3.contentMd5 },
  max_retries: { holds: 'int', write: (s3) => s3.maxRetries },
  put_user_metadata: { holds: 'strings', write: (s3) => s3.userMetadata },
  disable_dualstack: { holds: 'bool', write: (s3) => s3.dualStack === false || undefined },
  trace: { holds: { enable: { holds: 'bool', write: (s3) => s3.trace || undefined } } },
  sse_config: {
    holds: {
      type: { holds: 'string', values: ['SSE-S3', 'SSE-KMS', 'SSE-C'], write: (s3) => s3.encryption?.type },
      kms_key_id: {
        holds: 'string',
        write: ({ encryption: sse }) => (sse?.type === 'SSE-KMS' ? sse.keyId : undefined),
      },
      kms_encryption_context: {
        holds: 'strings',
        write: ({ encryption: sse }) => (sse?.type === 'SSE-KMS' ? sse.context : undefined),
      },
      encryption_key: {
        holds: 'string',
        write: ({ encryption: sse }, at) => (sse?.type === 'SSE-C' ? `${at.sseDirectory}/${sse.key}` : undefined),
      },
    },
  },
  http_config: {
    holds: {
      idle_conn_timeout: { holds: 'duration', write: ({ http }) => http?.idleConnTimeout },
      response_header_timeout: { holds: 'duration', write: ({ http }) => http?.responseHeaderTimeout },
      tls_handshake_timeout: { holds: 'duration', write: ({ http }) => http?.tlsHandshakeTimeout },
      expect_continue_timeout: { holds: 'duration', write: ({ http }) => http?.expectContinueTimeout },
      max_idle_conns: { holds: 'int', write: ({ http }) => http?.maxIdleConns },
      max_idle_conns_per_host: { holds: 'int', write: ({ http }) => http?.maxIdleConnsPerHost },
      max_conns_per_host: { holds: 'int', write: ({ http }) => http?.maxConnsPerHost },
      disable_compression: { holds: 'bool', inert: { text: 'is read but never applied', fix: 'Remove it' } },
      insecure_skip_verify: { holds: 'bool', write: (s3) => s3.unsafeSkipVerify || undefined },
      tls_config: {
        holds: {
          ca_file: { holds: 'string', write: (s3, at) => s3.ca && at.ca },
          cert_file: {
            holds: 'string',
            write: ({ clientCertificate: c }, at) => c && `${at.clientDirectory}/${c.certificateKey}`,
          },
          key_file: {
            holds: 'string',
            write: ({ clientCertificate: c }, at) => c && `${at.clientDirectory}/${c.privateKeyKey}`,
          },
          server_name: { holds: 'string', write: (s3) => s3.serverName },
          insecure_skip_verify: {
            holds: 'bool',
            inert: {
              text: 'does nothing: the server is verified all the same',
              fix: 'Remove it and give the CA in ca_file; the switch that acts is http_config.insecure_skip_verify',
            },
          },
        },
      },
    },
  },
};

/** The values of keys, as objstore.yml has them; undefined where there is none. */
export function writeKeys(keys: KeyTable, s3: S3Settings, files: S3Files): Record<string, unknown> | undefined {
  const entries = Object.entries(keys).map(([name, { holds, write }]) => {
    if (typeof holds === 'object') return [name, writeKeys(holds, s3, files)];
    const value: any = write?.(s3, files);
    if (holds === 'duration') return [name, value && prometheusDuration(value)];
    return [name, holds === 'strings' ? nonEmpty(value) : value];
  });
  return nonEmpty(Object.fromEntries(entries));
}

function nonEmpty(fields: Record<string, unknown> | undefined): typeof fields {
  return Object.values(fields ?? {}).some((value) => value !== undefined) ? fields : undefined;
}
