import { type ApiObject, Size } from 'cdk8s';
import { KubeConfigMap, type PodTemplateSpec } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import { mergeHatches } from '../component/hatches';
import { imageReference } from '../component/image';
import * as objects from '../component/objects';
import { RESTRICTED_CONTAINER } from '../component/pod';
import type { ImageOptions, PlacementProps, ResourceOptions } from '../component/pod-options';
import { resourceRequirements } from '../component/resources';
import { namespaceOf } from '../objstore/namespace';
import { checksum } from '../support/checksum';
import { selectorLabels } from '../support/labels';
import { dataKey, dnsLabel, objectName } from '../support/names';
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
export interface GrafanaOptions {
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
   * Requests and limits.
   * @default - requests of 50m CPU and 256 MiB, no limits
   */
  readonly resources?: ResourceOptions;
  /**
   * Let OpenShift choose user and groups.
   * @default false
   */
  readonly openShift?: boolean;
  /**
   * Kubernetes JSON of further volumes.
   * @default - none
   */
  readonly volumes?: any[];
  /**
   * Kubernetes JSON of containers that run beside Grafana.
   * @default - none
   */
  readonly sidecars?: any[];
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
  'name',
  'image',
  'admin',
  'resources',
  'openShift',
  'volumes',
  'sidecars',
  'instance',
  'namespace',
  'clusterDomain',
  'datasourceUrl',
];

/** Grafana with Thanos as its provisioned data source. Its state is not kept: provision what must stay. */
export class Grafana extends Construct {
  /** Namespace. */
  public readonly namespace: string;
  /** Name of the Deployment and its Service. */
  public readonly name: string;
  /** The Deployment, for patches. */
  public readonly workload: ApiObject;
  /** The Service, for patches. */
  public readonly service: ApiObject;

  constructor(scope: Construct, id: string, props: GrafanaProps) {
    super(scope, id);
    checked(this, 'props', () => knownFields(props, FIELDS));
    const instance = props.instance ?? 'thanos';
    this.namespace = namespaceOf(this, props.namespace);
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
    const manifest = objects.deployment(this.#identity(labels), 1, template);
    manifest.spec.template = checked(this, 'props', () => mergeHatches(manifest.spec.template, props));
    this.workload = place(this, 'Resource', manifest);
    this.service = place(this, 'Service', objects.service(this.#identity(labels), labels, { http: HTTP_PORT }));
    appChecks(this).ungranted.push(this.workload);
  }

  #identity(labels: Record<string, string>, suffix = ''): objects.Identity {
    return { name: `${this.name}${suffix}`, namespace: this.namespace, labels };
  }

  #template(props: GrafanaProps, labels: Record<string, string>, datasource: string): PodTemplateSpec {
    const ids = props.openShift
      ? {}
      : { runAsUser: UID, runAsGroup: UID, fsGroup: UID, fsGroupChangePolicy: 'OnRootMismatch' };
    return {
      metadata: { labels, annotations: { 'checksum/datasources': checksum({ datasource }) } },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' }, ...ids },
        imagePullSecrets: props.image?.pullSecrets?.map((name) => ({ name })),
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
      env: checked(this, 'admin', () => adminEnv(props.admin ?? {})),
      resources: checked(this, 'resources', () =>
        resourceRequirements(props.resources, { cpu: '50m', memory: Size.mebibytes(256) }),
      ),
      livenessProbe: { ...health, periodSeconds: 30, failureThreshold: 4 },
      readinessProbe: { ...health, periodSeconds: 5 },
      securityContext: RESTRICTED_CONTAINER,
      volumeMounts: [
        { name: 'datasources', mountPath: PROVISIONING, readOnly: true },
        ...Object.entries(WRITABLE).map(([name, mountPath]) => ({ name, mountPath })),
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
