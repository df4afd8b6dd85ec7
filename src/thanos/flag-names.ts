/*
 * Flags of Thanos v0.42.4, as `thanos COMMAND --help` lists them, and the hidden ones, which were found in its source and
 * tried. `!` marks a switch, `*` a flag that may stand more than once, `@38` the first minor version whose documentation
 * has it; what is older than 0.29 has no mark.
 */

/** Of every command. */
const COMMON = `
  auto-gomemlimit.ratio@35 debug.name enable-auto-gomemlimit!@35 help! log.format log.level tracing.config
  tracing.config-file version!`;

/** Of every command that opens the bucket. */
const BUCKET = `
  objstore.config objstore.config-file`;

/** Of every command that serves HTTP. */
const SERVER = `
  http-address http-grace-period http.config`;

/** Of every command that serves the StoreAPI. */
const GRPC = `
  grpc-address grpc-grace-period grpc-server-tls-cert grpc-server-tls-ciphers*@42 grpc-server-tls-client-ca
  grpc-server-tls-curves*@42 grpc-server-tls-key grpc-server-tls-min-version@37 request.logging-config
  request.logging-config-file store.limits.request-samples@31 store.limits.request-series@31`;

/** Of every command that uploads blocks. */
const SHIPPER = `
  hash-func shipper.allow-out-of-order-uploads! shipper.skip-corrupted-blocks!@39 shipper.upload-concurrency@41`;

/** The flags of a command, by its words. */
export const FLAGS: Readonly<Record<string, readonly string[]>> = {
  receive: [
    COMMON,
    BUCKET,
    SERVER,
    GRPC,
    SHIPPER,
    `
      enable-feature*@37 grpc-server-max-connection-age label* matcher-cache-size@38
      receive-forward-max-backoff@32 receive-forward-timeout receive.artificial-max-delay@41
      receive.capnproto-address@37 receive.default-tenant-id receive.forward.async-workers@35
      receive.grpc-compression receive.grpc-service-config@38 receive.hashrings receive.hashrings-algorithm
      receive.hashrings-file receive.hashrings-file-refresh-interval
      receive.lazy-retrieval-max-buffered-responses@39 receive.limits-config-file@29
      receive.limits-config-reload-timer@32 receive.limits-config@29 receive.local-endpoint
      receive.otlp-enable-target-info!@38 receive.otlp-promote-resource-attributes*@38 receive.relabel-config
      receive.relabel-config-file receive.replica-header receive.replication-factor
      receive.replication-protocol@37 receive.split-tenant-label-name@35 receive.tenant-certificate-field
      receive.tenant-header receive.tenant-label-name remote-write.address remote-write.client-server-name
      remote-write.client-tls-ca remote-write.client-tls-cert remote-write.client-tls-key
      remote-write.client-tls-min-version@42 remote-write.client-tls-secure!@35
      remote-write.client-tls-skip-verify!@35 remote-write.server-tls-cert remote-write.server-tls-ciphers*@42
      remote-write.server-tls-client-ca remote-write.server-tls-curves*@42 remote-write.server-tls-key
      remote-write.server-tls-min-version@37 tsdb.allow-overlapping-blocks!
      tsdb.block.expanded-postings-cache-size@38 tsdb.enable-native-histograms!@39
      tsdb.head.expanded-postings-cache-size@38 tsdb.max-block-duration tsdb.max-exemplars
      tsdb.max-retention-bytes@34 tsdb.memory-snapshot-on-shutdown!@30 tsdb.min-block-duration tsdb.no-lockfile!
      tsdb.out-of-order.cap-max@38 tsdb.out-of-order.time-window@38 tsdb.path tsdb.retention
      tsdb.too-far-in-future.time-window@32 tsdb.wal-compression! tsdb.write-queue-size writer.intern!@31`,
  ],
  compact: [
    COMMON,
    BUCKET,
    SERVER,
    `
      block-discovery-strategy@35 block-files-concurrency block-meta-fetch-concurrency
      block-viewer.global.sync-block-interval block-viewer.global.sync-block-timeout bucket-web-label
      compact.block-max-index-size compact.blocks-fetch-concurrency compact.cleanup-interval compact.concurrency
      compact.enable-vertical-compaction! compact.progress-interval compact.skip-block-with-out-of-order-chunks!
      consistency-delay data-dir debug.accept-malformed-index! debug.halt-on-error! debug.max-compaction-level
      deduplication.func deduplication.replica-label* delete-delay disable-admin-operations!@33
      downsample.concurrency downsampling.disable! hash-func max-time min-time retention.resolution-1h
      retention.resolution-5m retention.resolution-raw selector.relabel-config selector.relabel-config-file
      wait! wait-interval web.disable!@29 web.disable-cors! web.external-prefix web.prefix-header
      web.route-prefix`,
  ],
  store: [
    COMMON,
    BUCKET,
    SERVER,
    GRPC,
    `
      block-discovery-strategy@35 block-meta-fetch-concurrency block-sync-concurrency bucket-web-label@32
      cache-index-header!@31 chunk-pool-size consistency-delay data-dir debug.estimated-max-chunk-size@32
      debug.estimated-max-series-size@32 debug.series-batch-size@30 disable-admin-operations!@39
      grpc-server-max-connection-age@32 ignore-deletion-marks-delay index-cache-size index-cache.config
      index-cache.config-file matcher-cache-size@38 max-time min-time objstore-parquet.config-file@42
      objstore-parquet.config@42 selector.relabel-config selector.relabel-config-file
      store.caching-bucket.config store.caching-bucket.config-file store.enable-index-header-lazy-reader!
      store.enable-lazy-expanded-postings!@33 store.grpc.downloaded-bytes-limit@30
      store.grpc.series-max-concurrency store.grpc.series-sample-limit store.grpc.touched-series-limit
      store.index-header-lazy-download-strategy@34 store.index-header-lazy-reader-idle-timeout
      store.index-header-posting-offsets-in-mem-sampling store.posting-group-max-key-series-ratio@38
      sync-block-duration web.disable!@29 web.disable-cors! web.external-prefix web.prefix-header`,
  ],
  rule: [
    COMMON,
    BUCKET,
    SERVER,
    GRPC,
    SHIPPER,
    `
      alert.label-drop* alert.query-template@33 alert.query-url alert.relabel-config alert.relabel-config-file
      alertmanagers.config alertmanagers.config-file alertmanagers.sd-dns-interval alertmanagers.send-timeout
      alertmanagers.url* data-dir enable-feature*@39 eval-interval for-grace-period@30 for-outage-tolerance@30
      grpc-query-endpoint*@34 grpc-server-max-connection-age@32 label* query* query.config query.config-file
      query.default-step@30 query.enable-x-functions!@35 query.http-method query.only-prometheus-params!@32
      query.sd-dns-interval query.sd-dns-resolver query.sd-files* query.sd-interval remote-write.config
      remote-write.config-file resend-delay restore-ignored-label*@30 rule-concurrent-evaluation@37 rule-file*
      rule-query-offset@38 shipper.ignore-unequal-block-size! shipper.meta-file-name@34
      shipper.upload-compacted! tsdb.block-duration tsdb.enable-native-histograms!@40 tsdb.no-lockfile!
      tsdb.retention tsdb.wal-compression! web.disable-cors! web.external-prefix web.prefix-header
      web.route-prefix`,
  ],
  query: [
    COMMON,
    SERVER,
    GRPC,
    `
      alert.query-url deduplication.func@38 enable-feature* endpoint* endpoint-group*@31
      endpoint-group-strict*@31 endpoint-strict* endpoint.info-timeout endpoint.sd-config-file@38
      endpoint.sd-config-reload-interval@38 endpoint.sd-config@38 exemplar.partial-response!
      grpc-client-server-name grpc-client-tls-ca grpc-client-tls-cert grpc-client-tls-key
      grpc-client-tls-min-version@42 grpc-client-tls-secure! grpc-client-tls-skip-verify! grpc-compression@29
      grpc-server-max-connection-age grpc.proxy-strategy@29 inject-test-addresses*@41
      metric-metadata.partial-response! query.active-query-path query.auto-downsampling!
      query.conn-metric.label*@30 query.default-evaluation-interval query.default-step
      query.default-tenant-id@33 query.disable-fallback!@39 query.distributed-with-overlapping-interval!@38
      query.dynamic-lookback-delta! query.enable-x-functions!@34 query.enforce-tenancy!@34
      query.instant.default.max_source_resolution query.lazy-retrieval-max-buffered-responses@39
      query.lookback-delta query.max-concurrent query.max-concurrent-select query.metadata.default-time-range
      query.mode@35 query.partial-response! query.partition-label*@37 query.promql-engine@30
      query.replica-label* query.telemetry.request-duration-seconds-quantiles*@29
      query.telemetry.request-samples-quantiles*@29 query.telemetry.request-series-seconds-quantiles*@29
      query.tenant-certificate-field@33 query.tenant-header@33 query.tenant-label-name@34 query.timeout
      rule.partial-response! selector-label* selector.relabel-config-file@35 selector.relabel-config@35
      status.partial-response!@40 store.response-timeout store.sd-dns-interval store.sd-dns-resolver
      store.sd-files* store.sd-interval store.unhealthy-timeout target.partial-response! web.disable-cors!
      web.external-prefix web.prefix-header web.route-prefix`,
  ],
  'query-frontend': [
    COMMON,
    SERVER,
    `
      cache-compression-type enable-feature*@39 labels.default-time-range labels.max-query-parallelism
      labels.max-retries-per-request labels.partial-response! labels.response-cache-config
      labels.response-cache-config-file labels.response-cache-max-freshness labels.split-interval
      query-frontend.compress-responses! query-frontend.default-tenant-id@34
      query-frontend.downstream-tripper-config query-frontend.downstream-tripper-config-file
      query-frontend.downstream-url query-frontend.enable-x-functions!@34 query-frontend.force-query-stats!@37
      query-frontend.forward-header* query-frontend.log-queries-longer-than query-frontend.org-id-header*
      query-frontend.slow-query-logs-user-header@36 query-frontend.tenant-certificate-field@34
      query-frontend.tenant-header@34 query-frontend.vertical-shards query-range.align-range-with-step!
      query-range.horizontal-shards@29 query-range.max-query-length query-range.max-query-parallelism
      query-range.max-retries-per-request query-range.max-split-interval@29 query-range.min-split-interval@29
      query-range.partial-response! query-range.request-downsampled! query-range.response-cache-config
      query-range.response-cache-config-file query-range.response-cache-max-freshness query-range.split-interval
      query.max-retries-per-request@42 request.logging-config request.logging-config-file web.disable-cors!`,
  ],
  sidecar: [
    COMMON,
    BUCKET,
    SERVER,
    GRPC,
    SHIPPER,
    `
      grpc-server-max-connection-age@32 min-time prometheus.get_config_interval@29
      prometheus.get_config_timeout@29 prometheus.http-client prometheus.http-client-file
      prometheus.ready_timeout prometheus.url reloader.config-envsubst-file reloader.config-file
      reloader.method@34 reloader.process-name@34 reloader.retry-interval reloader.rule-dir*
      reloader.watch-interval shipper.ignore-unequal-block-size! shipper.meta-file-name@34
      shipper.upload-compacted! tsdb.path`,
  ],
  'tools bucket ls': [
    COMMON,
    BUCKET,
    `
      exclude-delete! max-time@39 min-time@39 output selector.relabel-config-file@39 selector.relabel-config@39
      timeout@39`,
  ],
  'tools bucket web': [
    COMMON,
    BUCKET,
    SERVER,
    `
      disable-admin-operations!@33 label max-time min-time refresh selector.relabel-config
      selector.relabel-config-file timeout web.disable-cors! web.external-prefix web.prefix-header
      web.route-prefix`,
  ],
  'tools bucket verify': [
    COMMON,
    BUCKET,
    `
      delete-delay id* issues* objstore-backup.config objstore-backup.config-file repair!`,
  ],
  'tools bucket inspect': [
    COMMON,
    BUCKET,
    `
      output selector* sort-by* timeout`,
  ],
  'tools bucket cleanup': [
    COMMON,
    `
      block-sync-concurrency consistency-delay delete-delay objstore.config-file@36 objstore.config@36
      selector.relabel-config selector.relabel-config-file`,
  ],
  'tools bucket downsample': [
    COMMON,
    BUCKET,
    SERVER,
    `
      block-files-concurrency@32 data-dir downsample.concurrency hash-func wait-interval`,
  ],
  'tools bucket replicate': [
    COMMON,
    BUCKET,
    SERVER,
    `
      compaction* compaction-max@32 compaction-min@32 id* ignore-marked-for-deletion! matcher max-time min-time
      objstore-to.config objstore-to.config-file resolution* single-run!`,
  ],
  'tools bucket retention': [
    COMMON,
    `
      block-sync-concurrency consistency-delay delete-delay objstore.config-file@36 objstore.config@36
      retention.resolution-1h retention.resolution-5m retention.resolution-raw selector.relabel-config
      selector.relabel-config-file`,
  ],
  'tools bucket rewrite': [
    COMMON,
    BUCKET,
    `
      delete-blocks! dry-run! hash-func id* prom-blocks! rewrite.add-change-log! rewrite.to-delete-config
      rewrite.to-delete-config-file rewrite.to-relabel-config rewrite.to-relabel-config-file tmp.dir`,
  ],
  'tools bucket mark': [
    COMMON,
    BUCKET,
    `
      details id* marker remove!@30`,
  ],
};
