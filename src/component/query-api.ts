import { identityOf } from '../support/identity';
import { found, InputProblem } from '../support/problem';
import { having } from '../support/rows';

/** Something that answers PromQL: what a query frontend, a ruler or Grafana asks. */
export interface IQueryApi {
  /** URL of the HTTP API in the cluster, without a path. */
  readonly url: string;
  /** Address for a ruler, found by DNS SRV: `dnssrv+_http._tcp.…`. */
  readonly queryApiAddress: string;
}

/** How a reference to one is read. */
export const QUERY_API = having<IQueryApi>({ queryApiAddress: 'string', url: 'string' }, 'a Query or QueryFrontend');

/** URL of the Query of a stack that is not told otherwise, as an example in messages. */
export function exampleQueryUrl(): string {
  return identityOf({}, 'query').url('http');
}

/** The URL of what is asked, which is given by reference or by URL: exactly one of the two. */
export function urlOf(reference: { readonly prop: string; readonly api?: IQueryApi }, url: string | undefined): string {
  const { prop, api } = reference;
  if (api && url !== undefined) throw new InputProblem(`is given together with ${prop}; give one of the two`);
  if (url !== undefined) return url;
  if (api) return api.url;
  throw new InputProblem(
    `is missing. Give ${prop}, a Query of this app, or the URL of another: ${found(exampleQueryUrl())}`,
  );
}
