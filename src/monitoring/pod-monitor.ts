import { type ApiObject, Duration, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { PodMonitor } from '../../imports/monitoring.coreos.com';
import { appChecks } from '../app/app-checks';
import { instanceOf } from '../app/instance';
import { requirePropsOfApp } from '../app/same-app';
import type { ThanosComponent } from '../component/thanos-component';
import { place } from '../app/place';
import { namespaceOf } from '../objstore/namespace';
import { instanceName, sharedObject } from '../support/identity';
import { KubeConfigMap } from '../support/k8s';
import { objectLabels } from '../support/labels';
import { dnsLabel } from '../support/names';
import { checked, InputProblem } from '../support/problem';
import { duration, labelMap, struct } from '../support/rows';
import { readProps, type StructTable } from '../support/table';
import { goDuration, milliseconds } from '../support/units';
import { COMPONENTS, componentsOf, laterComponents, type StackName } from './parts';
import { caTexts, podEndpoints, requireReachable, untold } from './pod-endpoints';

/** How the pods of a stack are scraped. */
export interface ThanosPodMonitorOptions {
  /**
   * Labels by which a Prometheus of the operator finds the PodMonitor (its `podMonitorSelector`).
   * @default - the stack's two
   */
  readonly labels?: { [key: string]: string };
  /**
   * Time between scrapes.
   * @default - Prometheus' own
   */
  readonly interval?: Duration;
  /**
   * Longest time of a scrape, at most the interval: the operator refuses a longer one.
   * @default - Prometheus' own
   */
  readonly scrapeTimeout?: Duration;
}

/** Properties of ThanosPodMonitor. */
export interface ThanosPodMonitorProps extends ThanosPodMonitorOptions {
  /**
   * Name of the stack.
   * @default - that of the ThanosStack around it, else thanos
   */
  readonly instance?: string;
  /**
   * Namespace of the pods, and of the object.
   * @default - the chart's, else monitoring
   */
  readonly namespace?: string;
  /**
   * The components whose pods it finds: how they are scraped is said by their `httpConfig`.
   * @default - all of them serve plain HTTP, open to Prometheus
   */
  readonly components?: ThanosComponent[];
}

/**
 * How each option is read.
 * @internal
 */
export const POD_MONITOR_OPTIONS: StructTable<ThanosPodMonitorOptions> = {
  labels: labelMap,
  interval: duration,
  scrapeTimeout: duration,
};
const PROPS: StructTable<ThanosPodMonitorProps> = {
  ...POD_MONITOR_OPTIONS,
  instance: instanceName,
  namespace: dnsLabel,
  components: COMPONENTS,
};

/**
 * How the options are read.
 * @internal
 */
export const POD_MONITOR = struct(POD_MONITOR_OPTIONS, requireInTime);

/**
 * The pods of a stack, those that are added later too, as a PodMonitor of the Prometheus operator
 * (https://prometheus-operator.dev/docs/api-reference/api/). Each pod is scraped once, on its port `http`, under the `job` that
 * ThanosAlerts reads. A ServiceMonitor would scrape a pod twice: the headless Service selects it too.
 */
export class ThanosPodMonitor extends Construct {
  /** The PodMonitor, for patches. */
  public readonly podMonitor: ApiObject;
  readonly #stack: StackName;
  #components: () => readonly ThanosComponent[];
  #ca?: ApiObject;

  constructor(scope: Construct, id: string, given: ThanosPodMonitorProps = {}) {
    super(scope, id);
    appChecks(this).nameAfter(this, { prop: 'instance', advice: 'Give one of the two another instance or namespace' });
    const props = readProps(this, PROPS, given);
    requirePropsOfApp(this, { components: props.components });
    checked(this, 'props', () => requireInTime(props));
    const instance = instanceOf(this, props.instance);
    const { name, labels } = sharedObject(instance, 'podMonitor');
    const namespace = namespaceOf(this, props.namespace);
    this.#stack = { instance, namespace };
    appChecks(this).watchers.push({ construct: this, instance, namespace });
    const metadata = {
      name,
      namespace,
      labels: { ...props.labels, ...labels },
    };
    const { components = [] } = props;
    this.#components = () => components;
    checked(this, 'components', () => requireReachable(components, namespace));
    this.#placeCa();
    const { name: caName } = sharedObject(instance, 'podMonitorCa');
    const common = {
      interval: props.interval && goDuration(props.interval),
      scrapeTimeout: props.scrapeTimeout && goDuration(props.scrapeTimeout),
    };
    const manifest = () =>
      PodMonitor.manifest({
        metadata,
        spec: {
          selector: { matchLabels: objectLabels(instance) },
          podMetricsEndpoints: podEndpoints(this.#components(), caName, common),
        },
      });
    const { spec, ...rest } = manifest();
    const podMetricsEndpoints = Lazy.any({ produce: () => manifest().spec.podMetricsEndpoints });
    appChecks(this).judges.push({ construct: this, judge: () => untold(this, this.#components(), this.#stack) });
    this.podMonitor = place(this, 'Resource', { ...rest, spec: { ...spec, podMetricsEndpoints } });
  }

  /**
   * Scrapes every component of the stack as it says, those that will be made included.
   * @internal
   */
  public _watch(): void {
    this.#components = () => componentsOf(this, this.#stack);
    laterComponents(this, this.#stack, () => this.#placeCa());
  }

  /** The CAs that are given as text, where there are any. */
  #placeCa(): void {
    if (this.#ca || Object.keys(caTexts(this.#components())).length === 0) return;
    const { instance, namespace } = this.#stack;
    const { name, labels } = sharedObject(instance, 'podMonitorCa');
    const data = Lazy.any({ produce: () => caTexts(this.#components()) });
    this.#ca = place(this, 'Ca', KubeConfigMap.manifest({ metadata: { name, namespace, labels }, data }));
  }
}

/** What Prometheus has from the operator where nobody says otherwise (`scrapeInterval`). */
const DEFAULT_INTERVAL = Duration.seconds(30);

/**
 * A scrape that may outlast its interval is refused.
 * @internal
 */
export function requireInTime({ interval, scrapeTimeout }: ThanosPodMonitorOptions): void {
  const between = interval ?? DEFAULT_INTERVAL;
  if (!scrapeTimeout || milliseconds(scrapeTimeout) <= milliseconds(between)) return;
  const text = `scrapeTimeout: is ${goDuration(scrapeTimeout)}, more than the interval of ${goDuration(between)}`;
  throw new InputProblem(interval ? text : `${text} that Prometheus has by default. Give interval too`);
}
