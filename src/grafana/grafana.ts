import { type ApiObject, Size } from 'cdk8s';
import { KubeConfigMap, type PodTemplateSpec } from '../support/k8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import { POD_FIELDS } from '../component/component-fields';
import { environment } from '../pod/env';
import { mergeHatches } from '../pod/hatches';
import { imageReference } from '../pod/image';
import * as objects from '../pod/objects';
import { orNone } from '../pod/or-none';
import { extraMounts, RESTRICTED_CONTAINER } from '../pod/pod';
import type { ImageOptions, PlacementProps, PodOptions } from '../pod/pod-options';
import { resourceRequirements } from '../pod/resources';
import { placement } from '../pod/scheduling';
import { namespaceOf } from '../objstore/namespace';
import { checksum } from '../support/checksum';
import { selectorLabels } from '../support/labels';
import { dataKey, dnsDomain, dnsLabel, objectName } from '../support/names';
import { checked, found, InputProblem } from '../support/problem';
import { knownFields } from '../support/shape';
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
   * Let OpenShift choose user and groups.
   * @default false
   */
  readonly openShift?: boolean;
}

/** Properties of a Grafana. It has no way to be given the bucket or the CA. */
export interface GrafanaProps extends GrafanaOptions, PlacementProps {
  /** URL of the query frontend or Query, for the data source. */
  readonly datasourceUrl: string;
}

const REPOSITORY = 'docker.io/grafana/grafana';
const TAG = '12.0.2';
const HTTP_PORT = 3000;
/** The image's own user, whose files are its group's too. */
const UID = 472;
const PROVISIONING = '/etc/grafana/provisioning/datasources';
const WRITABLE = { data: '/var/lib/grafana', tmp: '/tmp' };
const FIELDS = [
  ...POD_FIELDS,
  ...['name', 'image', 'admin', 'openShift', 'instance', 'namespace', 'clusterDomain', 'datasourceUrl'],
];

/** Grafana with Thanos as its provisioned data source. Its state is not kept: provision what must stay. */
export class Grafana extends Construct {
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

  constructor(scope: Construct, id: string, props: GrafanaProps) {
    super(scope, id);
    checked(this, 'props', () => knownFields(props, FIELDS));
    const instance = checked(this, 'instance', () => dnsLabel(props.instance ?? 'thanos'));
    this.namespace = namespaceOf(this, props.namespace);
    this.clusterDomain = checked(this, 'clusterDomain', () => dnsDomain(props.clusterDomain ?? 'cluster.local'));
    this.name = checked(this, 'name', () =>
      dnsLabel(props.name ?? (instance === 'thanos' ? 'grafana' : `${instance}-grafana`)),
    );
    const labels = selectorLabels(instance, 'grafana', 'grafana');
    const datasource = checked(this, 'datasourceUrl', () => datasourceYaml(checkedUrl(props.datasourceUrl)));
    place(
      this,
      'Datasources',
      KubeConfigMap.manifest({ metadata: this.#identity(labels, '-datasources'), data: { 'thanos.yaml': datasource } }),
    );
    const template = this.#template(props, labels, datasource);
    const identity = { ...this.#identity(labels), annotations: orNone(props.annotations) };
    const manifest = objects.deployment(identity, 1, template);
    manifest.spec.template = checked(this, 'props', () => mergeHatches(manifest.spec.template, props));
    this.workload = place(this, 'Resource', manifest);
    const serviceIdentity = { ...this.#identity(labels), annotations: orNone(props.serviceAnnotations) };
    this.service = place(this, 'Service', objects.service(serviceIdentity, labels, { http: HTTP_PORT }));
    appChecks(this).ungranted.push(this.workload);
  }

  /** URL of the web page in the cluster. */
  public get url(): string {
    return `http://${this.name}.${this.namespace}.svc.${this.clusterDomain}:${HTTP_PORT}`;
  }

  #identity(labels: Record<string, string>, suffix = ''): objects.Identity {
    return { name: `${this.name}${suffix}`, namespace: this.namespace, labels };
  }

  #template(props: GrafanaProps, labels: Record<string, string>, datasource: string): PodTemplateSpec {
    const ids = props.openShift
      ? {}
      : { runAsUser: UID, runAsGroup: UID, fsGroup: UID, fsGroupChangePolicy: 'OnRootMismatch' };
    const annotations = { ...props.podAnnotations, 'checksum/datasources': checksum({ datasource }) };
    return {
      metadata: { labels: { ...props.podLabels, ...labels }, annotations },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' }, ...ids },
        imagePullSecrets: orNone(props.image?.pullSecrets?.map((name) => ({ name }))),
        ...placement(this, props),
        containers: [this.#container(props)],
        volumes: [
          { name: 'datasources', configMap: { name: `${this.name}-datasources` } },
          ...Object.keys(WRITABLE).map((name) => ({ name, emptyDir: {} })),
        ],
      },
    };
  }

  #container(props: GrafanaProps) {
    const health = { httpGet: { path: '/api/health', port: objects.port('http') } };
    return {
      name: 'grafana',
      image: checked(this, 'image', () => imageReference(props.image ?? {}, REPOSITORY, TAG)),
      ports: [{ name: 'http', containerPort: HTTP_PORT }],
      ...environment(
        this,
        checked(this, 'admin', () => adminEnv(props.admin ?? {})),
        props,
      ),
      resources: checked(this, 'resources', () =>
        resourceRequirements(props.resources, { cpu: '50m', memory: Size.mebibytes(256) }),
      ),
      livenessProbe: { ...health, periodSeconds: 30, failureThreshold: 4 },
      readinessProbe: { ...health, periodSeconds: 5 },
      securityContext: RESTRICTED_CONTAINER,
      volumeMounts: [
        { name: 'datasources', mountPath: PROVISIONING, readOnly: true },
        ...Object.entries(WRITABLE).map(([name, mountPath]) => ({ name, mountPath })),
        ...extraMounts(this, props),
      ],
    };
  }
}

function adminEnv(admin: GrafanaAdminOptions) {
  knownFields(admin, ['secretName', 'userKey', 'passwordKey']);
  const name = objectName(admin.secretName ?? 'grafana-admin');
  const from = (env: string, key: string) => ({ name: env, valueFrom: { secretKeyRef: { name, key: dataKey(key) } } });
  return [
    from('GF_SECURITY_ADMIN_USER', admin.userKey ?? 'admin-user'),
    from('GF_SECURITY_ADMIN_PASSWORD', admin.passwordKey ?? 'admin-password'),
  ];
}

function checkedUrl(url: string): string {
  if (typeof url === 'string' && /^https?:\/\/[^\s$]+$/.test(url)) return url;
  throw new InputProblem(`${found(url)} is not a URL with scheme; give queryFrontend.url or query.url`);
}
