import { ApiObject, Duration } from 'cdk8s';
import {
  BlockMarker,
  BucketJob,
  type BucketJobOptions,
  BucketReplicate,
  BucketTool,
  type GrpcTlsOptions,
  type HttpConfig,
  ObjstoreConfig,
  ThanosSidecar,
  type ThanosStack,
} from '../../src/index';
import { secondBucket } from './build-bucket';
import { NAMES } from './names';
import type { Spec } from './spec';
import type { BesideSpec } from './spec-parts';

interface Serving {
  readonly grpcTls?: GrpcTlsOptions;
  readonly httpConfig?: HttpConfig;
}

/** What stands beside the components of a stack, in its chart. */
export function placeBeside(spec: Spec, stack: ThanosStack, serving: Serving): void {
  const { prometheus, replicate, tool, toolScheduled } = spec.beside;
  const objstore = stack.objstore!;
  if (prometheus !== 'none') {
    const of = prometheus === 'workload' ? workload : resource;
    new ThanosSidecar(stack, 'Sidecar', { prometheus: of(stack, spec), objstore, ...serving });
  }
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

const LABELS = { app: 'prometheus' };

/** A Prometheus of one's own. */
function workload(stack: ThanosStack, { namespace }: Spec): ApiObject {
  const blocks = ['min', 'max'].map((end) => `--storage.tsdb.${end}-block-duration=2h`);
  const volumeMounts = [{ name: 'data', mountPath: '/prometheus' }];
  return new ApiObject(stack, 'Prometheus', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'prometheus', namespace },
    spec: {
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          securityContext: { fsGroup: 65534 },
          containers: [{ name: 'prometheus', image: 'prom', args: blocks, volumeMounts }],
          volumes: [{ name: 'data', emptyDir: {} }],
        },
      },
    },
  });
}

/** A Prometheus of the operator, under the account that the bucket may need. */
function resource(stack: ThanosStack, { namespace }: Spec): ApiObject {
  return new ApiObject(stack, 'Prometheus', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    metadata: { name: 'k8s', namespace },
    spec: { replicas: 2, serviceAccountName: NAMES.serviceAccount },
  });
}
