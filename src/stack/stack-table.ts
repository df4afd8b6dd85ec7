import type { IConstruct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { NOT_OF_THIS, OF_OBJSTORE } from '../objstore/bucket-fields';
import { OBJECT_STORAGE, OBJSTORE } from '../objstore/objstore-row';
import { HASHRING } from '../component/ring-options';
import { GRPC_TLS } from '../component/tls/grpc-tls';
import { HTTP_CONFIG } from '../component/tls/http-config';
import { instanceName } from '../support/identity';
import { dnsDomain, dnsLabel } from '../support/names';
import { InputProblem, problem } from '../support/problem';
import { annotationMap, anyText, labelMap, listOf, mapOf, struct, wholeNumber, yesOrNo } from '../support/rows';
import { type FieldsElsewhere, notFields } from '../support/shape';
import { MONITORING } from '../monitoring/monitoring-options';
import { REQUEST_LOGGING_ROW } from '../component/request-logging';
import { TRACING } from '../pod/tracing';
import { SERVICE_ACCOUNT } from '../pod/service-account';
import { later, readProps, required, type Row, type StructTable } from '../support/table';
import { THANOS_POD_OPTIONS } from '../pod/thanos-pod-options';
import { NETWORK_POLICY_OPTIONS } from '../policy/network-policy-options';
import { emptyStack, PARTS } from './empty-stack';
import type { StackHashring } from './stack-hashring';
import type { ThanosStackProps } from './thanos-stack-props';

/** What the stack gives its parts, and where the user says it instead. */
const GIVEN: Readonly<Record<string, string>> = {
  instance: 'give it as name of the stack',
  namespace: 'give it as namespace of the stack',
  clusterDomain: 'give it as clusterDomain of the stack',
  objstore: 'give objstore, objectStorage or objstoreConfig to the stack',
  preflightInit: 'give preflightInit to the stack',
  queryApis: 'it is the Query of the stack; give others as queries',
  downstream: 'it is the Query of the stack; for another one make a QueryFrontend of its own',
  downstreamUrl: 'it is the Query of the stack; for another one make a QueryFrontend of its own',
  datasource: 'it is the query frontend or Query of the stack; for another one make a Grafana of its own',
  datasourceUrl: 'it is the query frontend or Query of the stack; for another one make a Grafana of its own',
  dashboards: 'give monitoring: { dashboards: {} } to the stack; for those of others make a Grafana of its own',
};

const DEFAULTS = 'leave it out, or give {} for the defaults';

/** How a ring of a stack is read. Its receivers read their own options. */
const STACK_HASHRING: StructTable<StackHashring> = {
  name: required(dnsLabel),
  tenants: HASHRING.tenants,
  tenantMatcher: HASHRING.tenantMatcher,
  shuffleSharding: HASHRING.shuffleSharding,
  receiver: part(),
};

/** How the props of a stack are read. Each part reads its own options. */
const STACK_PROPS: StructTable<ThanosStackProps> = {
  name: instanceName,
  namespace: dnsLabel,
  createNamespace: yesOrNo,
  cluster: dnsLabel,
  clusterDomain: dnsDomain,
  zones: listOf(dnsLabel),
  labels: labelMap,
  externalLabels: mapOf(anyText),
  objstore: part({}, 'give { bucket: …, endpoint: …, credentials: … }'),
  objectStorage: OBJECT_STORAGE,
  objstoreConfig: OBJSTORE,
  bucketServiceAccount: SERVICE_ACCOUNT,
  recommendResources: yesOrNo,
  receiver: part(),
  receiveRouter: part(NOT_OF_THIS),
  hashrings: listOf(struct(STACK_HASHRING)),
  compactor: part(),
  storeGateway: part(),
  ruler: part(),
  query: part(NOT_OF_THIS),
  queryFrontend: part(NOT_OF_THIS),
  bucketWeb: part(),
  preflight: part(),
  preflightInit: yesOrNo,
  certificateAlerts: part(),
  monitoring: later(() => MONITORING),
  stackCheck: part(),
  grpcTls: GRPC_TLS,
  httpConfig: HTTP_CONFIG,
  grafana: part(NOT_OF_THIS),
  networkPolicies: later(() => struct(NETWORK_POLICY_OPTIONS)),
  image: THANOS_POD_OPTIONS.image,
  logLevel: THANOS_POD_OPTIONS.logLevel,
  logFormat: THANOS_POD_OPTIONS.logFormat,
  tracing: TRACING,
  requestLogging: REQUEST_LOGGING_ROW,
  extraArgs: THANOS_POD_OPTIONS.extraArgs,
  annotations: annotationMap,
  syncWave: wholeNumber(-1000, 1000),
  security: THANOS_POD_OPTIONS.security,
  nodeSelector: THANOS_POD_OPTIONS.nodeSelector,
  tolerations: THANOS_POD_OPTIONS.tolerations,
  priorityClassName: THANOS_POD_OPTIONS.priorityClassName,
};

/** Reads the props of a stack. That they name no part is told when the app is finished: parts may be added. */
export function readStack(stack: IConstruct, given: unknown): ThanosStackProps {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw problem(stack, 'props', `${notFields(given)}. ${PARTS}`);
  appChecks(stack).judges.push(emptyStack(stack));
  return readProps(stack, STACK_PROPS, given, OF_OBJSTORE);
}

/** Options of a part, without what the stack gives it, and what the part itself says more of. */
function part<P extends object>(itself: FieldsElsewhere = {}, give = DEFAULTS): Row<P> {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new InputProblem(`${notFields(value)}; ${give}`);
    for (const [field, advice] of Object.entries(GIVEN)) {
      if (value[field] !== undefined && !(field in itself))
        throw new InputProblem(`${field}: comes from the stack; ${advice}`);
    }
    return value;
  };
}
