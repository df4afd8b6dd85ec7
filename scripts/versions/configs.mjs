/**
 * What the config files of Thanos may say, key by key: each is tried alone beside `base`, so that a verdict names the key
 * that a version lacks. Parsers that take any key without a word (the backends of the caches, say) would tell nothing here.
 */
const TRANSPORT = {
  response_header_timeout: '1m',
  tls_handshake_timeout: '1m',
  expect_continue_timeout: '1m',
  max_idle_conns: 1,
  max_idle_conns_per_host: 1,
  max_conns_per_host: 1,
};
const IDLE = { idle_conn_timeout: '1m' };
const TLS = { server_name: 'a', insecure_skip_verify: true };
const HTTP = { ...IDLE, ...TRANSPORT, insecure_skip_verify: true, disable_compression: true };

/** One config for each key of `more`, put into `base` at `at`, by the path of the key; and one of a key that no version has. */
function each(base, at, more) {
  return Object.entries({ ...more, [NOBODYS]: 1 }).map(([key, value]) => {
    const config = structuredClone(base);
    const place = at.reduce((inner, name) => (inner[name] ??= {}), config);
    place[key] = value;
    return [[...at, key].join('.'), config];
  });
}

/** By it a test sees that a parser refuses what it doesn't know. */
const NOBODYS = 'nobodys_key';

function store(type, config, keys, http = true) {
  const base = { type, config };
  return [
    ['', base],
    ...each(base, [], { prefix: 'a' }),
    ...each(base, ['config'], keys),
    ...(http ? each(base, ['config', 'http_config'], HTTP) : []),
    ...(http ? each(base, ['config', 'http_config', 'tls_config'], TLS) : []),
  ];
}

const BUCKET = (file) => ['tools', 'bucket', 'ls', `--objstore.config-file=${file}`, '--timeout=1s'];
const RECEIVE = ['receive', '--label=a="b"', '--objstore.config={type: FILESYSTEM, config: {directory: .}}'];
const RULE = ['rule', '--label=a="b"', '--objstore.config={type: FILESYSTEM, config: {directory: .}}'];
const STORE = ['store', '--objstore.config={type: FILESYSTEM, config: {directory: .}}'];

/** Name of a config file: the command that reads it, and the configs. */
export const CONFIGS = {
  'objstore S3': {
    args: BUCKET,
    configs: store(
      'S3',
      { bucket: 'a', endpoint: '127.0.0.1:1', insecure: true },
      {
        ...{ region: 'a', access_key: 'a', session_token: 'a', aws_sdk_auth: true, sts_endpoint: 'http://127.0.0.1:1' },
        ...{ signature_version2: true, bucket_lookup_type: 'path', list_objects_version: 'v1', part_size: 67108864 },
        ...{ disable_multipart: true, send_content_md5: true, max_retries: 1, put_user_metadata: { a: 'b' } },
        ...{ disable_dualstack: true, trace: { enable: true }, sse_config: { type: 'SSE-S3' } },
      },
    ),
  },
  'objstore GCS': {
    args: BUCKET,
    configs: store(
      'GCS',
      { bucket: 'a' },
      {
        ...{ service_account: '{}', use_grpc: false, grpc_conn_pool_size: 1, chunk_size_bytes: 1, max_retries: 1 },
      },
    ),
  },
  'objstore AZURE': {
    args: BUCKET,
    configs: store(
      'AZURE',
      { storage_account: 'a', container: 'a' },
      {
        ...{
          storage_account_key: 'YQ==',
          storage_connection_string: 'a',
          storage_create_container: false,
          endpoint: 'a',
        },
        ...{ max_retries: 1, msi_resource: 'a', user_assigned_id: 'a', reader_config: { max_retry_requests: 1 } },
        ...{ pipeline_config: { max_tries: 1 }, az_tenant_id: 'a', client_id: 'a', client_secret: 'a' },
      },
    ),
  },
  'objstore SWIFT': {
    args: BUCKET,
    configs: store(
      'SWIFT',
      { auth_url: 'http://127.0.0.1:1', container_name: 'a', username: 'a', password: 'a' },
      {
        ...{
          auth_version: 1,
          user_domain_name: 'a',
          project_name: 'a',
          domain_name: 'a',
          region_name: 'a',
          retries: 1,
        },
        ...{ large_object_chunk_size: 1, large_object_segments_container_name: 'a', use_dynamic_large_objects: true },
        ...{ connect_timeout: '1s', timeout: '1s', application_credential_id: 'a', application_credential_name: 'a' },
        ...{ application_credential_secret: 'a', project_domain_name: 'a' },
      },
    ),
  },
  'objstore COS': {
    args: BUCKET,
    configs: store(
      'COS',
      { bucket: 'a', region: 'a', app_id: 'a', secret_id: 'a', secret_key: 'a' },
      {
        ...{ endpoint: 'http://127.0.0.1:1', max_retries: 1 },
      },
    ),
  },
  'objstore ALIYUNOSS': {
    args: BUCKET,
    configs: store(
      'ALIYUNOSS',
      { endpoint: '127.0.0.1:1', bucket: 'aaa', access_key_id: 'a', access_key_secret: 'a' },
      {},
      false,
    ),
  },
  'objstore BOS': {
    args: BUCKET,
    configs: store('BOS', { endpoint: '127.0.0.1:1', bucket: 'aaa', access_key: 'a', secret_key: 'a' }, {}, false),
  },
  'objstore OBS': {
    args: BUCKET,
    configs: store('OBS', { endpoint: '127.0.0.1:1', bucket: 'aaa', access_key: 'a', secret_key: 'a' }, {}),
  },
  'objstore OCI': {
    args: BUCKET,
    configs: store(
      'OCI',
      { provider: 'default', bucket: 'a', compartment_ocid: 'a' },
      {
        ...{ tenancy_ocid: 'a', user_ocid: 'a', region: 'a', fingerprint: 'a', privatekey: 'a', passphrase: 'a' },
        ...{ part_size: 1, max_request_retries: 1, request_retry_interval: 1, oke_identity: true },
      },
    ),
  },
  'objstore FILESYSTEM': { args: BUCKET, configs: store('FILESYSTEM', { directory: '.' }, {}, false) },
  'index cache': {
    args: (file) => [...STORE, `--index-cache.config-file=${file}`],
    configs: [
      ...each({ type: 'IN-MEMORY' }, [], {
        config: { max_size: '1MB', max_item_size: '1KB' },
        enabled_items: ['Series'],
        ttl: '1h',
      }),
      ['type MEMCACHED', { type: 'MEMCACHED', config: { addresses: ['127.0.0.1:1'] } }],
    ],
  },
  'caching bucket': {
    args: (file) => [...STORE, `--store.caching-bucket.config-file=${file}`],
    configs: each({ type: 'IN-MEMORY', config: { max_size: '1MB', max_item_size: '1KB' } }, [], {
      ...{ chunk_subrange_size: 16000, max_chunks_get_range_requests: 3, chunk_object_attrs_ttl: '1h' },
      ...{
        chunk_subrange_ttl: '1h',
        blocks_iter_ttl: '1h',
        metafile_exists_ttl: '1h',
        metafile_doesnt_exist_ttl: '1h',
      },
      ...{ metafile_content_ttl: '1h', metafile_max_size: '1MB' },
    }),
  },
  hashrings: {
    args: (file) => [...RECEIVE, `--receive.hashrings-file=${file}`, '--receive.local-endpoint=127.0.0.1:1'],
    configs: each([{ endpoints: ['127.0.0.1:1'] }], [0], {
      ...{
        hashring: 'a',
        tenants: ['a'],
        tenant_matcher_type: 'glob',
        algorithm: 'ketama',
        external_labels: { a: 'b' },
      },
      ...{ endpoints: [{ address: '127.0.0.1:1', az: 'a' }], shuffle_sharding_config: { shard_size: 1 } },
    }),
  },
  'receive limits': {
    args: (file) => [...RECEIVE, `--receive.limits-config-file=${file}`],
    configs: [
      ...each({}, ['write', 'global'], {
        max_concurrency: 1,
        meta_monitoring_url: 'http://127.0.0.1:1',
        meta_monitoring_limit_query: 'a',
      }),
      ...each({}, ['write', 'default'], { head_series_limit: 1 }),
      ...each({}, ['write', 'default', 'request'], { size_bytes_limit: 1, series_limit: 1, samples_limit: 1 }),
      ...each({}, ['write', 'tenants', 'a'], { head_series_limit: 1 }),
    ],
  },
  'query config': {
    args: (file) => [...RULE, `--query.config-file=${file}`],
    configs: each([{ static_configs: ['127.0.0.1:1'] }], [0], {
      ...{ scheme: 'http', path_prefix: '/a', http_config: { tls_config: { server_name: 'a' } } },
      ...{ grpc_config: { endpoint_addresses: ['127.0.0.1:1'] } },
    }),
  },
  'alertmanagers config': {
    args: (file) => [...RULE, '--query=127.0.0.1:1', `--alertmanagers.config-file=${file}`],
    configs: each({ alertmanagers: [{ static_configs: ['127.0.0.1:1'] }] }, ['alertmanagers', 0], {
      ...{ scheme: 'http', path_prefix: '/a', timeout: '1s', api_version: 'v2' },
      ...{ http_config: { basic_auth: { username: 'a' }, tls_config: { server_name: 'a' } } },
    }),
  },
  'downstream tripper': {
    args: (file) => [
      'query-frontend',
      '--query-frontend.downstream-url=http://127.0.0.1:1',
      `--query-frontend.downstream-tripper-config-file=${file}`,
    ],
    configs: each(IDLE, [], { ...TRANSPORT, tls_config: TLS }),
  },
  'web config': {
    args: (file) => ['query', `--http.config=${file}`],
    configs: each({}, [], { basic_auth_users: { a: 'b' }, http_server_config: { http2: true } }),
  },
};
