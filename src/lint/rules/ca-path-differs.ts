import { type Wiring, wirings } from '../ca-mounts';
import type { Hit, Rule } from '../finding';
import { keys } from '../manifest-object';
import { found } from '../../support/problem';

export const caPathDiffers: Rule = {
  id: 'ca-path-differs',
  severity: 'error',
  about: 'the CA is mounted at another path than ca_file, or its Secret has no such key',
  check: (world) => wirings(world).flatMap((wiring) => [...otherKey(wiring), ...otherPath(wiring)]),
};

function otherKey({ container, broken }: Wiring): Hit[] {
  return broken.flatMap(({ file, missingKey }) => {
    if (!missingKey) return [];
    const { kind, name, key, object } = missingKey;
    const has = object ? `; it has ${keys(object).join(', ') || 'none'}` : '';
    return [
      {
        object: container.pod.object,
        path: `${container.at}.volumeMounts`,
        text: `shows no file at ${found(file)}, the ca_file: ${kind} ${name} gives no ${found(key)}${has}`,
        fix: 'Map the key to that file name with items, or correct ca_file',
      },
    ];
  });
}

function otherPath({ container, broken, idle }: Wiring): Hit[] {
  if (idle.length === 0) return [];
  return broken
    .filter(({ missingKey }) => !missingKey)
    .map(({ file }) => ({
      object: container.pod.object,
      path: idle[0].mount.path,
      text: `mounts the CA at ${idle[0].path}, but ca_file is ${found(file)}: Thanos stops at start`,
      fix: 'Make the two the same path',
    }));
}
