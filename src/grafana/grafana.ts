import { isHttpUrl } from '../support/url';
import { type ApiObject, Size } from 'cdk8s';
import {
  type EnvVar,
  KubeConfigMap,
  type PodTemplateSpec,
  Quantity,
  type Volume,
  type VolumeMount,
} from '../support/k8s';
import { Construct } from 'constructs';
import type { IBackend } from '../component/backend';
import { ComponentPort } from '../component/component-kind';
import { type IQueryApi, exampleQueryUrl, QUERY_API, urlOf } from '../component/query-api';
import { httpClient, httpClientExtras, requireReach, trustOf } from '../component/tls/ask-http';
import { appChecks } from '../app/app-checks';
import { instanceOf } from '../app/instance';
import { place } from '../app/place';
import { requireAsked } from '../app/same-app';
import { naming } from '../pod/dns';
import { environment } from '../pod/env';
import { mergeHatches } from '../pod/hatches';
import { containerImage, IMAGE, type ImageOptions } from '../pod/image';
import * as objects from '../pod/objects';
import { orNone } from '../pod/or-none';
import { PLACEMENT, type PlacementProps } from '../pod/component-options';
import { POD_OPTIONS, type PodOptions } from '../pod/pod-options';
import { podSecurity, RESTRICTED_CONTAINER, SECURITY, type SecurityOptions } from '../pod/security';
import { SERVICE, type ServiceOptions } from '../pod/service';
import { servicePlan } from '../pod/service-plan';
import { resourceRequirements } from '../pod/resources';
import { placement } from '../pod/scheduling';
import { NOT_OF_THIS } from '../objstore/bucket-fields';
import { namespaceOf } from '../objstore/namespace';
import { checksum } from '../support/checksum';
import { grafanaIdentity, type Identity, instanceName } from '../support/identity';
import { dataKey, objectName } from '../support/names';
import { checked, found, InputProblem } from '../support/problem';
import { secretVar } from '../support/env-vars';
import { annotationMap, struct, yesOrNo } from '../support/rows';
import { readProps, type StructTable } from '../support/table';
import type { ThanosDashboards } from '../monitoring/thanos-dashboards';
import { DASHBOARD_LIST, type DashboardParts, dashboardParts } from './grafana-dashboards';
import { datasourceYaml } from './grafana-datasource';

/** The Secret of Grafana's administrator. It must exist. */
export interface GrafanaAdminOptions {
  /**
   * Name of the Secret.
   * @default grafana-admin
   */
  readonly secretName?: string;
  /**
   * Key of the user's name.
   * @default admin-user
   */
  readonly userKey?: string;
  /**
   * Key of the password.
   * @default admin-password
   */
  readonly passwordKey?: string;
  /**
   * Mounts the two keys as files, which Grafana reads at its start. Variables are seen by every process of the container and
   * by whoever may describe it there.
   * @default - false: environment variables
   */
  readonly files?: boolean;
}

/** What a Grafana can be told. */
export interface GrafanaOptions extends PodOptions {
  /**
   * Name of the Deployment and its Service.
   * @default - grafana; `<instance>-grafana` when the stack is not named thanos
   */
  readonly name?: string;
  /**
   * Image.
   * @default - docker.io/grafana/grafana in a fixed version
   */
  readonly image?: ImageOptions;
  /**
   * The administrator's Secret.
   * @default - grafana-admin, with admin-user and admin-password
   */
  readonly admin?: GrafanaAdminOptions;
  /**
   * User, group and fsGroup.
   * @default - the image's own 472 for all three; in a stack that leaves them to OpenShift, none
   */
  readonly security?: SecurityOptions;
  /**
   * Annotations of the Service.
   * @default - none
   */
  readonly serviceAnnotations?: { [key: string]: string };
  /**
   * Type, load balancer and port of the Service.
   * @default - reached from the cluster alone
   */
  readonly service?: ServiceOptions;
}

/** Properties of a Grafana. It has no way to be given the bucket or the CA. */
export interface GrafanaProps extends GrafanaOptions, PlacementProps {
  /**
   * The query frontend or Query that is the data source.
   * @default - datasourceUrl
   */
  readonly datasource?: IQueryApi;
  /**
   * URL of a query frontend or Query that is not a construct of this app.
   * @default - that of datasource
   */
  readonly datasourceUrl?: string;
  /**
   * Dashboards that it shows, of stacks in its namespace. What they read must be in a data source of this Grafana: the
   * provisioned one has it where the Prometheus that scrapes the stack writes to it.
   * @default - none
   */
  readonly dashboards?: ThanosDashboards[];
}

const REPOSITORY = 'docker.io/grafana/grafana';
const TAG = '12.0.2';
/** The image's own user, whose files are its group's too. */
const IDS = { user: 472, group: 472, fsGroup: 472 };
/** By measured footprint. */
const REQUESTS = { cpu: '50m', memory: Size.mebibytes(256) };
/** A dashboard's query that would take more harms nobody but who asks, since nothing is kept here. */
const LIMITS = { memory: Size.gibibytes(1) };
const PROVISIONING = '/etc/grafana/provisioning/datasources';
/** What the container writes to. The limits are for a leak to end in this pod, not in its neighbours. */
const WRITABLE = [
  { name: 'data', mountPath: '/var/lib/grafana', sizeLimit: '2Gi' },
  { name: 'tmp', mountPath: '/tmp', sizeLimit: '1Gi' },
];
const ADMIN: StructTable<GrafanaAdminOptions> = {
  secretName: objectName,
  userKey: dataKey,
  passwordKey: dataKey,
  files: yesOrNo,
};
const PROPS: StructTable<GrafanaProps> = {
  ...POD_OPTIONS,
  ...PLACEMENT,
  name: instanceName,
  image: struct(IMAGE),
  admin: struct(ADMIN),
  security: SECURITY,
  serviceAnnotations: annotationMap,
  service: SERVICE,
  datasource: QUERY_API,
  datasourceUrl,
  dashboards: DASHBOARD_LIST,
};

/** Grafana with Thanos as its provisioned data source. Its state is not kept: provision what must stay. */
export class Grafana extends Construct implements IBackend {
  /** Namespace. */
  public readonly namespace: string;
  /** Name of the Deployment and its Service. */
  public readonly name: string;
  /** DNS domain of the cluster. */
  public readonly clusterDomain: string;
  /** The Deployment, for patches. */
  public readonly workload: ApiObject;
  /** The Service, for patches. */
  public readonly service: ApiObject;
  readonly #identity: Identity;

  constructor(scope: Construct, id: string, given: GrafanaProps = {}) {
    super(scope, id);
    const props = readProps(this, PROPS, given, NOT_OF_THIS);
    this.namespace = namespaceOf(this, props.namespace);
    this.#identity = grafanaIdentity(
      { ...props, instance: instanceOf(this, props.instance), namespace: this.namespace },
      props.name,
    );
    this.clusterDomain = this.#identity.clusterDomain;
    this.name = checked(this, 'name', () => instanceName(this.#identity.workload));
    const labels = { ...this.#identity.selector };
    const registry = appChecks(this);
    registry.nameAfter(this, { prop: 'name', advice: 'Give one of the two another name or namespace' });
    const asked = { prop: 'datasource', api: props.datasource };
    const trust = trustOf(props.datasource);
    checked(this, 'datasource', () => {
      requireAsked(this, props.datasource, 'datasourceUrl');
      requireReach(this.#identity, trust);
    });
    const url = checked(this, 'datasourceUrl', () => urlOf(asked, props.datasourceUrl));
    const datasource = datasourceYaml(url, httpClient(trust));
    const here = { construct: this, identity: this.#identity, registry };
    const client = httpClientExtras(here, 'datasource', trust ? [trust] : []);
    registry.link(this, [props.datasource], 'http');
    this.#configMap('datasources', datasource);
    const { namespace } = this;
    const configMap = this.#identity.object('dashboards');
    const dashboards = checked(this, 'dashboards', () => dashboardParts(props.dashboards, { namespace, configMap }));
    if (dashboards.provider !== undefined) this.#configMap('dashboards', dashboards.provider);
    const template = this.#template(props, labels, datasource, dashboards, client);
    const metadata = { ...this.#metadata(this.name), annotations: orNone(props.annotations) };
    const manifest = objects.deployment(metadata, 1, template);
    manifest.spec.template = checked(this, 'props', () => mergeHatches(manifest.spec.template, props));
    this.workload = place(this, 'Resource', manifest);
    const serviceMetadata = {
      ...this.#metadata(this.#identity.service),
      annotations: orNone({ ...props.serviceAnnotations, ...props.service?.annotations }),
    };
    const ports = { http: this.#identity.port('http') };
    const plan = checked(this, 'service', () => servicePlan(props.service, ports));
    this.service = place(this, 'Service', objects.service(serviceMetadata, labels, ports, plan));
    registry.ungranted.push(this.workload);
  }

  /** URL of the web page in the cluster. */
  public get url(): string {
    return this.#identity.url('http');
  }

  /** Name of the Service. */
  public get serviceName(): string {
    return this.#identity.service;
  }

  public servicePort(port: ComponentPort = ComponentPort.HTTP): number {
    if (port === ComponentPort.HTTP) return this.#identity.port('http');
    throw new InputProblem(`Service ${this.serviceName} has no port ${port}; it has http`);
  }

  #metadata(name: string): objects.Metadata {
    return { name, namespace: this.namespace, labels: { ...this.#identity.selector } };
  }

  /** A file of Grafana's provisioning. */
  #configMap(what: 'datasources' | 'dashboards', file: string): void {
    const metadata = this.#metadata(this.#identity.object(what));
    const id = what === 'datasources' ? 'Datasources' : 'Dashboards';
    place(this, id, KubeConfigMap.manifest({ metadata, data: { 'thanos.yaml': file } }));
  }

  #template(
    props: GrafanaProps,
    labels: Record<string, string>,
    datasource: string,
    dashboards: DashboardParts,
    client: ClientExtras,
  ): PodTemplateSpec {
    const { provider } = dashboards;
    const annotations = {
      ...props.podAnnotations,
      'checksum/datasources': checksum({ datasource }),
      // Grafana reads it when it starts
      ...(provider === undefined ? {} : { 'checksum/dashboards': checksum({ provider }) }),
      ...client.annotations,
    };
    return {
      metadata: { labels: { ...props.podLabels, ...labels }, annotations },
      spec: {
        automountServiceAccountToken: false,
        securityContext: podSecurity(props.security, IDS),
        imagePullSecrets: orNone(props.image?.pullSecrets?.map((name) => ({ name }))),
        ...placement(props),
        ...naming(props),
        containers: [this.#container(props, dashboards, client)],
        volumes: [
          { name: 'datasources', configMap: { name: this.#identity.object('datasources') } },
          ...WRITABLE.map(({ name, sizeLimit }) => ({ name, emptyDir: { sizeLimit: Quantity.fromString(sizeLimit) } })),
          ...admin(props.admin).volumes,
          ...dashboards.volumes,
          ...client.volumes,
        ],
      },
    };
  }

  #container(props: GrafanaProps, dashboards: DashboardParts, client: ClientExtras) {
    return {
      name: 'grafana',
      ...containerImage(props.image, REPOSITORY, TAG),
      ports: [{ name: 'http', containerPort: this.#identity.port('http') }],
      ...environment([...admin(props.admin).env, ...client.env], props),
      resources: resourceRequirements(props.resources, REQUESTS, LIMITS),
      // a restart heals no database that does not answer: that only takes the traffic away
      livenessProbe: { ...get('/healthz'), periodSeconds: 30, failureThreshold: 4 },
      readinessProbe: { ...get('/api/health'), periodSeconds: 5 },
      securityContext: RESTRICTED_CONTAINER,
      volumeMounts: [
        { name: 'datasources', mountPath: PROVISIONING, readOnly: true },
        ...WRITABLE.map(({ name, mountPath }) => ({ name, mountPath })),
        ...admin(props.admin).mounts,
        ...dashboards.mounts,
        ...client.mounts,
        ...(props.volumeMounts ?? []),
      ],
    };
  }
}

function get(path: string) {
  return { httpGet: { path, port: objects.port('http') } };
}

type ClientExtras = ReturnType<typeof httpClientExtras>;

interface AdminParts {
  readonly env: EnvVar[];
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
}

const ADMIN_DIRECTORY = '/etc/grafana/admin';

/** The administrator, as variables or as files (https://grafana.com/docs/grafana/latest/setup-grafana/configure-docker/). */
function admin({ secretName: name = 'grafana-admin', files, ...keys }: GrafanaAdminOptions = {}): AdminParts {
  const { userKey: user = 'admin-user', passwordKey: password = 'admin-password' } = keys;
  const parts = [
    { env: 'GF_SECURITY_ADMIN_USER', key: user, path: 'user' },
    { env: 'GF_SECURITY_ADMIN_PASSWORD', key: password, path: 'password' },
  ];
  if (!files) {
    return { env: parts.map(({ env, key }) => secretVar(env, name, key)), volumes: [], mounts: [] };
  }
  return {
    env: parts.map(({ env, path }) => ({ name: `${env}__FILE`, value: `${ADMIN_DIRECTORY}/${path}` })),
    volumes: [{ name: 'admin', secret: { secretName: name, items: parts.map(({ key, path }) => ({ key, path })) } }],
    mounts: [{ name: 'admin', mountPath: ADMIN_DIRECTORY, readOnly: true }],
  };
}

function datasourceUrl(url: unknown): string {
  if (isHttpUrl(url) && !url.includes('$')) return url;
  throw new InputProblem(
    `${found(url)} is not a URL with scheme; give datasource, or such as ${found(exampleQueryUrl())}`,
  );
}
