import { wirings } from '../ca-mounts';
import type { Rule } from '../finding';
import { found } from '../../support/problem';

export const caNotMounted: Rule = {
  id: 'ca-not-mounted',
  severity: 'error',
  about: 'objstore.yml names a ca_file, and the container mounts no CA at all',
  check: (world) =>
    wirings(world).flatMap(({ container, broken, idle }) =>
      broken
        .filter(({ missingKey }) => !missingKey && idle.length === 0)
        .map(({ file }) => ({
          object: container.pod.object,
          path: `${container.at}.volumeMounts`,
          text: `mounts nothing at ${found(file)}, the ca_file of its objstore.yml: Thanos stops at start`,
          fix: `Mount the CA's Secret at ${directory(file)}, read-only, as a directory`,
        })),
    ),
};

function directory(file: string): string {
  return file.replace(/\/[^/]*$/, '') || '/';
}
