import { App } from 'cdk8s';
import {
  type GrpcTlsOptions,
  HttpConfig,
  type MonitoringOptions,
  type ObjstoreOptions,
  S3Ca,
  S3ClientCertificate,
  S3Credentials,
  S3Encryption,
  StsTrust,
  ThanosStack,
  type ThanosStackProps,
  TlsCa,
  TlsCertificate,
} from '../../src/index';
import { CA_BUNDLE, ECDSA_CA, rsaCa } from '../fixtures/certificates';
import { isMonitored, type KeysSpec, type Spec, zonesOf } from './spec';

/** Names of the Secrets and ConfigMaps that a spec refers to. */
export const NAMES = {
  ca: 'given-ca',
  keys: 'given-keys',
  client: 'given-client-certificate',
  customerKey: 'given-customer-key',
  serviceAccount: 'given-identity',
};

/** The same of what the ports serve, which is none of the bucket's. */
export const GRPC = { certificate: 'given-grpc' };
export const HTTP = { certificate: 'given-http', web: 'given-web', login: 'given-login' };

/** Another CA than any of the bucket's. */
const PARTS_CA = rsaCa();

/** A fresh app with the stack of a spec. */
export function build(spec: Spec): App {
  const app = new App();
  new ThanosStack(app, 'stack', stackProps(spec));
  return app;
}

function stackProps(spec: Spec): ThanosStackProps {
  const sidecars = spec.sidecar ? [{ name: 'side', image: 'side:1' }] : undefined;
  const wanted = (part: Spec['parts'][number]): boolean => spec.parts.includes(part);
  // what asks a Query brings one along
  const query = wanted('query') || wanted('queryFrontend') || wanted('grafana');
  return {
    name: spec.name,
    namespace: spec.namespace,
    externalLabels: spec.texts.labels,
    objstore: objstore(spec),
    preflightInit: spec.preflightInit,
    zones: zonesOf(spec),
    receiver: wanted('receiver') ? { sidecars } : undefined,
    receiveRouter: wanted('receiveRouter') ? { sidecars, ...(wanted('receiver') ? {} : RINGS) } : undefined,
    compactor: wanted('compactor')
      ? spec.scheduled
        ? { schedule: { cron: '0 */6 * * *' } }
        : { sidecars }
      : undefined,
    storeGateway: wanted('storeGateway') ? { sidecars, storage: { ephemeral: spec.sidecar } } : undefined,
    ruler: wanted('ruler') ? { sidecars, ...(query ? {} : { queries: ['q:1'] }), ...ruler(spec) } : undefined,
    // a frontend has no password to give
    query: query
      ? {
          sidecars,
          endpoints: ['other:10901'],
          ...(spec.http === 'locked' ? { httpConfig: httpConfig('secret') } : {}),
        }
      : undefined,
    queryFrontend: wanted('queryFrontend') ? { sidecars } : undefined,
    bucketWeb: wanted('bucketWeb') ? { sidecars, label: spec.texts.webLabel } : undefined,
    preflight: wanted('preflight') ? {} : undefined,
    grafana: wanted('grafana') ? { sidecars } : undefined,
    monitoring: isMonitored(spec) ? monitoring(spec) : undefined,
    grpcTls: grpcTls(spec.grpc),
    httpConfig: httpConfig(spec.http),
  };
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

function objstore(spec: Spec): ObjstoreOptions {
  const { texts, ca } = spec;
  const sts = ['service-account', 'web-identity', 'aws-sdk'].includes(spec.keys.kind);
  const trust = spec.keys.trustCa ? StsTrust.S3_CA : StsTrust.PUBLIC_ROOTS;
  return {
    bucket: 'thanos',
    endpoint: 's3.minio.example.com:9000',
    ca: caOf(spec),
    credentials: credentials(spec.keys),
    clientCertificate: spec.clientCertificate ? S3ClientCertificate.fromSecretName(NAMES.client) : undefined,
    encryption: encryption(spec),
    stsTrust: sts && ca.kind !== 'none' ? trust : undefined,
    region: texts.region,
    prefix: texts.prefix,
    userMetadata: texts.metadata,
  };
}

function caOf({ ca }: Spec): S3Ca | undefined {
  switch (ca.kind) {
    case 'none':
      return undefined;
    case 'text':
      return S3Ca.fromPem(ca.bundle ? CA_BUNDLE : ECDSA_CA);
    case 'secret':
      return S3Ca.fromSecretName(NAMES.ca, { key: ca.key, exclusive: ca.exclusive });
    case 'configMap':
      return S3Ca.fromConfigMapName(NAMES.ca, { key: ca.key, exclusive: ca.exclusive });
  }
}

function credentials({ kind, session }: KeysSpec): S3Credentials {
  switch (kind) {
    case 'secret':
      return S3Credentials.fromSecretName(NAMES.keys, {
        accessKeyKey: 'id',
        secretKeyKey: 'key',
        sessionTokenKey: session ? 'token' : undefined,
      });
    case 'file':
      return S3Credentials.fromCredentialsFile(NAMES.keys, { profile: session ? 'thanos' : undefined });
    case 'service-account':
      return S3Credentials.fromServiceAccountName(NAMES.serviceAccount);
    case 'web-identity':
      return S3Credentials.fromWebIdentity({ serviceAccountName: NAMES.serviceAccount });
    case 'aws-sdk':
      return S3Credentials.awsSdk(session ? { serviceAccountName: NAMES.serviceAccount } : {});
    case 'anonymous':
      return S3Credentials.anonymous();
    case 'plain':
      return S3Credentials.unsafePlainText({
        accessKey: 'access',
        secretKey: 'secret',
        sessionToken: session ? 'token' : undefined,
      });
  }
}

function encryption(spec: Spec): S3Encryption | undefined {
  switch (spec.encryption) {
    case 's3':
      return S3Encryption.s3();
    case 'kms':
      return S3Encryption.kms('key-id', { context: { a: 'b' } });
    case 'customer':
      return S3Encryption.customerKeyFromSecretName(NAMES.customerKey);
    default:
      return undefined;
  }
}
