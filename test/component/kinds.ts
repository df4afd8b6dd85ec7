import type { Chart } from 'cdk8s';
import {
  BucketReplicate,
  BucketWeb,
  Compactor,
  type ComponentOptions,
  type ComponentPlacementProps,
  type HttpPartOptions,
  ObjstoreConfig,
  Query,
  QueryFrontend,
  Receiver,
  ReceiveRouter,
  Ruler,
  S3Credentials,
  StoreGateway,
  type ThanosComponent,
} from '../../src/index';
import { bucket, make, type Made } from './made';

type Common = ComponentOptions & HttpPartOptions & ComponentPlacementProps;

const DOWNSTREAM = 'http://thanos-query.monitoring.svc.cluster.local:10902';

const CREATE: Record<string, (scope: Chart, options: Common) => ThanosComponent> = {
  receiver: (scope, o) => new Receiver(scope, 'Component', { objstore: bucketOf(scope, o), ...o }),
  'receive-router': (scope, o) => new ReceiveRouter(scope, 'Component', { rings: [{ endpoints: ['r:10901'] }], ...o }),
  compactor: (scope, o) => new Compactor(scope, 'Component', { objstore: bucketOf(scope, o), ...o }),
  store: (scope, o) => new StoreGateway(scope, 'Component', { objstore: bucketOf(scope, o), ...o }),
  ruler: (scope, o) =>
    new Ruler(scope, 'Component', {
      objstore: bucketOf(scope, o),
      queries: ['query:10902'],
      alertmanagers: ['http://alertmanager:9093'],
      ...o,
    }),
  query: (scope, o) => new Query(scope, 'Component', { endpoints: ['sidecar:10901'], ...o }),
  'query-frontend': (scope, o) => new QueryFrontend(scope, 'Component', { downstreamUrl: DOWNSTREAM, ...o }),
  'bucket-web': (scope, o) => new BucketWeb(scope, 'Component', { objstore: bucketOf(scope, o), ...o }),
  'bucket-replicate': (scope, o) =>
    new BucketReplicate(scope, 'Component', { objstore: bucketOf(scope, o), destination: archive(scope, o), ...o }),
};

function bucketOf(scope: Chart, { namespace }: Common) {
  return bucket(scope, { namespace });
}

/** Another bucket than that of the components. */
function archive(scope: Chart, { namespace }: Common): ObjstoreConfig {
  const credentials = S3Credentials.fromSecretName('archive-keys');
  return new ObjstoreConfig(scope, 'Archive', {
    ...{ namespace, instance: 'archive', bucket: 'archive', endpoint: 's3.example.com', credentials },
  });
}

/** Every kind of component, by its label `app.kubernetes.io/component`. */
export const KINDS = Object.keys(CREATE);

/** The smallest component of a kind, with these options. */
export function makeKind(kind: string, options: Common = {}): Made<ThanosComponent> {
  return make((scope) => CREATE[kind](scope, options));
}
