import type { Container } from '../lint/pod';
import type { World } from '../lint/world';
import { NotYaml, parseYaml } from '../lint/yaml-text';
import { addressOf } from '../manifest/address';
import { addressesIn, type ConfigForm } from '../manifest/config-addresses';
import { type FlagCalls, FLAG_CALLS } from '../manifest/flag-calls';
import type { Json } from '../support/json';
import type { CommandLine } from '../thanos/command-line';
import { configsOf, type GivenConfig } from './command-line';
import type { HiddenLink, Link } from './link';

/** The calls that Thanos' flags cause. */
export function flagLinks(world: World, container: Container, line: CommandLine): (Link | HiddenLink)[] {
  const all = Object.hasOwn(FLAG_CALLS, line.command) ? FLAG_CALLS[line.command] : [];
  return all.flatMap((links) => links.flags.flatMap((flag) => linksOf(world, container, line, links, flag)));
}

function linksOf(
  world: World,
  container: Container,
  line: CommandLine,
  { config, carries, protocol }: FlagCalls,
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
  if (given.text !== undefined)
    return addressesIn(form, parsed(given.text)).map((to) => ({ to, ...what, by: given.flag }));
  if (given.ref === undefined || form === 'cache') return [];
  const { kind, name } = given.ref;
  return [{ hidden: `named in ${kind} ${name}`, carries: what.carries, by: given.flag }];
}

/** Nothing where it can't be read. */
function parsed(yaml: string): Json {
  try {
    return parseYaml(yaml, '1.1')[0];
  } catch (error) {
    if (error instanceof NotYaml) return undefined;
    throw error;
  }
}
