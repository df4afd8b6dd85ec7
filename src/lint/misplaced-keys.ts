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
