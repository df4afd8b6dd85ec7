// The public surface, in reading order.

// What the user knows of the bucket
export {
  type IS3Ca,
  S3Ca,
  type S3CaSource,
  type S3CaDeliveryOptions,
  type S3CaPemOptions,
  type S3CaReferenceOptions,
} from './input/s3-ca';
export {
  S3Credentials,
  type S3AwsSdkOptions,
  type S3CredentialsFileOptions,
  type S3PlainTextKeys,
  type S3SecretOptions,
  type S3WebIdentityOptions,
} from './input/s3-credentials';
export {
  SecretDelivery,
  SealedScope,
  type ExternalSecretOptions,
  type RemoteKey,
  type SealedOptions,
} from './input/secret-delivery';
export { S3BucketClaim } from './input/s3-bucket-claim';
export { S3ClientCertificate, type S3ClientCertificateOptions } from './input/s3-client-certificate';
export { S3Encryption, type S3CustomerKeyOptions, type S3KmsOptions } from './input/s3-encryption';
export { S3ServerCertificate, type S3ServerCertificateOptions } from './input/s3-server-certificate';
export {
  BucketLookup,
  ListObjectsVersion,
  Reloader,
  StsTrust,
  type ObjstoreOptions,
  type S3HttpOptions,
} from './input/s3-options';

export { ObjectStorage } from './input/stores/object-storage';
export { type HttpStoreOptions, type StoreOptions } from './input/stores/common';
export { type SecretValue } from './input/stores/secret-value';
export { type AzureOptions } from './input/stores/azure';
export { type BosOptions } from './input/stores/bos';
export { type CosOptions } from './input/stores/cos';
export { type FilesystemOptions } from './input/stores/filesystem';
export { type GcsOptions } from './input/stores/gcs';
export { type ObsOptions } from './input/stores/obs';
export { type OciOptions, OciProvider } from './input/stores/oci';
export { type OssOptions } from './input/stores/oss';
export { type OwnObjstoreOptions } from './input/stores/own-objstore';
export { type SwiftOptions } from './input/stores/swift';

// The bucket as Kubernetes objects, and who may open it
export { S3CaSecret, type S3CaSecretProps } from './objstore/s3-ca-secret';
export { TrustBundle, type TrustBundleKey, type TrustBundleProps } from './objstore/trust-bundle';
export { ObjectBucketClaim, type ObjectBucketClaimProps } from './objstore/object-bucket-claim';
export { ObjstoreConfig, type ObjstoreConfigProps, type ObjstorePlacement } from './objstore/objstore-config';
export { type GrantOptions } from './objstore/grant-options';
export { GrantTable } from './app/grant-table';
export { type GrantRow } from './app/grant-row';
export { ThanosTesting } from './app/thanos-testing';

// What every component can be told
export { type ImageOptions, ImagePullPolicy } from './pod/image';
export { LogFormat, LogLevel } from './pod/logging';
export { type ResourceAmounts, type ResourceOptions } from './pod/resources';
export { type ProbeOptions, type ProbesOptions } from './pod/probes';
export { type EnvSource, type EnvVariable } from './pod/env';
export { type VolumeMountOptions } from './pod/mounts';
export { OtlpProtocol, type OtlpTracingOptions, Tracing, type TracingSecretOptions } from './pod/tracing';
export {
  type GrpcRequestLogOptions,
  type HttpRequestLogOptions,
  type RequestLoggingOptions,
  type RequestLoggingProps,
  RequestLogLevel,
  RequestLogMoment,
  type RequestLogOptions,
} from './component/request-logging';
export { type IBackend } from './component/backend';
export { type RouteOptions } from './routes/route-options';
export { ThanosIngress, type ThanosIngressProps } from './routes/ingress';
export { type GatewayOptions, type GatewayRouteOptions } from './routes/gateway-options';
export { ThanosHttpRoute, type ThanosHttpRouteProps } from './routes/http-route';
export { ThanosGrpcRoute } from './routes/grpc-route';
export { DnsPolicy, type DnsOption, type DnsOptions, type HostAliasOptions } from './pod/dns';
export { ExternalTraffic, type NodePortOptions, type ServiceOptions, ServiceType } from './pod/service';
export { type ServiceAccountOptions } from './pod/service-account';
export { AntiAffinity, type TolerationOptions, type TopologySpreadOptions } from './pod/scheduling';
export { type SecurityOptions } from './pod/security';
export { type DisruptionBudgetOptions } from './pod/disruption';
export { type AutoscaledOptions, type AutoscalingOptions } from './pod/autoscaling';
export { type StorageOptions, VolumeRetention } from './pod/storage';
export { type PodOptions } from './pod/pod-options';
export { type ThanosPodOptions } from './pod/thanos-pod-options';
export { type ComponentOptions, type ComponentPlacementProps, type PlacementProps } from './pod/component-options';
export { ThanosComponent, type ThanosComponentProps } from './component/thanos-component';
export { type ComponentKind, ComponentPort } from './component/component-kind';
export { type IStoreApi } from './component/store-api';
export { type IQueryApi } from './component/query-api';
export { ThanosSidecar, type ThanosSidecarProps } from './component/sidecar';
export { type SidecarContainerOptions } from './component/sidecar-options';

// Who may speak to whom
export { type CidrPeerOptions, NetworkPeer, type PeerPortOptions, type PodPeerOptions } from './policy/network-peer';
export { NetworkPolicies, type NetworkPoliciesProps } from './policy/network-policies';
export { type NetworkPolicyOptions } from './policy/network-policy-options';

// Components that open the bucket
export { BucketComponent, type BucketComponentProps } from './component/bucket-component';
export { type OptionalBucketProps, type RequiredBucketProps } from './component/bucket-props';
export { Receiver, type ReceiverOptions, type ReceiverProps } from './component/receiver';
export { Compactor, type CompactorOptions, type CompactorProps } from './component/compactor';
export { type CompactionScheduleOptions } from './component/compaction-schedule';
export { type RetentionOptions } from './component/retention';
export { CompactionFunc, type VerticalCompactionOptions } from './component/vertical-compaction';
export { BlockDiscovery, HashFunc } from './component/block-discovery';
export { type BlockPageOptions } from './component/block-page';
export { BlockSelector, type BlockHashOptions } from './component/block-selector';
export { BlockTime } from './component/block-time';
export {
  StoreGateway,
  type StoreGatewayOptions,
  type StoreGatewayProps,
  type StoreLimitsOptions,
  type StoreStorageOptions,
} from './component/store-gateway';
export {
  IndexCache,
  IndexCacheItem,
  type IndexCacheOptions,
  type InMemoryIndexCacheOptions,
  type MemcachedIndexCacheOptions,
  type RedisIndexCacheOptions,
} from './component/index-cache';
export {
  CachingBucket,
  type CachingBucketOptions,
  type GroupcacheOptions,
  type InMemoryCachingBucketOptions,
  type MemcachedCachingBucketOptions,
  type RedisCachingBucketOptions,
} from './component/caching-bucket';
export { type InMemoryCacheOptions } from './component/memory-cache';
export { type MemcachedOptions } from './component/memcached';
export { type CachePasswordOptions, type RedisOptions, type RedisTlsOptions } from './component/redis';
export { CacheCa, type CacheCaOptions } from './component/cache-ca';
export { Ruler, type RulerProps } from './component/ruler';
export { type RulerOptions } from './component/ruler-options';
export { type RuleReloadOptions } from './component/rule-reload';
export {
  type RemoteWriteBasicAuthOptions,
  type RemoteWriteOptions,
  type RemoteWriteTlsOptions,
} from './component/remote-write-options';
export { type SecretFileOptions } from './component/secret-file';
export { type RuleGroup, type RuleOptions } from './rules/rules';
export { PrometheusRuleSource } from './rules/prometheus-rule-source';
export { Preflight, PreflightHook, type PreflightOptions, type PreflightProps } from './component/preflight';
export {
  CertificateAlerts,
  type CertificateAlertsOptions,
  type CertificateAlertsProps,
} from './monitoring/certificate-alerts';
export { type ThanosAlertsOptions } from './monitoring/alerts-options';
export { ThanosPodMonitor, type ThanosPodMonitorOptions, type ThanosPodMonitorProps } from './monitoring/pod-monitor';
export { SidecarPodMonitor, type SidecarPodMonitorProps } from './monitoring/sidecar-pod-monitor';
export { ThanosAlerts, type ThanosAlertsProps } from './monitoring/thanos-alerts';
export { type ScrapeAnnotationsOptions } from './monitoring/scrape-annotations';
export { ThanosDashboards, type ThanosDashboardsProps } from './monitoring/thanos-dashboards';
export { type ThanosDashboardsOptions } from './monitoring/dashboards-options';
export { type MonitoringOptions } from './monitoring/monitoring-options';
export { CheckRole, type CheckRoleProps } from './monitoring/check-role';
export { StackCheck, type StackCheckOptions, type StackCheckProps } from './monitoring/stack-check';
export { PrometheusRules, type PrometheusRulesProps } from './rules/prometheus-rules';
export { BucketJob, type BucketJobOptions, type BucketJobProps } from './component/bucket-job';
export { BucketTool } from './component/bucket-tool';
export {
  BlockIssue,
  BlockMarker,
  type BucketCleanupOptions,
  type BucketDownsampleOptions,
  type BucketInspectOptions,
  type BucketLsOptions,
  type BucketMarkOptions,
  type BucketRetentionOptions,
  type BucketRewriteOptions,
  type BucketUnmarkOptions,
  type BucketVerifyOptions,
  InspectColumn,
  InspectOutput,
} from './component/bucket-tool-options';
export { type BlockDeletion, type BlockIntervalOptions } from './component/block-deletion';
export { type ScratchOptions } from './pod/scratch';
export { BucketReplicate, type BucketReplicateOptions, type BucketReplicateProps } from './component/bucket-replicate';
export { type ReplicationOptions } from './component/replication';
export { BucketWeb, type BucketWebOptions, type BucketWebProps } from './component/bucket-web';

// TLS between the parts
export { TlsCa, type TlsCaPemOptions, type TlsCaReferenceOptions } from './component/tls/tls-ca';
export { TlsCertificate, type TlsSecretOptions } from './component/tls/tls-certificate';
export { type TlsIssuerOptions } from './component/tls/tls-issuer';
export { type EndpointTlsOptions } from './component/tls/endpoint-tls';
export { type GrpcPartOptions, type GrpcTlsOptions } from './component/tls/grpc-tls';
export {
  HttpConfig,
  type HttpBasicAuthOptions,
  type HttpConfigFileOptions,
  type HttpPartOptions,
  type HttpTlsOptions,
} from './component/tls/http-config';

// Components that can't be given the bucket
export { Query, type QueryProps } from './component/query';
export { DeduplicationFunc, PromqlEngine, QueryMode, type QueryOptions } from './component/query-options';
export { type EndpointOptions } from './component/endpoint-options';
export { EndpointsFile, type EndpointsConfigMapOptions, type EndpointsFileOptions } from './component/endpoints-file';
export type { ReceiverTenancyOptions, RouterTenancyOptions } from './component/receive-tenancy';
export { type FrontendTenancyOptions, type QueryTenancyOptions, TenantCertificateField } from './component/tenancy';
export { ConnectionMetricLabel, type QueryTelemetryOptions } from './component/query-telemetry';
export { type ReadLimitsOptions } from './component/read-limits';
export { type WebPrefixOptions } from './component/web-prefix';
export { QueryFrontend, type QueryFrontendProps } from './component/query-frontend';
export { type QueryFrontendOptions } from './component/query-frontend-options';
export { type DynamicSplitOptions } from './component/dynamic-split';
export { type LabelRequestOptions } from './component/label-requests';
export { type DownstreamHttpOptions } from './component/downstream-http';
export { type MetaMonitoringOptions, type TenantWriteLimits, type WriteLimitsOptions } from './component/write-limits';
export { type TsdbOptions } from './component/tsdb-options';
export { ForwardCompression, type ForwardingOptions, ReplicationProtocol } from './component/forwarding';
export { ReceiveRouter, type ReceiveRouterOptions, type ReceiveRouterProps } from './component/receive-router';
export { type HashringOptions } from './component/ring-options';
export { type ShardSizeOverride, type ShuffleShardingOptions } from './component/ring-shuffle';
export { TenantMatcher } from './component/tenant-matcher';
export {
  ResponseCache,
  type InMemoryResponseCacheOptions,
  type MemcachedResponseCacheOptions,
  type RedisResponseCacheOptions,
} from './component/response-cache';
export { Grafana, type GrafanaAdminOptions, type GrafanaOptions, type GrafanaProps } from './grafana/grafana';

// All of it as one chart
export { ThanosStack } from './stack/thanos-stack';
export { type StackHashring } from './stack/stack-hashring';
export { type StackQueryOptions } from './stack/stack-query';
export {
  type CompactorHashShardsOptions,
  type CompactorShardsOptions,
  type CompactorValueShardOptions,
  type CompactorValueShardsOptions,
  type StackCompactorOptions,
} from './stack/compactor-shards';
export {
  type StackStoreGatewayOptions,
  type StoreShardsOptions,
  type StoreTimeShardOptions,
} from './stack/store-shards';
export { type ThanosStackProps } from './stack/thanos-stack-props';

// Many stacks in one app
export { FleetApp } from './fleet/fleet-app';

// How large it must be
export { Capacity } from './capacity/capacity';
export { type BucketPriceOptions, type CapacityOptions, type QueryLoadOptions } from './capacity/capacity-options';
export { type BucketCapacity } from './capacity/bucket-capacity';

// The checks of `cdk8s-thanos lint`, as a validation plugin of cdk8s.yaml
export { ThanosValidation, type ThanosValidationProps } from './lint/thanos-validation';
