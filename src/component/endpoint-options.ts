import { found, InputProblem } from '../support/problem';
import { listOf, struct, yesOrNo } from '../support/rows';
import { firstTwice } from '../support/twice';
import { required, type Row, type StructTable } from '../support/table';
import { endpoint } from './store-api';
import { ENDPOINT_TLS, type EndpointTlsOptions } from './tls/endpoint-tls';

/** A StoreAPI that Query asks otherwise than the others. */
export interface EndpointOptions {
  /** `host:port`, `dns+host:port`, or `dnssrv+_grpc._tcp.…`, which has its port from DNS. */
  readonly address: string;
  /**
   * What answers there is one of many that hold the same: each call goes to one of them. Otherwise each one found is asked.
   * @default false
   */
  readonly group?: boolean;
  /**
   * A query fails while it is away; partial responses do not hide that. Not together with a name that is looked up.
   * @default false
   */
  readonly strict?: boolean;
  /**
   * How gRPC chooses and retries within a group, as JSON
   * (https://github.com/grpc/grpc/blob/master/doc/service_config.md). Needs Thanos 0.40.
   * @default - Thanos' own: in turn, with retries
   */
  readonly serviceConfig?: string;
  /**
   * TLS of this one alone: another CA or name than that of `grpcTls`. Of what is looked up only a group may have it.
   * @default - as grpcTls says
   */
  readonly tls?: EndpointTlsOptions;
  /**
   * It is asked without TLS, beside a `grpcTls` for the others. Of what is looked up only a group may have it.
   * @default false
   */
  readonly plainText?: boolean;
}

const TABLE: StructTable<EndpointOptions> = {
  address: required(endpoint, 'Give host:port'),
  group: yesOrNo,
  strict: yesOrNo,
  serviceConfig: json,
  tls: ENDPOINT_TLS,
  plainText: yesOrNo,
};

/** How all of them are read: of one that is told twice, what is said first would be lost. */
export const ENDPOINT_OPTIONS: Row<EndpointOptions[]> = (value) => {
  const all = listOf(ENDPOINT)(value);
  const twice = firstTwice(all.map(({ address }) => address));
  if (twice !== undefined) throw new InputProblem(`${found(twice)} appears twice; say in one what is to be said of it`);
  return all;
};

const ENDPOINT = struct(TABLE, ({ address, group, strict, serviceConfig, ...asked }) => {
  if (strict && /^dns[a-z]*\+/.test(address))
    throw new InputProblem(
      `strict: ${found(address)} is looked up, which Thanos refuses with strict; give "host:port"`,
    );
  if (serviceConfig !== undefined && !group)
    throw new InputProblem('serviceConfig: is for a group only, which Thanos insists on; set group, or drop it');
  requireOwnTls(address, group, asked);
});

/** Thanos asks each address that a lookup gives as all others, whatever is said of it. */
function requireOwnTls(
  address: string,
  group: boolean | undefined,
  { tls, plainText }: Pick<EndpointOptions, 'tls' | 'plainText'>,
): void {
  if (tls && plainText) throw new InputProblem('plainText: excludes tls; drop one of the two');
  const prop = tls ? 'tls' : 'plainText';
  if ((tls || plainText) && !group && /^dns[a-z]*\+/.test(address))
    throw new InputProblem(
      `${prop}: ${found(address)} is looked up, and Thanos asks what it finds as grpcTls says. Give "host:port", or set group`,
    );
}

/** Bad JSON is no error in Thanos: the endpoint is missing, and the log says why. */
function json(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text;
  } catch {
    // said below
  }
  throw new InputProblem(`is not a JSON object; write such as '{"loadBalancingPolicy":"round_robin"}'`);
}
