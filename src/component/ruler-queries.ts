import { argLiteral } from '../support/escape';
import { thanosYaml } from '../support/yaml';
import { type Arg, written } from './option';
import type { IQueryApi } from './query-api';
import { clientConfig, schemeOf, trustOf } from './tls/ask-http';

/** Whom a ruler asks: by flags, or by a config where one of them serves HTTPS or wants a password. Thanos takes one of both. */
export function queryFlags(apis: readonly IQueryApi[], further: readonly string[]): Arg[] {
  const trusts = apis.flatMap((api) => trustOf(api) ?? []);
  if (trusts.length === 0)
    return written('--query', [...apis.map((api) => api.queryApiAddress), ...further].map(argLiteral));
  const known = apis.map((api) => {
    const trust = trustOf(api);
    const asked = { ...parts(api.queryApiAddress), scheme: schemeOf(trust) };
    return { http_config: trust && clientConfig(trust, trusts), ...asked };
  });
  return [['--query.config', argLiteral(thanosYaml([...known, ...further.map(parts)]))]];
}

/** An address, or a URL, as the config takes it. */
function parts(address: string): { static_configs: string[]; scheme: string; path_prefix?: string } {
  const [, scheme = 'http', host, path] = /^(?:([a-z]+):\/\/)?([^/]*)\/?([\s\S]*)$/.exec(address)!;
  return { static_configs: [host], scheme, path_prefix: path === '' ? undefined : path };
}
