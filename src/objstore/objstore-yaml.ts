import { thanosYaml } from '../support/yaml';
import type { ObjectStore } from './object-store';
import { UNUSED_PREFIX } from './preflight-grant';

/** objstore.yml of Thanos (https://thanos.io/tip/thanos/storage.md/). */
export function objstoreYaml(store: ObjectStore): string {
  return thanosYaml({ type: store.type, config: store.config(false), prefix: store.prefix });
}

/** objstore.yml for a quick proof: one try of one cheap LIST, instead of ten of them over all blocks. */
export function preflightYaml(store: ObjectStore): string {
  const prefix = [store.folder, UNUSED_PREFIX].filter((part) => part !== '').join('/');
  return thanosYaml({ type: store.type, config: store.config(true), prefix });
}
