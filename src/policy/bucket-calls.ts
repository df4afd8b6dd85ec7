import { type Address, addressOf } from '../manifest/address';
import { containers } from '../manifest/pod-specs';
import { storeAddress } from '../manifest/store-address';
import type { Json } from '../support/json';
import { parseYaml } from '../support/parse-yaml';
import type { GrantRecord } from '../app/registry';
import type { AppNetwork } from './app-network';
import type { Call } from './call';
import { fileAt } from './container-files';
import type { PodGroup } from './pod-group';
import { hasOwnEndpoints, serviceTarget } from './target';

const HTTPS = 443;

/** The ways of pods with a Grant: to the store, and to whoever gives them keys for their identity. */
export function bucketCalls(network: AppNetwork, from: PodGroup): Call[] {
  return network.grantsOf(from).flatMap((grant) => grantCalls(network, from, grant));
}

function grantCalls(network: AppNetwork, from: PodGroup, grant: GrantRecord): Call[] {
  const [name] = grant.containers;
  const { container } = containers('', from.spec ?? {}).find((one) => one.container.name === name) ?? {};
  const { text, source } = fileAt(network, from, container ?? {}, grant.facts.configPath);
  const by = 'objstore.yml';
  const hasToken = grant.facts.mounts.some(({ role }) => role === 'token');
  const identity: Call = { from, purpose: 'identity', by, port: HTTPS, ...(hasToken ? {} : { maybe: true }) };
  if (text === undefined) return [{ from, purpose: 'objstore', by, hidden: source }, identity];
  const { type, config } = read(text);
  if (type === 'FILESYSTEM') return [];
  // Swift's keys are exchanged at Keystone, whatever they are
  const keystone = type === 'SWIFT' ? addressOf(String(config?.auth_url ?? '')) : undefined;
  if (keystone)
    return [storeCall(network, from, by, config), keystoneCall(network, { from, purpose: 'identity', by }, keystone)];
  const sts = addressOf(String(config?.sts_endpoint ?? ''));
  return [
    storeCall(network, from, by, config),
    { ...identity, ...(sts && { host: sts.host, port: numberOf(sts.port) }) },
  ];
}

function keystoneCall(network: AppNetwork, call: Call, to: Address): Call {
  const service = serviceTarget(network, call.from, to);
  return service ? { ...call, service } : { ...call, ...placeOf(network, call.from, to) };
}

/** Where an address outside of the app is. */
function placeOf(network: AppNetwork, from: PodGroup, to: Address | undefined): Partial<Call> {
  const own = to && hasOwnEndpoints(network, from, to);
  return { host: to?.host, port: numberOf(to?.port), ...(own && { ownEndpoints: true as const }) };
}

function storeCall(network: AppNetwork, from: PodGroup, by: string, config: Json): Call {
  const to = storeAddress(config);
  const service = to && serviceTarget(network, from, to);
  if (service) return { from, purpose: 'objstore', by, service };
  // the stores of the clouds are told by region or account
  return { from, purpose: 'objstore', by, ...placeOf(network, from, to) };
}

function numberOf(port: string | undefined): number {
  return port === undefined ? HTTPS : Number(port);
}

function read(text: string): { readonly type?: string; readonly config?: Json } {
  try {
    const json: Json = parseYaml(text);
    return typeof json === 'object' && json !== null ? json : {};
  } catch {
    return {};
  }
}
