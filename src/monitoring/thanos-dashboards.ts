import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import type { ThanosComponent } from '../component/thanos-component';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { OBJSTORE } from '../objstore/objstore-row';
import { notAfter, subjectOf } from '../pki/certificate';
import { parsePemBundle } from '../pki/pem-bundle';
import { sharedObject } from '../support/identity';
import { KubeConfigMap } from '../support/k8s';
import { checked, found, InputProblem, problem } from '../support/problem';
import { text } from '../support/rows';
import { readProps, required, type StructTable } from '../support/table';
import { metricName, serverSeries } from './certificate-alerts';
import type { Board } from './dashboards/board';
import { BOARDS } from './dashboards/boards';
import { type Certificates, certificatesBoard } from './dashboards/certificates-board';
import { dashboard } from './dashboards/dashboard';
import type { DashboardJson } from './dashboards/grafana-json';
import { DASHBOARDS, type ThanosDashboardsOptions } from './dashboards-options';
import { COMPONENTS, watchedTogether } from './parts';

/**
 * What a Grafana mounts.
 * @internal
 */
export interface MountedDashboards {
  readonly instance: string;
  readonly namespace: string;
  readonly folder: string;
  readonly configMaps: readonly { readonly name: string; readonly key: string; readonly file: string }[];
}

/** Properties of ThanosDashboards. */
export interface ThanosDashboardsProps extends ThanosDashboardsOptions {
  /** What is drawn: components of one stack and namespace. */
  readonly components: ThanosComponent[];
  /**
   * The bucket, whose CA the dashboard of certificates counts down.
   * @default - no such dashboard, unless cert-manager makes certificates of the components or an exporter is named
   */
  readonly objstore?: ObjstoreConfig;
  /**
   * Metric with the end of the S3 server's certificate, Unix seconds, as CertificateAlerts takes it.
   * @default - probe_ssl_earliest_cert_expiry where serverSelector is given; without both the server's is not drawn
   */
  readonly serverMetric?: string;
  /**
   * Labels of that metric, as PromQL writes them inside the braces: `job="minio"`.
   * @default - none: every probed certificate
   */
  readonly serverSelector?: string;
}

const PROPS: StructTable<ThanosDashboardsProps> = {
  ...DASHBOARDS,
  components: required(COMPONENTS, 'Give a list of components, such as components of a ThanosStack'),
  objstore: OBJSTORE,
  serverMetric: metricName,
  serverSelector: text,
};
const NAMES = [...BOARDS.map(({ name }) => name), 'certificates'];

/**
 * Dashboards of Grafana over the components of a stack, each in a ConfigMap of its own, as the sidecar of a Grafana finds them.
 * Only what the stack has is drawn. Their data source is a variable: a Prometheus, or a Query of Thanos, that has the metrics
 * of the stack's pods with the labels `namespace`, `pod` and `job` that ThanosAlerts reads too.
 */
export class ThanosDashboards extends Construct {
  /** Namespace of the ConfigMaps. */
  public readonly namespace: string;
  /** The ConfigMaps, for patches. */
  public readonly configMaps: ApiObject[];
  /** The JSON of each dashboard by its name: overview, receive and so on. */
  public readonly files: { [name: string]: string };
  /** The folder in Grafana. */
  public readonly folder: string;
  readonly #instance: string;

  constructor(scope: Construct, id: string, given: ThanosDashboardsProps) {
    super(scope, id);
    appChecks(this);
    const props = readProps(this, PROPS, given);
    const { without = [], folder = 'Thanos', folderAnnotation = 'grafana_folder' } = props;
    const parts = checked(this, 'components', () => watchedTogether(props.components, 'ThanosDashboards'));
    checked(this, 'without', () => without.forEach(requireName));
    const [{ instance, namespace }] = props.components;
    this.namespace = namespace;
    this.folder = folder;
    this.#instance = instance;
    const kinds = parts.map(({ kind }) => kind);
    const boards = [...BOARDS, ...this.#certificates(props, kinds)].filter(({ name }) => !without.includes(name));
    const drawn = boards.flatMap((board): [string, DashboardJson][] => {
      const json = dashboard(board, { instance, namespace, parts });
      return json ? [[board.name, json]] : [];
    });
    if (drawn.length === 0) throw problem(this, 'without', 'leaves no dashboard. Leave the dashboards out as a whole');
    this.files = Object.fromEntries(drawn.map(([name, json]) => [name, `${JSON.stringify(json, undefined, 2)}\n`]));
    const { name, labels } = sharedObject(instance, 'dashboard');
    this.configMaps = Object.entries(this.files).map(([board, json]) => {
      const metadata = {
        name: `${name}-${board}`,
        namespace,
        labels: { ...(props.labels ?? { grafana_dashboard: '1' }), ...labels },
        annotations: { [folderAnnotation]: folder },
      };
      return place(this, board, KubeConfigMap.manifest({ metadata, data: { [`${name}-${board}.json`]: json } }));
    });
  }

  /**
   * The ConfigMaps for a Grafana that mounts them.
   * @internal
   */
  public _mounted(): MountedDashboards {
    const configMaps = Object.keys(this.files).map((board, i) => {
      const { name } = this.configMaps[i];
      return { name, key: `${name}.json`, file: `${board}.json` };
    });
    return { instance: this.#instance, namespace: this.namespace, folder: this.folder, configMaps };
  }

  #certificates({ components, objstore, ...server }: ThanosDashboardsProps, kinds: readonly string[]): Board[] {
    const pem = objstore?._caPem;
    const known: Certificates = {
      roots: pem === undefined ? [] : parsePemBundle(pem, { allowLeaf: true }).certificates.map(rootOf),
      server: (server.serverMetric ?? server.serverSelector) ? serverSeries(server) : undefined,
      issued: components.flatMap(issuedOf),
    };
    const any = objstore?.caFile ?? known.server ?? known.issued[0];
    return any === undefined ? [] : [certificatesBoard(known, kinds)];
  }
}

function requireName(name: string): void {
  if (!NAMES.includes(name)) throw new InputProblem(`${found(name)} is no dashboard; there are ${NAMES.join(', ')}`);
}

function rootOf(root: Parameters<typeof notAfter>[0]): Certificates['roots'][number] {
  return { subject: subjectOf(root), end: Math.floor(notAfter(root).getTime() / 1000) };
}

/** What cert-manager makes for a component. */
function issuedOf(component: ThanosComponent): string[] {
  const objects = component.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node));
  return objects.filter(({ kind }) => kind === 'Certificate').map(({ name }) => name);
}
