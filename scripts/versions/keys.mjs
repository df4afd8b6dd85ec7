import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Thanos keeps the structs whose parsers take any key without a word, so that only the source tells which they read. */
const LAX = [
  'pkg/cacheutil/memcached_client.go',
  'pkg/cacheutil/redis_client.go',
  'pkg/receive/config.go',
  'cmd/thanos/endpointset.go',
];

/** The keys that each of those files of a source gives to its fields; null where the version has no such file. */
export function keysOf(source) {
  return Object.fromEntries(LAX.map((file) => [file, keysIn(join(source, file))]));
}

function keysIn(file) {
  if (!existsSync(file)) return null;
  const found = [...readFileSync(file, 'utf8').matchAll(/`(?:yaml|json):"([a-z_]+)/g)].map(([, key]) => key);
  return [...new Set(found)].sort();
}
