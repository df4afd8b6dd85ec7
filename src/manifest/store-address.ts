import type { Json } from '../support/json';
import { type Address, addressOf } from './address';

/** Where the store of an objstore config is; undefined where that tells a region or an account instead. */
export function storeAddress(config: Json): Address | undefined {
  const endpoint: unknown = config?.endpoint;
  if (typeof endpoint !== 'string' || endpoint === '') return undefined;
  const scheme = config.insecure === true ? 'http' : 'https';
  return addressOf(endpoint.includes('://') ? endpoint : `${scheme}://${endpoint}`);
}
