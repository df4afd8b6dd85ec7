import type { ObjstoreOptions, S3HttpOptions } from '../input/s3-options';
import { prometheusDuration, bytes } from '../support/units';
import { thanosYaml } from '../support/yaml';
import { CA_DIRECTORY, CA_FILE, CLIENT_DIRECTORY, SSE_DIRECTORY } from './paths';

type Fields = Record<string, unknown>;

/**
 * The objstore.yml of Thanos (https://thanos.io/tip/thanos/storage.md/#s3). Only keys that the user set: an older Thanos
 * refuses newer keys, and keys that do nothing (`signature_version2`, `tls_config.insecure_skip_verify`) are never written.
 */
export function objstoreYaml(s3: ObjstoreOptions): string {
  return thanosYaml({ type: 'S3', config: bucketFields(s3), prefix: s3.prefix });
}

function bucketFields(s3: ObjstoreOptions): Fields {
  const sdk = s3.credentials._source().kind === 'aws-sdk';
  return {
    bucket: s3.bucket,
    endpoint: s3.endpoint,
    region: s3.region,
    bucket_lookup_type: s3.lookup,
    insecure: s3.insecure || undefined,
    aws_sdk_auth: sdk || undefined,
    sts_endpoint: sdk ? undefined : s3.stsEndpoint,
    list_objects_version: s3.listObjectsVersion,
    part_size: s3.partSize && bytes(s3.partSize),
    disable_multipart: s3.multipart === false || undefined,
    send_content_md5: s3.contentMd5,
    max_retries: s3.maxRetries,
    put_user_metadata: nonEmpty(s3.userMetadata ?? {}),
    disable_dualstack: s3.dualStack === false || undefined,
    trace: s3.trace ? { enable: true } : undefined,
    sse_config: sseFields(s3),
    http_config: nonEmpty({
      ...httpFields(s3.http ?? {}),
      insecure_skip_verify: s3.unsafeSkipVerify || undefined,
      tls_config: tlsFields(s3),
    }),
  };
}

function httpFields(http: S3HttpOptions): Fields {
  return {
    idle_conn_timeout: http.idleConnTimeout && prometheusDuration(http.idleConnTimeout),
    response_header_timeout: http.responseHeaderTimeout && prometheusDuration(http.responseHeaderTimeout),
    tls_handshake_timeout: http.tlsHandshakeTimeout && prometheusDuration(http.tlsHandshakeTimeout),
    expect_continue_timeout: http.expectContinueTimeout && prometheusDuration(http.expectContinueTimeout),
    max_idle_conns: http.maxIdleConns,
    max_idle_conns_per_host: http.maxIdleConnsPerHost,
    max_conns_per_host: http.maxConnsPerHost,
  };
}

function tlsFields(s3: ObjstoreOptions): Fields | undefined {
  return nonEmpty({
    ca_file: s3.ca && `${CA_DIRECTORY}/${CA_FILE}`,
    cert_file: s3.clientCertificate && `${CLIENT_DIRECTORY}/${s3.clientCertificate.certificateKey}`,
    key_file: s3.clientCertificate && `${CLIENT_DIRECTORY}/${s3.clientCertificate.privateKeyKey}`,
    server_name: s3.serverName,
  });
}

function sseFields(s3: ObjstoreOptions): Fields | undefined {
  const sse = s3.encryption?._source();
  switch (sse?.type) {
    case 'SSE-S3':
      return { type: sse.type };
    case 'SSE-KMS':
      return { type: sse.type, kms_key_id: sse.keyId, kms_encryption_context: nonEmpty(sse.context ?? {}) };
    case 'SSE-C':
      return { type: sse.type, encryption_key: `${SSE_DIRECTORY}/${sse.key}` };
    default:
      return undefined;
  }
}

function nonEmpty(fields: Fields): Fields | undefined {
  return Object.values(fields).some((value) => value !== undefined) ? fields : undefined;
}
