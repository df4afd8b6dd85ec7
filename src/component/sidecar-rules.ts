import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Finished } from '../app/finished';
import type { AppRegistry } from '../app/registry';
import { stands } from '../app/stands';
import { operated } from '../manifest/operated';
import { list } from '../manifest/pod-specs';
import { containersOf, templateOf } from '../manifest/pod-template';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import type { Json } from '../support/json';
import { found, phrase } from '../support/problem';
import { SIDECAR } from './prometheus-beside';

/** The namespace of objects that say none. */
const DEFAULT = 'default';

const SIDECARS = new WeakMap<ApiObject, IConstruct[]>();

/** A sidecar, and the Prometheus that it is given to. */
interface Pair {
  readonly sidecar: IConstruct;
  readonly workload: ApiObject;
  /** Where its Service lies. */
  readonly namespace: string;
  readonly objstore?: ObjstoreConfig;
}

/** What a sidecar and its Prometheus must be to each other, whoever makes the container. */
export function judgePair(registry: AppRegistry, pair: Pair): void {
  const { sidecar, workload } = pair;
  const { path } = sidecar.node;
  SIDECARS.set(workload, [...(SIDECARS.get(workload) ?? []), sidecar]);
  const fits = (prop: string, problems: (json: Json) => string[]): void =>
    void registry.fits.push({ construct: sidecar, prop, workload, problems });
  fits('prometheus', (json) => twins(json, pair));
  fits('namespace', (json) => elsewhere(json, pair));
  const advise = (objects: readonly Finished[]): string[] =>
    objects.some(({ object, json }) => object === workload && isUnlabelled(json))
      ? [
          `${path}: prometheus: ${workload.kind} ${workload.name} has no external labels: externalLabels is empty, and replicaExternalLabelName and prometheusExternalLabelName are "". Without one Thanos ends. Give it spec.externalLabels`,
        ]
      : [];
  const removed = phrase(
    path,
    'prometheus',
    `${workload.node.path} was removed from the tree, and its Service would find no pods. Remove the ThanosSidecar too`,
  );
  registry.judges.push({ construct: sidecar, judge: () => (stands(workload) ? [] : [removed]), advise });
}

/** Kubernetes takes one container of a name. */
function twins(json: Json, { sidecar, workload }: Pair): string[] {
  const named = `${json.kind} ${json.metadata?.name}`;
  const all = SIDECARS.get(workload)!.filter(stands);
  if (all[0] !== sidecar)
    return [`${named} has the sidecar ${found(all[0].node.path)} already, and a pod has one. Remove one of the two`];
  const containers = operated(json) ? [] : containersOf(templateOf(json)).filter(({ name }) => name === SIDECAR);
  return all.length === 1 && containers.length > 1
    ? [`${named} has a container ${found(SIDECAR)} of its own. Remove it there`]
    : [];
}

/** A Service finds pods of its own namespace only. Of the bucket's the Grant tells. */
function elsewhere(json: Json, { namespace, objstore }: Pair): string[] {
  const own = json.metadata?.namespace ?? DEFAULT;
  if (own === namespace || (objstore && objstore.namespace !== own)) return [];
  return [
    `of the Service is ${namespace}, where it finds no pods: ${json.kind} ${json.metadata?.name} is in ${own}. Give the two one, here or by the namespace of the chart of Prometheus`,
  ];
}

/** Whether the operator gives a Prometheus no external labels at all: by default it gives two. */
function isUnlabelled(json: Json): boolean {
  if (!operated(json)) return false;
  const {
    externalLabels,
    replicaExternalLabelName: replica,
    prometheusExternalLabelName: prometheus,
  } = json.spec ?? {};
  return replica === '' && prometheus === '' && Object.keys(externalLabels ?? {}).length === 0;
}

const REPLICA_LABEL = 'prometheus_replica';

/**
 * The external label that tells the replicas of a Prometheus apart; undefined where the operator is told to give none
 * (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusSpec).
 */
export function replicaLabelOf(json: Json): string | undefined {
  const said = operated(json) ? json.spec?.replicaExternalLabelName : undefined;
  return (said ?? REPLICA_LABEL) || undefined;
}

/** Whether the sidecar of a finished workload opens the bucket. */
export function opensBucket(json: Json): boolean {
  const { objectStorageConfig, objectStorageConfigFile } = operated(json)?.thanos(json.spec ?? {}) ?? {};
  const args = containersOf(templateOf(json)).flatMap((one) => (one.name === SIDECAR ? list(one.args) : []));
  return [
    objectStorageConfig,
    objectStorageConfigFile,
    args.find((arg) => String(arg).startsWith('--objstore.config')),
  ].some((one) => one !== undefined);
}
