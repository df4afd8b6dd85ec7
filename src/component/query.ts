import { type Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import { argLiteral } from '../support/escape';
import { anyText, duration, int32, listOf, oneOf, yesOrNo } from '../support/rows';
import { prometheusDuration } from '../support/units';
import { thanosYaml } from '../support/yaml';
import { type Kind, ofKind } from './kind';
import { flag, noFlag, written } from './option';
import type { IQueryApi } from './query-api';
import type { IStoreApi } from './store-api';
import { ThanosComponent } from './thanos-component';
import { endpoint, STORE_API } from './store-api';

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

const KIND: Kind<QueryProps> = {
  component: 'query',
  command: ['query'],
  ports: ['http', 'grpc'],
  workload: 'Deployment',
  replicas: 2,
  requests: { cpu: '25m', memory: Size.mebibytes(128) },
  patience: 4,
  graceSeconds: 120,
  options: {
    replicas: noFlag(int32(0)),
    sources: noFlag(listOf(STORE_API)),
    replicaLabels: {
      read: listOf(anyText),
      args: (further = [], { props }) => {
        const own = (props.sources ?? []).flatMap((source) => source.replicaLabel ?? []);
        return written('--query.replica-label', [...new Set([...own, ...further])].map(argLiteral));
      },
    },
    deduplication: {
      read: oneOf(DeduplicationFunc),
      args: (func, { props }) => {
        const pairs = props.replicaLabels !== undefined && props.replicaLabels.length > 0;
        return written('--deduplication.func', func ?? (pairs ? DeduplicationFunc.PENALTY : DeduplicationFunc.CHAIN));
      },
    },
    endpoints: {
      read: listOf(endpoint),
      args: (further = [], { props }) => {
        const own = (props.sources ?? []).map((source) => source.storeApiAddress);
        const addresses = [...new Set([...own, ...further])];
        return written('--endpoint.sd-config', addresses.length > 0 ? argLiteral(sdConfig(addresses)) : undefined);
      },
    },
    timeout: flag('--query.timeout', duration, prometheusDuration),
    autoDownsampling: flag('--query.auto-downsampling', yesOrNo, (wanted) => wanted),
  },
  judge: ({ construct, props, registry, warn }, flags) => {
    registry.link(construct, props.sources ?? [], 'grpc');
    if (!flags.has(/^--(endpoint|store\.sd-files)/))
      warn('sources', 'none given, and no endpoints, so every answer is empty');
  },
};

/** Thanos Query: answers PromQL from its StoreAPIs (https://thanos.io/tip/components/query.md/). */
export class Query extends ThanosComponent implements IQueryApi {
  constructor(scope: Construct, id: string, props: QueryProps = {}) {
    super(scope, id, ofKind(KIND, props));
  }

  /** URL of the HTTP API in the cluster. */
  public get url(): string {
    return this._identity.url('http');
  }

  public get queryApiAddress(): string {
    return this._identity.serviceSrv('http');
  }
}

/** The `--endpoint` flags are deprecated since Thanos 0.38 in favour of this. */
function sdConfig(endpoints: string[]): string {
  return thanosYaml({ endpoints: endpoints.map((address) => ({ address })) });
}
