import { App } from 'cdk8s';
import {
  type GrpcTlsOptions,
  HttpConfig,
  type MonitoringOptions,
  OtlpProtocol,
  type ReceiveRouterOptions,
  ThanosStack,
  type ThanosStackProps,
  TlsCa,
  TlsCertificate,
  Tracing,
} from '../../src/index';
import { rsaCa } from '../fixtures/certificates';
import { placeBeside } from './build-beside';
import { bucketOf } from './build-bucket';
import { frontendCaches, storeCaches } from './build-caches';
import { closed, compactorShards, hashrings, storeShards } from './build-parts';
import { GRPC, HTTP, TRACING } from './names';
import { isMonitored, type Spec, zonesOf } from './spec';

/** Another CA than any of the bucket's. */
const PARTS_CA = rsaCa();

/** A fresh app with the stack of a spec. */
export function build(spec: Spec): App {
  const app = new App();
  placeBeside(spec, new ThanosStack(app, 'stack', stackProps(spec)), {
    grpcTls: grpcTls(spec.grpc),
    httpConfig: httpConfig(spec.http),
    tracing: tracing(spec),
  });
  return app;
}

function stackProps(spec: Spec): ThanosStackProps {
  return {
    name: spec.name,
    namespace: spec.namespace,
    externalLabels: spec.texts.labels,
    ...bucketOf(spec),
    preflightInit: spec.preflightInit,
    zones: zonesOf(spec),
    ...writers(spec),
    ...readers(spec),
    ...around(spec),
  };
}

type Wanted = (part: Spec['parts'][number]) => boolean;
const partsOf =
  ({ parts }: Spec): Wanted =>
  (part) =>
    parts.includes(part);
const sidecarsOf = ({ sidecar }: Spec) => (sidecar ? [{ name: 'side', image: 'side:1' }] : undefined);
const autoscaling = ({ around }: Spec) => (around.scaled ? { maxReplicas: 7, cpu: '500m' } : undefined);
// what asks a Query brings one along
const asksQuery = ({ parts }: Spec) => parts.some((part) => ['query', 'queryFrontend', 'grafana'].includes(part));

function writers(spec: Spec): Partial<ThanosStackProps> {
  const wanted = partsOf(spec);
  const sidecars = sidecarsOf(spec);
  const own = asksQuery(spec) ? {} : { queries: ['q:1'] };
  return {
    receiver: wanted('receiver') ? { sidecars } : undefined,
    hashrings: hashrings(spec),
    receiveRouter: wanted('receiveRouter') ? router(spec) : undefined,
    compactor: wanted('compactor')
      ? {
          shards: compactorShards(spec),
          ...(spec.scheduled ? { schedule: { cron: '0 */6 * * *' } } : { sidecars }),
        }
      : undefined,
    ruler: wanted('ruler') ? { sidecars, ...own, ...ruler(spec) } : undefined,
    preflight: wanted('preflight') ? {} : undefined,
  };
}

function router(spec: Spec): ReceiveRouterOptions {
  const rings = spec.parts.includes('receiver') || spec.rings.length > 0 ? {} : RINGS;
  return { sidecars: sidecarsOf(spec), autoscaling: autoscaling(spec), ...rings };
}

function readers(spec: Spec): Partial<ThanosStackProps> {
  const wanted = partsOf(spec);
  const sidecars = sidecarsOf(spec);
  // a frontend has no password to give
  const open = spec.http === 'locked' ? { httpConfig: httpConfig('secret') } : {};
  return {
    storeGateway: wanted('storeGateway')
      ? { sidecars, storage: { ephemeral: spec.sidecar }, shards: storeShards(spec), ...storeCaches(spec) }
      : undefined,
    query: asksQuery(spec)
      ? { sidecars, autoscaling: autoscaling(spec), endpoints: ['other:10901'], ...open }
      : undefined,
    queryFrontend: wanted('queryFrontend')
      ? { sidecars, autoscaling: autoscaling(spec), ...frontendCaches(spec) }
      : undefined,
    bucketWeb: wanted('bucketWeb') ? { sidecars, label: spec.texts.webLabel } : undefined,
    grafana: wanted('grafana') ? { sidecars } : undefined,
  };
}

function around(spec: Spec): Partial<ThanosStackProps> {
  return {
    monitoring: isMonitored(spec) ? monitoring(spec) : undefined,
    grpcTls: grpcTls(spec.grpc),
    httpConfig: httpConfig(spec.http),
    networkPolicies: closed(spec),
    stackCheck: spec.around.check ? { image: { repository: 'check', tag: '1' } } : undefined,
    tracing: tracing(spec),
  };
}

function tracing({ around, texts }: Spec): Tracing | undefined {
  if (around.tracing === 'none') return undefined;
  if (around.tracing === 'secret') return Tracing.fromSecretName(TRACING);
  const resourceAttributes = { text: texts.annotation };
  return Tracing.otlp({ endpoint: 'traces.example.com:4318', protocol: OtlpProtocol.HTTP, resourceAttributes });
}

const RINGS = { rings: [{ endpoints: ['other:10901'] }] };

/** All but one: they hold no text of a user's, and take their time to write. */
const BOARDS = ['receive', 'store', 'compact', 'query', 'rule', 'bucket', 'certificates'];

function monitoring({ monitoring, texts }: Spec): MonitoringOptions {
  const scrape = monitoring === 'operator' ? { podMonitor: {} } : { scrapeAnnotations: {} };
  const alertLabels = { text: texts.annotation };
  return { ...scrape, alerts: { alertLabels }, dashboards: { folder: `Of ${texts.region}`, without: BOARDS } };
}

function grpcTls(grpc: Spec['grpc']): GrpcTlsOptions | undefined {
  const certificate = TlsCertificate.fromSecretName(GRPC.certificate);
  switch (grpc) {
    case 'plain':
      return undefined;
    case 'secret':
      return { certificate };
    case 'text':
      return { certificate, ca: TlsCa.fromPem(PARTS_CA), serverName: 'parts.example.com' };
    case 'issued':
      return { certificate: TlsCertificate.fromIssuer('parts') };
    case 'open':
      return { certificate, mutual: false };
  }
}

function httpConfig(http: Spec['http']): HttpConfig | undefined {
  const certificate = TlsCertificate.fromSecretName(HTTP.certificate);
  switch (http) {
    case 'plain':
      return undefined;
    case 'secret':
      return HttpConfig.tls({ certificate });
    case 'text':
      return HttpConfig.tls({ certificate, ca: TlsCa.fromPem(PARTS_CA), serverName: 'parts.example.com' });
    case 'issued':
      return HttpConfig.tls({ certificate: TlsCertificate.fromIssuer('parts') });
    case 'locked':
      return HttpConfig.fromSecretName(HTTP.web, { tls: { certificate }, basicAuth: { secretName: HTTP.login } });
  }
}

function ruler({ stateless, sidecar, http, texts }: Spec) {
  const rules = [{ name: 'g', rules: [{ alert: 'A', expr: 'up == 0', annotations: { text: texts.annotation } }] }];
  const basicAuth = { username: texts.webLabel.replace(/\p{Cc}/gu, '') || 'a', password: { secretName: 'login' } };
  const remoteWrite = stateless ? [{ url: 'http://receive:19291/api/v1/receive', basicAuth }] : undefined;
  return { rules, remoteWrite, ruleReload: sidecar && http !== 'locked' ? {} : undefined };
}
