import { parseYaml } from '../support/parse-yaml';
import { thanosYaml } from '../support/yaml';
import type { ObjstoreDocument } from './object-store';
import { UNUSED_PREFIX } from './preflight-grant';

/** objstore.yml of Thanos (https://thanos.io/tip/thanos/storage.md/). */
export function objstoreYaml({ type, config, prefix }: ObjstoreDocument): string {
  return thanosYaml({ type, config: config(false), prefix });
}

/** objstore.yml for a quick proof: one try of one cheap LIST, instead of ten of them over all blocks. */
export function preflightYaml({ type, config }: ObjstoreDocument, folder: string): string {
  const prefix = [folder, UNUSED_PREFIX].filter((part) => part !== '').join('/');
  return thanosYaml({ type, config: config(true), prefix });
}

/** The CA's path in the text of an objstore.yml; undefined where it names none. */
export function caFileIn(text: string): string | undefined {
  try {
    const file = parseYaml(text)?.config?.http_config?.tls_config?.ca_file;
    return typeof file === 'string' ? file : undefined;
  } catch {
    return undefined;
  }
}
