import type { ApiObject } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { instanceOf } from '../app/instance';
import { isOurs, place, workloadObject } from '../app/place';
import { requireSameCluster } from '../app/same-app';
import { stands } from '../app/stands';
import { operated } from '../manifest/operated';
import { list } from '../manifest/pod-specs';
import { containersOf, templateOf } from '../manifest/pod-template';
import type { Json } from '../support/json';
import { namespaceOf } from '../objstore/namespace';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { OBJSTORE } from '../objstore/objstore-row';
import { PLACEMENT, type PlacementProps } from '../pod/component-options';
import * as objects from '../pod/objects';
import { type Identity, identityOf, PORTS } from '../support/identity';
import { checked, InputProblem, problem } from '../support/problem';
import { labelMap, text } from '../support/rows';
import { readProps, required, type StructTable } from '../support/table';
import { Flags } from './flags';
import { SIDECAR, urlProblems } from './prometheus-beside';
import { sidecarContainer, sidecarProblems, withSidecar } from './sidecar-container';
import { judgePair, opensBucket, replicaLabelOf } from './sidecar-rules';
import { operatedProblems, sidecarFiles, withFiles, withOperatedFiles } from './sidecar-tls';
import { SIDECAR_CONTAINER, type SidecarContainerOptions } from './sidecar-options';
import type { Context } from './context';
import type { IStoreApi } from './store-api';
import { httpTrust, type HttpTrust } from './tls/ask-http';
import { GRPC_TLS, type GrpcPartOptions, tellGrpcEnds } from './tls/grpc-tls';
import { HTTP_PART, type HttpPartOptions } from './tls/http-config';
import { tellHttp } from './tls/http-files';

/** Properties of a ThanosSidecar. */
export interface ThanosSidecarProps extends SidecarContainerOptions, PlacementProps, GrpcPartOptions, HttpPartOptions {
  /**
   * The Prometheus: a StatefulSet, Deployment or Pod (the ApiObject, or an L2 construct that wraps one, of any version), to
   * which the container is added; or a `Prometheus` of the operator, which makes the container itself.
   */
  readonly prometheus: IConstruct;
  /**
   * The bucket, into which the blocks are uploaded.
   * @default - none: Query reads from Prometheus, and nothing is uploaded
   */
  readonly objstore?: ObjstoreConfig;
  /**
   * Name of the volume or claim template that holds Prometheus' data; for a workload of one's own, whose mount the sidecar
   * takes over.
   * @default data
   */
  readonly dataVolume?: string;
  /**
   * Labels of the pods, by which the Service finds them.
   * @default - those that the workload selects by, or that the operator gives
   */
  readonly podLabels?: { [name: string]: string };
  /**
   * External label of Prometheus that tells its replicas apart.
   * @default - what the operator's resource says (`replicaExternalLabelName`; none where that is ""), else prometheus_replica
   */
  readonly replicaLabel?: string;
}

const PROPS: StructTable<ThanosSidecarProps> = {
  ...SIDECAR_CONTAINER,
  ...PLACEMENT,
  ...HTTP_PART,
  grpcTls: GRPC_TLS,
  prometheus: required(
    (value: IConstruct) => value,
    'Give the workload of Prometheus, or the Prometheus of the operator',
  ),
  objstore: OBJSTORE,
  dataVolume: text,
  podLabels: labelMap,
  replicaLabel: text,
};

/**
 * Thanos Sidecar beside a Prometheus: uploads its blocks with the Grant of the bucket, and answers Query for what is not
 * uploaded yet (https://thanos.io/tip/components/sidecar.md/). Beside the container it makes the headless Service that Query
 * finds: give the construct to `Query.sources`. Prometheus needs an external label (`externalLabels`, or `external_labels` of
 * its config): without one Thanos ends, and those of all that upload into a bucket must differ.
 *
 * The container is added to the finished workload, so that what it is told before or afterwards stays. Of the operator's
 * resource the fields `thanos.objectStorageConfigFile`, `thanos.grpcServerTlsConfig`, `thanos.additionalArgs` (`http.config`),
 * `volumes`, `containers` and `podMetadata` are filled; its image, log level and resources stand in its own `spec.thanos`.
 *
 * @throws where the construct is not a workload, or is a component of this library
 */
export class ThanosSidecar extends Construct implements IStoreApi {
  public readonly replicaLabel?: string;
  /** The headless Service. For patches. */
  public readonly headlessService: ApiObject;
  /**
   * What those must know who ask its HTTP port.
   * @internal
   */
  public readonly _http?: HttpTrust;
  /**
   * Names, labels, ports and addresses.
   * @internal
   */
  public readonly _identity: Identity;
  /**
   * Labels of the pods.
   * @internal
   */
  public readonly _podLabels: Readonly<Record<string, string>>;
  readonly #workload: ApiObject;

  constructor(scope: Construct, id: string, given: ThanosSidecarProps) {
    super(scope, id);
    const props = readProps(this, PROPS, given);
    const { objstore, dataVolume = 'data' } = props;
    const workload = checked(this, 'prometheus', () => workloadOf(this, props.prometheus));
    this.#workload = workload;
    if (objstore) checked(this, 'objstore', () => requireSameCluster(this, objstore));
    const beside = props.namespace ?? objstore?.namespace ?? workload.toJson().metadata?.namespace;
    const namespace = namespaceOf(this, beside);
    const instance = instanceOf(this, props.instance ?? objstore?.instance);
    this._identity = identityOf({ instance, namespace, clusterDomain: props.clusterDomain }, 'sidecar');
    this._http = httpTrust(this._identity, props.httpConfig);
    this.replicaLabel = props.replicaLabel ?? replicaLabelOf(workload.toJson());
    const registry = appChecks(this);
    registry.checkedName(this, () => this._identity.requireLength(false));
    registry.parts.push({ construct: this, identity: this._identity });
    judgePair(registry, { sidecar: this, workload, namespace, objstore });
    const byOperator = operated(workload.toJson()) !== undefined;
    const warn = (prop: string, text: string): void => registry.warn(this, prop, text);
    const context = { construct: this, identity: this._identity, props, registry, warn };
    if (byOperator) this.#operated(workload, context);
    else this.#beside(workload, context, dataVolume);
    objstore?._grantFor(this, workload, byOperator ? {} : { containers: [SIDECAR] });
    this._podLabels = props.podLabels ?? labelsOf(this, workload.toJson());
    this.headlessService = this.#service(this._podLabels);
  }

  /**
   * Whether its finished container opens the bucket.
   * @internal
   */
  public _opensBucket(): boolean {
    return opensBucket(this.#workload.toJson());
  }

  public get storeApiAddress(): string {
    return this._identity.srv('grpc');
  }

  /** The container beside that of Prometheus, by what the finished workload says. */
  #beside(workload: ApiObject, context: Context<ThanosSidecarProps>, dataVolume: string): void {
    const { props, registry } = context;
    const { container, flags, told } = checked(this, 'props', () =>
      sidecarContainer(this, props, dataVolume, props.objstore?._grant),
    );
    tellGrpcEnds(context, { serves: flags.has(/^--grpc-server-tls-cert$/), asks: false });
    tellHttp(context, flags);
    const files = sidecarFiles(context);
    const render = workload.toJson;
    workload.toJson = () => {
      const json = render.call(workload);
      return stands(this) ? withFiles(withSidecar(json, container, told), SIDECAR, files) : json;
    };
    const fits = (prop: string, problems: (json: Json) => string[]): void =>
      void registry.fits.push({ construct: this, prop, workload, problems });
    fits('prometheus', (json) => sidecarProblems(json, told));
    fits('prometheusUrl', (json) => {
      const template = templateOf(json);
      return urlProblems(containersOf(template), list(template?.spec?.initContainers), told);
    });
  }

  /** The operator makes the container where `spec.thanos` is there. */
  #operated(workload: ApiObject, context: Context<ThanosSidecarProps>): void {
    const { props } = context;
    const { dataVolume } = props;
    const idle = Object.keys(SIDECAR_CONTAINER).filter(
      (prop) => props[prop as keyof SidecarContainerOptions] !== undefined,
    );
    if (idle.length > 0)
      throw problem(this, idle.join(', '), 'has no effect on a Prometheus of the operator. Say it in its spec.thanos');
    if (dataVolume !== undefined)
      throw problem(this, 'dataVolume', 'has no effect on a Prometheus of the operator, which knows it. Leave it out');
    const files = sidecarFiles(context);
    // without grpcTls it may stand in its spec.thanos
    if (props.grpcTls) tellGrpcEnds(context, { serves: true, asks: false });
    tellHttp(context, new Flags(['sidecar']));
    const render = workload.toJson;
    workload.toJson = () => {
      const json = render.call(workload);
      if (!stands(this)) return json;
      const made = { ...json, spec: { ...json.spec, thanos: { ...json.spec?.thanos } } };
      return withOperatedFiles(made, props, files);
    };
    const { construct, registry } = context;
    registry.fits.push({ construct, prop: 'httpConfig', workload, problems: operatedProblems });
  }

  #service(podLabels: Readonly<Record<string, string>>): ApiObject {
    const { headless: name, namespace, selector: labels } = this._identity;
    const metadata = { name, namespace, labels: { ...labels } };
    const manifest = objects.headlessService(metadata, podLabels, { http: PORTS.http, grpc: PORTS.grpc }, true);
    // by number: another container of the pod may call a port of its own "http"
    for (const port of manifest.spec.ports) port.targetPort = port.port;
    return place(this, 'HeadlessService', manifest);
  }
}

/** The ApiObject of a workload. */
function workloadOf(sidecar: Construct, construct: IConstruct): ApiObject {
  const inner = workloadObject(construct);
  if (isOurs(inner))
    throw new InputProblem(`${inner.kind} ${inner.name} is a component of this library, no Prometheus`);
  requireSameCluster(sidecar, inner);
  if (!['StatefulSet', 'Deployment', 'Pod', 'Prometheus'].includes(inner.kind))
    throw new InputProblem(
      `is a ${inner.kind}. Give the StatefulSet, Deployment or Pod of Prometheus, or a Prometheus of the operator`,
    );
  return inner;
}

/** Labels of the pods of a workload. */
function labelsOf(sidecar: Construct, json: Json): Record<string, string> {
  if (operated(json)) return { 'app.kubernetes.io/name': 'prometheus', prometheus: json.metadata.name };
  const labels = json.kind === 'Pod' ? json.metadata?.labels : json.spec?.selector?.matchLabels;
  return checked(sidecar, 'podLabels', () => {
    if (labels && Object.keys(labels).length > 0) return labels;
    throw new InputProblem(`is missing, and the ${json.kind} selects by no labels yet. Give the labels of its pods`);
  });
}
