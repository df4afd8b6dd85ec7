import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { PodMonitor } from '../../imports/monitoring.coreos.com';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import { requireSameCluster } from '../app/same-app';
import { stands } from '../app/stands';
import { placeConfigMap } from '../component/own-config-map';
import type { ThanosSidecar } from '../component/sidecar';
import { objectName } from '../support/names';
import { checked, phrase } from '../support/problem';
import { having } from '../support/rows';
import { readProps, required, type StructTable } from '../support/table';
import { goDuration } from '../support/units';
import { caTexts, scrape } from './pod-endpoints';
import { POD_MONITOR_OPTIONS, requireInTime, type ThanosPodMonitorOptions } from './pod-monitor';

/** Properties of SidecarPodMonitor. */
export interface SidecarPodMonitorProps extends ThanosPodMonitorOptions {
  /** The sidecar, whose `httpConfig` says how it is scraped. */
  readonly sidecar: ThanosSidecar;
}

const PROPS: StructTable<SidecarPodMonitorProps> = {
  ...POD_MONITOR_OPTIONS,
  sidecar: required(
    having<ThanosSidecar>({ storeApiAddress: 'string', _podLabels: 'object' }, 'a ThanosSidecar'),
    'Give the ThanosSidecar',
  ),
};

/**
 * The sidecars of a Prometheus as a PodMonitor of the Prometheus operator, whose release must know `portNumber` (since 0.79):
 * a container beside it may call a port of its own `http` too. The PodMonitor of a stack finds pods by the labels of the stack,
 * which a Prometheus does not have. Their `job` is `<instance>-sidecar`, which ThanosAlerts of that instance and namespace watch.
 */
export class SidecarPodMonitor extends Construct {
  /** The PodMonitor, for patches. */
  public readonly podMonitor: ApiObject;

  constructor(scope: Construct, id: string, given: SidecarPodMonitorProps) {
    super(scope, id);
    appChecks(this).nameAfter(this, { prop: 'sidecar', advice: 'Make one SidecarPodMonitor for each ThanosSidecar' });
    const props = readProps(this, PROPS, given);
    checked(this, 'props', () => requireInTime(props));
    const { sidecar, interval, scrapeTimeout } = props;
    checked(this, 'sidecar', () => requireSameCluster(this, sidecar));
    const gone = 'was removed from the tree, and no pods would be found. Remove the SidecarPodMonitor too';
    const judge = (): string[] =>
      stands(sidecar) ? [] : [phrase(this.node.path, 'sidecar', `${sidecar.node.path} ${gone}`)];
    appChecks(this).judges.push({ construct: this, judge });
    const { _identity: identity, _http: http } = sidecar;
    const name = checked(this, 'sidecar', () => objectName(identity.workload));
    const texts = caTexts([sidecar]);
    const hasTexts = Object.keys(texts).length > 0;
    const caName = hasTexts ? placeConfigMap({ construct: this, identity }, 'http-ca', texts) : name;
    const endpoint = {
      portNumber: identity.port('http'),
      interval: interval && goDuration(interval),
      scrapeTimeout: scrapeTimeout && goDuration(scrapeTimeout),
      ...scrape(http, caName),
      relabelings: [{ targetLabel: 'job', replacement: name }],
    };
    appChecks(this).scraped.push({
      construct: sidecar,
      monitor: this,
      identity,
      opensBucket: () => sidecar._opensBucket(),
    });
    const metadata = { name, namespace: identity.namespace, labels: { ...props.labels, ...identity.selector } };
    const spec = { selector: { matchLabels: { ...sidecar._podLabels } }, podMetricsEndpoints: [endpoint] };
    this.podMonitor = place(this, 'Resource', PodMonitor.manifest({ metadata, spec }));
  }
}
