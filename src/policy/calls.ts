import { type Address, addressOf, isLocal } from '../manifest/address';
import { addressesIn, type ConfigForm } from '../manifest/config-addresses';
import { type FlagCalls, FLAG_CALLS, SIDE_CALLS } from '../manifest/flag-calls';
import type { Json } from '../support/json';
import { containersOf } from '../manifest/pod-template';
import { PORTS } from '../support/identity';
import { parseYaml } from '../support/parse-yaml';
import type { AppNetwork } from './app-network';
import { bucketCalls } from './bucket-calls';
import { type Call, type Purpose, PURPOSES } from './call';
import { fileAt, mountedTexts } from './container-files';
import { isGrafana, isStackCheck, type PodGroup, thanosContainers } from './pod-group';
import { hasOwnEndpoints, serviceTarget } from './target';
import { flagValues } from './thanos-flags';

/** All connections that pods of the app open, read from what their finished containers are told. */
export function callsOf(network: AppNetwork, pods: PodGroup): Call[] {
  const thanos = thanosContainers(pods).flatMap(({ container, command }) =>
    [...(Object.hasOwn(FLAG_CALLS, command) ? FLAG_CALLS[command] : []), ...SIDE_CALLS].flatMap((calls) =>
      flagCalls(network, pods, container, calls),
    ),
  );
  return [...bucketCalls(network, pods), ...thanos, ...grafanaCalls(network, pods), ...apiServerCalls(pods)];
}

/** Of pods with the token that the API server asks for. Its Service selects no pods, so that addresses mean it. */
function apiServerCalls(from: PodGroup): Call[] {
  const by = isStackCheck(from) ? 'cdk8s-thanos check' : 'automountServiceAccountToken';
  if (!isStackCheck(from) && from.spec?.automountServiceAccountToken !== true) return [];
  return [{ from, purpose: 'apiServer', by, host: API_SERVER, ownEndpoints: true }];
}

const API_SERVER = 'kubernetes.default.svc';

/** The connection to an address, wherever it leads; none to the pod itself. */
export function callTo(network: AppNetwork, from: PodGroup, purpose: Purpose, by: string, to: Address): Call[] {
  if (isLocal(to)) return [];
  const service = serviceTarget(network, from, to);
  if (service) return [{ from, purpose, by, service }];
  const port = /^\d+$/.test(to.port ?? '') ? Number(to.port) : undefined;
  return [
    {
      from,
      purpose,
      by,
      host: to.host,
      port,
      ...(hasOwnEndpoints(network, from, to) && { ownEndpoints: true as const }),
    },
  ];
}

function flagCalls(network: AppNetwork, from: PodGroup, container: Json, calls: FlagCalls): Call[] {
  const purpose = PURPOSES[calls.carries];
  if (purpose === undefined) return [];
  return calls.flags.flatMap((flag) => {
    const values = flagValues(container, flag);
    if (calls.config === undefined) {
      const addresses = values.flatMap((value) => addressOf(value) ?? []);
      return addresses.flatMap((to) => callTo(network, from, purpose, flag, to));
    }
    const { config } = calls;
    const listsFiles = flag.endsWith('-files');
    const inline = listsFiles ? [] : values.map((text): Given => ({ by: flag, text }));
    const paths = listsFiles ? values : flagValues(container, `${flag}-file`);
    const files = paths.map((path): Given => {
      const { text, source } = fileAt(network, from, container, path);
      return { by: listsFiles ? flag : `${flag}-file`, text, source };
    });
    return [...inline, ...files].flatMap((given) => configCalls(network, from, container, purpose, config, given));
  });
}

/** A config, and where it stands. */
interface Given {
  readonly by: string;
  readonly text?: string;
  readonly source?: string;
}

function configCalls(
  network: AppNetwork,
  from: PodGroup,
  container: Json,
  purpose: Purpose,
  form: ConfigForm,
  { by, text, source }: Given,
): Call[] {
  // a cache in memory calls nobody
  if (text === undefined) return [{ from, purpose, by, hidden: source, ...(form === 'cache' && { maybe: true }) }];
  const config = yaml(text);
  const called = addressesIn(form, config).map((to) => (form === 'hashrings' ? asked(container, to) : to));
  return [
    ...called.flatMap((to) => callTo(network, from, purpose, by, to)),
    ...(form === 'cache' ? sentinelCalls({ from, purpose, by }, config, called) : []),
  ];
}

/** The Redis behind a Sentinel, which says where it is: the config has the Sentinel's own address. */
function sentinelCalls(call: Call, config: Json, [sentinel]: readonly Address[]): Call[] {
  if (!config?.config?.master_name) return [];
  const port = Number(sentinel?.port ?? SENTINEL_PORT);
  return [{ ...call, whom: 'the Redis that its Sentinel names', otherPort: port }];
}

/** Where a Sentinel answers unless told otherwise (https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/). */
const SENTINEL_PORT = 26379;

/** The port of a receiver's writes: that of Cap'n Proto where they are handed over so. */
function asked(container: Json, to: Address): Address {
  const protocol = flagValues(container, '--receive.replication-protocol').at(-1);
  return protocol === 'capnproto' ? { ...to, port: String(PORTS.capnproto) } : to;
}

/** Grafana's data sources, from the ConfigMaps that it mounts. */
function grafanaCalls(network: AppNetwork, from: PodGroup): Call[] {
  if (!isGrafana(from) || containersOf({ spec: from.spec }).length === 0) return [];
  return mountedTexts(network, from)
    .filter((text) => text.includes('datasources'))
    .flatMap((text) => addressesIn('datasources', yaml(text)))
    .flatMap((to) => callTo(network, from, 'queries', 'data source', to));
}

/** Nothing where it can't be read: Thanos refuses it. */
function yaml(text: string): Json {
  try {
    return parseYaml(text);
  } catch {
    return undefined;
  }
}
