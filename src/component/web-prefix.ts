import { found, InputProblem } from '../support/problem';
import { struct, yesOrNo } from '../support/rows';
import type { StructTable } from '../support/table';
import { argLiteral } from '../support/escape';
import { headerName } from './header-name';
import { type Arg, written } from './option';

/** How the pages of a component are served below a path. Probes and metrics stay at the root. */
export interface WebPrefixOptions {
  /**
   * Path under which people reach the pages, through a proxy that strips it: `/thanos` (`--web.external-prefix`).
   * @default - none: the pages are reached at the root
   */
  readonly externalPrefix?: string;
  /**
   * Path under which the pods serve the pages and the API (`--web.route-prefix`): for a proxy that does not strip it. A query
   * frontend can't ask a Query that has one.
   * @default - the root; Thanos' own would be externalPrefix, under which a stack's other parts would not find it
   */
  readonly routePrefix?: string;
  /**
   * Header from which the pages read their prefix (`--web.prefix-header`). The proxy must set it, or anybody could.
   * @default - none
   */
  readonly prefixHeader?: string;
  /**
   * Answer scripts of other origins (`--web.disable-cors`).
   * @default - Thanos' own, true
   */
  readonly cors?: boolean;
}

const TABLE: StructTable<WebPrefixOptions> = {
  externalPrefix: pathPrefix,
  routePrefix: pathPrefix,
  prefixHeader: headerName,
  cors: yesOrNo,
};

/** How they are read. */
export const WEB_PREFIX = struct(TABLE, ({ externalPrefix, prefixHeader }) => {
  if (externalPrefix !== undefined && prefixHeader !== undefined)
    throw new InputProblem('prefixHeader: has no effect with externalPrefix; drop one of the two');
});

/** Their flags. */
export function webPrefixFlags(web: WebPrefixOptions = {}): Arg[] {
  const { externalPrefix, routePrefix = externalPrefix && '/' } = web;
  return [
    ...written('--web.external-prefix', externalPrefix && argLiteral(externalPrefix)),
    ...written('--web.route-prefix', routePrefix && argLiteral(routePrefix)),
    ...written('--web.prefix-header', web.prefixHeader && argLiteral(web.prefixHeader)),
    ...written('--web.disable-cors', web.cors === false),
  ];
}

/** What stands before a path of the API: the route prefix, or nothing. */
export function routeOf(web: WebPrefixOptions | undefined): string {
  const prefix = web?.routePrefix ?? '/';
  return prefix === '/' ? '' : prefix;
}

function pathPrefix(path: string): string {
  if (typeof path === 'string' && /^(\/|(\/[A-Za-z0-9._~-]+)+)$/.test(path)) return path;
  throw new InputProblem(`${found(path)} is not a path; write "/thanos": letters, digits and "._~-" after each "/"`);
}
