import type { Duration } from 'cdk8s';
import { checksum } from '../support/checksum';
import { argLiteral } from '../support/escape';
import type { Volume, VolumeMount } from '../support/k8s';
import { dataKey, objectName } from '../support/names';
import { found, InputProblem } from '../support/problem';
import { anyText, duration, having, mapOf, oneOf, text, yesOrNo } from '../support/rows';
import { readStruct, required, type Row, type StructTable } from '../support/table';
import { goDuration } from '../support/units';
import { thanosYaml } from '../support/yaml';

/** How spans are sent. */
export enum OtlpProtocol {
  /** OTLP over gRPC, port 4317 mostly. */
  GRPC = 'grpc',
  /** OTLP over HTTP, port 4318 mostly. */
  HTTP = 'http',
}

/** A collector of OpenTelemetry that wants no password. For one that does, put the config into a Secret. */
export interface OtlpTracingOptions {
  /** Address of the collector, `host:port`. */
  readonly endpoint: string;
  /**
   * How spans are sent.
   * @default OtlpProtocol.GRPC
   */
  readonly protocol?: OtlpProtocol;
  /**
   * Send in the clear. Otherwise the collector's certificate must be of a public CA.
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * Part of the traces that begin here and are kept, 0 to 1. One that began elsewhere is kept where it was kept there.
   * @default - all
   */
  readonly ratio?: number;
  /**
   * Name of the service in each span.
   * @default - Thanos' own, the command's
   */
  readonly serviceName?: string;
  /**
   * Further attributes of each span's resource.
   * @default - none
   */
  readonly resourceAttributes?: { [name: string]: string };
  /**
   * Longest time of one sending.
   * @default - Thanos' own, 10 s
   */
  readonly timeout?: Duration;
}

/** Where a tracing config lies in a Secret. */
export interface TracingSecretOptions {
  /**
   * Key of the Secret.
   * @default "tracing.yml"
   */
  readonly key?: string;
  /**
   * Any text that you change with the Secret: Thanos reads the config when it starts, so the pods roll.
   * @default - the pods keep the config that they started with
   */
  readonly revision?: string;
}

/**
 * What the pods of a component need for it.
 * @internal
 */
export interface TracingPlan {
  /** The argument, and its value. */
  readonly arg: readonly [string, string];
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
  readonly annotations: Record<string, string>;
}

const OTLP: StructTable<OtlpTracingOptions> = {
  endpoint: required(collector, 'Give host:port of the collector'),
  protocol: oneOf(OtlpProtocol, 'OtlpProtocol'),
  insecure: yesOrNo,
  ratio,
  serviceName: text,
  resourceAttributes: mapOf(anyText),
  timeout: duration,
};
const SECRET: StructTable<TracingSecretOptions> = { key: dataKey, revision: anyText };

const DIRECTORY = '/etc/thanos/tracing';
const VOLUME = 'tracing';

/** Where spans go (https://thanos.io/tip/thanos/tracing.md/). */
export class Tracing {
  /** A collector of OpenTelemetry that wants no password: nothing secret stands in the arguments (`--tracing.config`). */
  public static otlp(options: OtlpTracingOptions): Tracing {
    return new Tracing(() => {
      const config = argLiteral(thanosYaml(otlpConfig(readStruct(OTLP, options))));
      return { arg: ['--tracing.config', config], volumes: [], mounts: [], annotations: {} };
    });
  }

  /**
   * A whole tracing config of any type in a Secret that exists, kept by you (`--tracing.config-file`). It is a Secret since
   * such a config may hold tokens: it stands in no argument and no ConfigMap.
   */
  public static fromSecretName(name: string, options: TracingSecretOptions = {}): Tracing {
    return new Tracing(() => {
      const { key = 'tracing.yml', revision } = readStruct(SECRET, options);
      const items = [{ key, path: key }];
      return {
        arg: ['--tracing.config-file', `${DIRECTORY}/${key}`],
        volumes: [{ name: VOLUME, secret: { secretName: objectName(name), items, defaultMode: 0o440 } }],
        mounts: [{ name: VOLUME, mountPath: DIRECTORY, readOnly: true }],
        annotations: { ...(revision !== undefined && { 'checksum/tracing': checksum({ revision }) }) },
      };
    });
  }

  readonly #plan: () => TracingPlan;

  private constructor(plan: () => TracingPlan) {
    this.#plan = plan;
  }

  /**
   * What it brings into the pods.
   * @internal
   */
  public _plan(): TracingPlan {
    return this.#plan();
  }
}

const TRACING_CLASS = having<Tracing>(
  { _plan: 'function' },
  'a Tracing; write Tracing.otlp(…) or Tracing.fromSecretName(…)',
);

/**
 * How it is read: what is wrong with it shows here.
 * @internal
 */
export const TRACING: Row<Tracing> = (value) => {
  const tracing = TRACING_CLASS(value);
  tracing._plan();
  return tracing;
};

function otlpConfig({ endpoint, protocol = OtlpProtocol.GRPC, insecure, ratio: part, ...more }: OtlpTracingOptions) {
  return {
    type: 'OTLP',
    config: {
      client_type: protocol,
      endpoint,
      insecure,
      ...(part === undefined ? {} : { sampler_type: 'parentbasedtraceidratiobased', sampler_param: String(part) }),
      service_name: more.serviceName,
      resource_attributes: more.resourceAttributes,
      timeout: more.timeout && goDuration(more.timeout),
    },
  };
}

/** With a scheme it would start, and send nothing. */
function collector(address: unknown): string {
  if (typeof address === 'string' && /^[^\s/:]+:\d+$|^\[[0-9a-f:.]+\]:\d+$/i.test(address)) return address;
  throw new InputProblem(`${found(address)} is not the address of a collector; write "host:port", without scheme`);
}

function ratio(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new InputProblem(`is ${found(value)}; it must be a number from 0 to 1`);
}
