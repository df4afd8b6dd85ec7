/** What a key of objstore.yml holds. */
export type Shape = 'string' | 'bool' | 'int' | 'duration' | 'strings' | Keys;
export interface Keys {
  readonly [key: string]: Shape;
}

/** Every key that Thanos v0.42 reads for S3 (https://thanos.io/tip/thanos/storage.md/#s3). Any other is fatal at start. */
export const S3_KEYS: Keys = {
  bucket: 'string',
  endpoint: 'string',
  region: 'string',
  disable_dualstack: 'bool',
  aws_sdk_auth: 'bool',
  access_key: 'string',
  insecure: 'bool',
  signature_version2: 'bool',
  secret_key: 'string',
  session_token: 'string',
  put_user_metadata: 'strings',
  http_config: {
    idle_conn_timeout: 'duration',
    response_header_timeout: 'duration',
    insecure_skip_verify: 'bool',
    tls_handshake_timeout: 'duration',
    expect_continue_timeout: 'duration',
    max_idle_conns: 'int',
    max_idle_conns_per_host: 'int',
    max_conns_per_host: 'int',
    tls_config: {
      ca_file: 'string',
      cert_file: 'string',
      key_file: 'string',
      server_name: 'string',
      insecure_skip_verify: 'bool',
    },
    disable_compression: 'bool',
  },
  trace: { enable: 'bool' },
  list_objects_version: 'string',
  bucket_lookup_type: 'string',
  send_content_md5: 'bool',
  disable_multipart: 'bool',
  part_size: 'int',
  sse_config: {
    type: 'string',
    kms_key_id: 'string',
    kms_encryption_context: 'strings',
    encryption_key: 'string',
  },
  sts_endpoint: 'string',
  max_retries: 'int',
};

/** Where a key that is not known there belongs, or why it is gone. */
export const MISPLACED: Readonly<Record<string, string>> = {
  hedging_config: 'Remove it: Thanos documents it, but v0.42 refuses it wherever it stands',
  encrypt_sse: 'Thanos removed it; write sse_config: {type: SSE-S3}',
  ca: 'Thanos reads no CA inline; mount a file and name it in http_config.tls_config.ca_file',
  ca_file: 'It belongs under config.http_config.tls_config',
  cert_file: 'It belongs under config.http_config.tls_config',
  key_file: 'It belongs under config.http_config.tls_config',
  server_name: 'It belongs under config.http_config.tls_config',
  servername: 'Thanos calls it server_name, under config.http_config.tls_config',
  tls_config: 'It belongs under config.http_config',
  insecure_skip_verify: 'It belongs under config.http_config; better, give the CA in tls_config.ca_file',
  prefix: 'It belongs at the top, beside type and config',
  min_version: 'The S3 client of Thanos has no such key; TLS 1.2 is the least it speaks',
};
