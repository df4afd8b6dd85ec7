import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { requirePropsOfApp } from '../app/same-app';
import { looked, oncePerRendering } from '../app/finished';
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
import { DASHBOARDS, type ThanosDashboardsOptions } from './dashboards-options';
import { COMPONENTS, componentsOf, laterComponents, watchedTogether } from './parts';

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
 * Only what the stack has is drawn, as it stands at synth, in a ThanosStack with the components that were added to it later. A
 * dashboard whose parts were all taken away after it was made stays as it was.
 * Their data source is a variable: a Prometheus, or a Query of Thanos, that has the metrics of the stack's pods with the labels
 * `namespace`, `pod` and `job` that ThanosAlerts reads too.
 */
export class ThanosDashboards extends Construct {
  /** Namespace of the ConfigMaps. */
  public readonly namespace: string;
  /** The folder in Grafana. */
  public readonly folder: string;
  readonly #instance: string;
  readonly #props: ThanosDashboardsProps;
  #components: () => readonly ThanosComponent[];
  readonly #configMaps = new Map<string, ApiObject>();

  constructor(scope: Construct, id: string, given: ThanosDashboardsProps) {
    super(scope, id);
    appChecks(this).nameAfter(this, { prop: 'components', advice: 'Make one ThanosDashboards for each stack' });
    const props = readProps(this, PROPS, given);
    requirePropsOfApp(this, { components: props.components, objstore: props.objstore });
    const { without = [], folder = 'Thanos' } = props;
    this.#props = props;
    this.#components = () => props.components;
    checked(this, 'components', () => watchedTogether(props.components, 'ThanosDashboards'));
    checked(this, 'without', () => without.forEach(requireName));
    const [{ instance, namespace }] = props.components;
    this.namespace = namespace;
    this.folder = folder;
    this.#instance = instance;
    const { files } = this;
    if (Object.keys(files).length === 0)
      throw problem(this, 'without', 'leaves no dashboard. Leave the dashboards out as a whole');
    this.#place(files);
  }

  /** The ConfigMaps, for patches. */
  public get configMaps(): ApiObject[] {
    return [...this.#configMaps.values()];
  }

  /** The JSON of each dashboard by its name: overview, receive and so on; of what stands now. */
  public get files(): { [name: string]: string } {
    const { without = [] } = this.#props;
    const { namespace } = this;
    const components = this.#components();
    const parts = checked(this, 'components', () => looked(() => watchedTogether(components, 'ThanosDashboards')));
    const kinds = parts.map(({ kind }) => kind);
    const boards = [...BOARDS, ...this.#certificates(components, kinds)].filter(({ name }) => !without.includes(name));
    const drawn = boards.flatMap((board): [string, string][] => {
      const json = dashboard(board, { instance: this.#instance, namespace, parts });
      return json ? [[board.name, `${JSON.stringify(json, undefined, 2)}\n`]] : [];
    });
    return Object.fromEntries(drawn);
  }

  /**
   * Draws every component of the stack, those that will be made included.
   * @internal
   */
  public _watch(): void {
    const stack = { instance: this.#instance, namespace: this.namespace };
    this.#components = () => componentsOf(this, stack);
    laterComponents(this, stack, () => this.#place(this.files));
  }

  /**
   * The ConfigMaps for a Grafana that mounts them.
   * @internal
   */
  public _mounted(): MountedDashboards {
    const configMaps = [...this.#configMaps].map(([board, { name }]) => ({
      name,
      key: `${name}.json`,
      file: `${board}.json`,
    }));
    return { instance: this.#instance, namespace: this.namespace, folder: this.folder, configMaps };
  }

  /** A ConfigMap for each dashboard that has none yet. */
  #place(files: { readonly [board: string]: string }): void {
    const { folderAnnotation = 'grafana_folder', labels: own = { grafana_dashboard: '1' } } = this.#props;
    const { name, labels } = sharedObject(this.#instance, 'dashboard');
    for (const [board, first] of Object.entries(files)) {
      if (this.#configMaps.has(board)) continue;
      const metadata = {
        name: `${name}-${board}`,
        namespace: this.namespace,
        labels: { ...own, ...labels },
        annotations: { [folderAnnotation]: this.folder },
      };
      const text = Lazy.any({ produce: () => oncePerRendering(this, () => this.files)[board] ?? first });
      const data = { [`${name}-${board}.json`]: text };
      this.#configMaps.set(board, place(this, board, KubeConfigMap.manifest({ metadata, data })));
    }
  }

  #certificates(components: readonly ThanosComponent[], kinds: readonly string[]): Board[] {
    const { objstore, ...server } = this.#props;
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
