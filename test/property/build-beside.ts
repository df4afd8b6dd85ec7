import { ApiObject, Duration } from 'cdk8s';
import {
  BlockMarker,
  BucketJob,
  type BucketJobOptions,
  BucketReplicate,
  BucketTool,
  CertificateAlerts,
  ThanosGrpcRoute,
  type GrpcTlsOptions,
  type HttpConfig,
  ThanosHttpRoute,
  type IBackend,
  ThanosIngress,
  ObjstoreConfig,
  Query,
  SidecarPodMonitor,
  ThanosSidecar,
  type ThanosStack,
  type Tracing,
} from '../../src/index';
import { prometheusSet } from '../fixtures/workloads';
import type { Json } from '../render';
import { secondBucket } from './build-bucket';
import { NAMES } from './names';
import type { Spec } from './spec';
import type { BesideSpec } from './spec-parts';

interface Serving {
  readonly grpcTls?: GrpcTlsOptions;
  readonly httpConfig?: HttpConfig;
  readonly tracing?: Tracing;
}

/** What stands beside the components of a stack, in its chart. */
export function placeBeside(spec: Spec, stack: ThanosStack, serving: Serving): void {
  const { replicate, tool, toolScheduled } = spec.beside;
  const objstore = stack.objstore!;
  placePrometheus(spec, stack, serving);
  placeAround(spec, stack);
  const second = replicate || tool === 'replicate' ? secondOf(spec, stack) : undefined;
  if (replicate) {
    const { httpConfig } = serving;
    new BucketReplicate(stack, 'Replicate', { objstore, destination: second!, httpConfig });
  }
  if (tool !== 'none') {
    const { make, ...options } = TOOLS[tool];
    const schedule = toolScheduled ? '0 3 * * *' : undefined;
    new BucketJob(stack, 'Job', { objstore, tool: make(second!), schedule, ...options });
  }
}

/** A Prometheus with its sidecar, which is watched and asked beside the stack. */
function placePrometheus(spec: Spec, stack: ThanosStack, { tracing, ...serving }: Serving): void {
  const { prometheus, sidecarMonitor, sidecarAsked } = spec.beside;
  if (prometheus === 'none') return;
  const made = prometheus === 'workload' ? workload(stack, spec) : resource(stack, spec, 'Prometheus', { replicas: 2 });
  const sidecar = new ThanosSidecar(stack, 'Sidecar', { prometheus: made, objstore: stack.objstore, ...serving });
  if (sidecarMonitor) new SidecarPodMonitor(stack, 'SidecarMonitor', { sidecar });
  if (sidecarAsked) new Query(stack, 'Asking', { instance: ASKING, sources: [sidecar], tracing, ...serving });
}

/** What opens nothing, or opens the bucket and is none of the library's. */
function placeAround(spec: Spec, stack: ThanosStack): void {
  const { route, routeTo, operatedRuler } = spec.beside;
  const objstore = stack.objstore!;
  if (operatedRuler) objstore.grantTo(resource(stack, spec, 'ThanosRuler', { queryEndpoints: ['q:1'] }));
  if (spec.around.certificateAlerts) new CertificateAlerts(stack, 'Certificates', { objstore });
  const http = [stack.queryFrontend, stack.grafana, stack.bucketWeb];
  const backends = [stack.query, stack.receiver, stack.receiveRouter, ...(route === 'grpc' ? [] : http)];
  const there = backends.filter((part) => part !== undefined);
  if (route !== 'none' && there.length > 0) ROUTES[route](stack, there[routeTo % there.length]);
}

const hosts = ['thanos.example.com'];
const gateways = [{ name: 'gateway' }];
const ROUTES: Record<Exclude<BesideSpec['route'], 'none'>, (stack: ThanosStack, to: IBackend) => void> = {
  ingress: (stack, to) => void new ThanosIngress(stack, 'Route', { to, hosts, tlsSecretName: 'ingress-tls' }),
  http: (stack, to) => void new ThanosHttpRoute(stack, 'Route', { to, hosts, gateways }),
  grpc: (stack, to) => void new ThanosGrpcRoute(stack, 'Route', { to, hosts, gateways }),
};

/** Name of the stack to whose bucket blocks are copied. */
export const secondName = ({ name }: Spec): string => `${name}-copy`;

function secondOf(spec: Spec, stack: ThanosStack): ObjstoreConfig {
  const { namespace } = spec;
  return new ObjstoreConfig(stack, 'Second', {
    instance: secondName(spec),
    namespace,
    ...secondBucket(spec.beside.second),
  });
}

const ids = ['01FFFFFFFFFFFFFFFFFFFFFFFF'];
const marked = { ids, marker: BlockMarker.NO_COMPACT };
const deletions = [{ matchers: '{a="b"}' }];
const unsafeChangesBlocks = true;

type Tool = BucketJobOptions & { readonly make: (second: ObjstoreConfig) => BucketTool };
const TOOLS: Record<Exclude<BesideSpec['tool'], 'none'>, Tool> = {
  ls: { make: () => BucketTool.ls() },
  inspect: { make: () => BucketTool.inspect() },
  verify: { make: () => BucketTool.verify() },
  cleanup: { make: () => BucketTool.cleanup() },
  retention: {
    make: () => BucketTool.retention({ retention: { raw: Duration.days(30) } }),
    unsafeChangesBlocks,
  },
  downsample: { make: () => BucketTool.downsample(), deadline: Duration.hours(3) },
  mark: { make: () => BucketTool.mark({ ...marked, details: 'why' }), unsafeChangesBlocks },
  unmark: { make: () => BucketTool.unmark(marked), unsafeChangesBlocks },
  rewrite: { make: () => BucketTool.rewrite({ ids, deletions }) },
  replicate: { make: (destination) => BucketTool.replicate({ destination }) },
};

/** Instance of the Query that asks the sidecar. */
const ASKING = 'asking';

/** A Prometheus of one's own. */
function workload(stack: ThanosStack, { namespace }: Spec): ApiObject {
  const metadata = { name: 'prometheus', namespace };
  return prometheusSet(stack, { id: 'Prometheus', metadata, spec: { securityContext: { fsGroup: 65534 } } });
}

/** A resource of the operator, under the account that the bucket may need. */
function resource(stack: ThanosStack, { namespace }: Spec, kind: string, spec: Json): ApiObject {
  return new ApiObject(stack, kind, {
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    metadata: { name: 'k8s', namespace },
    spec: { serviceAccountName: NAMES.serviceAccount, ...spec },
  });
}
