import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { argLiteral } from '../support/escape';
import { checked, found, InputProblem } from '../support/problem';
import { prometheusDuration } from '../support/units';
import { oneOf, yesOrNo } from '../support/values';
import { thanosYaml } from '../support/yaml';
import { commonFlags } from './common-flags';
import { GRPC_PORT, HTTP_PORT } from '../pod/objects';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import type { IStoreApi } from './store-api';
import { ThanosComponent } from './thanos-component';
import type { ComponentKind } from './workload-plan';

/** How Query merges the series of replicas (`--deduplication.func`). */
export enum DeduplicationFunc {
  /** Every timestamp of every replica. Right for receivers, whose replicas hold the same samples. */
  CHAIN = 'chain',
  /** One replica at a time. Right for pairs of Prometheus servers that scrape at different moments. */
  PENALTY = 'penalty',
}

/** What a Query can be told. */
export interface QueryOptions extends ComponentOptions {
  /**
   * Pods.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Further StoreAPIs: sidecars, other clusters. `host:port`, or a name with `dns+` or `dnssrv+` before it.
   * @default - none
   */
  readonly endpoints?: string[];
  /**
   * Replica labels of those further sources, such as `prometheus_replica`.
   * @default - none beside those of the stack's own sources
   */
  readonly replicaLabels?: string[];
  /**
   * How replicas are merged. The penalty algorithm hides samples of receivers (measured).
   * @default - CHAIN; PENALTY when replicaLabels names further sources (pairs of Prometheus servers)
   */
  readonly deduplication?: DeduplicationFunc;
  /**
   * Longest time of a query.
   * @default - Thanos' own, 2 minutes
   */
  readonly timeout?: Duration;
  /**
   * Use downsampled data where the step allows it.
   * @default - Thanos' own, false
   */
  readonly autoDownsampling?: boolean;
}

/** Properties of a Query. It has no way to be given the bucket or the CA. */
export interface QueryProps extends QueryOptions, ComponentPlacementProps {
  /**
   * The StoreAPIs of this library's components.
   * @default - none
   */
  readonly sources?: IStoreApi[];
}

const FIELDS = ['replicas', 'endpoints', 'replicaLabels', 'deduplication', 'timeout', 'autoDownsampling', 'sources'];

/** Thanos Query: answers PromQL from its StoreAPIs (https://thanos.io/tip/components/query.md/). */
export class Query extends ThanosComponent {
  constructor(scope: Construct, id: string, props: QueryProps = {}) {
    super(scope, id, props);
    this._place({
      replicas: props.replicas ?? 2,
      ports: { http: HTTP_PORT, grpc: GRPC_PORT },
      pod: {
        args: this.#args(props),
        requests: { cpu: '25m', memory: Size.mebibytes(128) },
        patience: 4,
        graceSeconds: 120,
      },
    });
  }

  /** @internal */
  protected override get _kind(): ComponentKind {
    return { component: 'query', fields: FIELDS };
  }

  /** URL of the HTTP API in the cluster. */
  public get url(): string {
    return this._identity.url('http');
  }

  #args(props: QueryProps): string[] {
    const own = (props.sources ?? []).map((source) => source.storeApiAddress);
    const further = checked(this, 'endpoints', () => (props.endpoints ?? []).map(endpoint));
    const endpoints = [...new Set([...own, ...further])];
    if (endpoints.length === 0)
      this._registry.warn(`${this.node.path}: sources: none given, and no endpoints, so every answer is empty`);
    checked(this, 'autoDownsampling', () => yesOrNo(props.autoDownsampling));
    checked(this, 'deduplication', () => oneOf(props.deduplication, DeduplicationFunc));
    const labels = (props.sources ?? []).flatMap((source) => source.replicaLabel ?? []);
    const flags = commonFlags(['query'], props)
      .each('--query.replica-label', [...new Set([...labels, ...(props.replicaLabels ?? [])])].map(argLiteral))
      .set('--deduplication.func', props.deduplication ?? this.#deduplication(props))
      .set('--endpoint.sd-config', endpoints.length > 0 ? argLiteral(sdConfig(endpoints)) : undefined)
      .set(
        '--query.timeout',
        checked(this, 'timeout', () => props.timeout && prometheusDuration(props.timeout)),
      )
      .on('--query.auto-downsampling', props.autoDownsampling);
    return checked(this, 'extraArgs', () => flags.override(props.extraArgs ?? [])).toArgs();
  }

  #deduplication(props: QueryProps): DeduplicationFunc {
    return props.replicaLabels?.length ? DeduplicationFunc.PENALTY : DeduplicationFunc.CHAIN;
  }
}

/** The `--endpoint` flags are deprecated since Thanos 0.38 in favour of this. */
function sdConfig(endpoints: string[]): string {
  return thanosYaml({ endpoints: endpoints.map((address) => ({ address })) });
}

function endpoint(address: string): string {
  if (
    typeof address === 'string' &&
    /^((dns|dnssrv|dnssrvnoa|dnsdualstack)\+)?[^\s/+%\u0000-\u001f\u007f]+$/.test(address)
  )
    return address;
  throw new InputProblem(
    `${found(address)} is not a StoreAPI address; write "host:port", or a name with dns+ or dnssrv+ before it, without scheme`,
  );
}
