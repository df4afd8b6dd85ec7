import type { IQueryApi } from '../component/query-api';
import { httpTrust, type HttpTrust, schemeOf } from '../component/tls/ask-http';
import { routeOf } from '../component/web-prefix';
import type { PlacementProps } from '../pod/component-options';
import { identityOf } from '../support/identity';
import { HTTP_CONFIG } from '../component/tls/http-config';
import { within } from '../support/table';
import type { ThanosStackProps } from './thanos-stack-props';

/** The stack's own Query, which is made after the ruler that it reads, as the ruler asks it. */
export function ownQuery(
  { query, ruler, httpConfig: shared }: ThanosStackProps,
  place: PlacementProps,
): { readonly queryApis?: IQueryApi[] } {
  if (!query || ruler?.queries || ruler?.queryConfig) return {};
  const identity = identityOf(place, 'query');
  const route = routeOf(query.web);
  const config = query.httpConfig ?? shared;
  const _http = httpTrust(identity, config && within('httpConfig', () => HTTP_CONFIG(config)));
  const api: IQueryApi & { readonly _http?: HttpTrust } = {
    url: identity.url('http', route, schemeOf(_http)),
    queryApiAddress: identity.serviceSrv('http') + route,
    _http,
  };
  return { queryApis: [api] };
}
