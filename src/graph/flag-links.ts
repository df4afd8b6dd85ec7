import type { Container } from '../lint/pod';
import type { World } from '../lint/world';
import { addressOf } from './address';
import { type CommandLine, configsOf, type GivenConfig } from './command-line';
import { addressesIn, type ConfigForm } from './config-addresses';
import type { HiddenLink, Link } from './link';

/** What goes over the calls that a flag causes. */
interface FlagLinks {
  readonly flags: readonly string[];
  /** The form of the config that the flag gives; undefined where its value is the address itself. */
  readonly config?: ConfigForm;
  readonly carries: string;
  readonly protocol?: string;
}

const STORE_API = { carries: 'StoreAPI', protocol: 'gRPC' };
const QUERIES = { carries: 'queries' };

/** The flags that name somebody, by command. */
const FLAG_LINKS: Readonly<Record<string, readonly FlagLinks[]>> = {
  query: [
    {
      flags: ['--endpoint', '--endpoint-strict', '--endpoint-group', '--endpoint-group-strict', '--store', '--rule'],
      ...STORE_API,
    },
    { flags: ['--endpoint.sd-config'], config: 'endpoints', ...STORE_API },
    { flags: ['--store.sd-files'], config: 'targets', ...STORE_API },
  ],
  'query-frontend': [
    { flags: ['--query-frontend.downstream-url'], ...QUERIES },
    {
      flags: ['--query-range.response-cache-config', '--labels.response-cache-config'],
      config: 'cache',
      carries: 'cached answers',
      protocol: 'TCP',
    },
  ],
  store: [
    {
      flags: ['--index-cache.config', '--store.caching-bucket.config'],
      config: 'cache',
      carries: 'cached blocks',
      protocol: 'TCP',
    },
  ],
  receive: [{ flags: ['--receive.hashrings'], config: 'hashrings', carries: 'writes of the ring', protocol: 'gRPC' }],
  rule: [
    { flags: ['--query'], ...QUERIES },
    { flags: ['--query.config'], config: 'targets', ...QUERIES },
    { flags: ['--query.sd-files'], config: 'targets', ...QUERIES },
    { flags: ['--grpc-query-endpoint'], carries: 'queries', protocol: 'gRPC' },
    { flags: ['--alertmanagers.url'], carries: 'alerts' },
    { flags: ['--alertmanagers.config'], config: 'alertmanagers', carries: 'alerts' },
    { flags: ['--remote-write.config'], config: 'remote-write', carries: 'recorded series' },
  ],
  sidecar: [{ flags: ['--prometheus.url'], carries: 'reads' }],
};

/** The calls that Thanos' flags cause. */
export function flagLinks(world: World, container: Container, line: CommandLine): (Link | HiddenLink)[] {
  const all = Object.hasOwn(FLAG_LINKS, line.command) ? FLAG_LINKS[line.command] : [];
  return all.flatMap((links) => links.flags.flatMap((flag) => linksOf(world, container, line, links, flag)));
}

function linksOf(
  world: World,
  container: Container,
  line: CommandLine,
  { config, carries, protocol }: FlagLinks,
  flag: string,
): (Link | HiddenLink)[] {
  if (config === undefined) {
    const addresses = (line.flags.get(flag) ?? []).map(addressOf).filter((one) => one !== undefined);
    return addresses.map((to) => ({ to, carries, protocol, by: flag }));
  }
  return configsOf(world, container, line, flag).flatMap((given) => configLinks(given, config, { carries, protocol }));
}

/** The calls that a config causes; one to whom it hides where its text is in a Secret of somebody else. */
export function configLinks(
  given: GivenConfig,
  form: ConfigForm,
  what: Pick<Link, 'carries' | 'protocol'>,
): (Link | HiddenLink)[] {
  if (given.text !== undefined) return addressesIn(form, given.text).map((to) => ({ to, ...what, by: given.flag }));
  if (given.ref === undefined || form === 'cache') return [];
  const { kind, name } = given.ref;
  return [{ hidden: `named in ${kind} ${name}`, carries: what.carries, by: given.flag }];
}
