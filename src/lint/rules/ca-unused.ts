import { wirings } from '../ca-mounts';
import type { Rule } from '../finding';

export const caUnused: Rule = {
  id: 'ca-unused',
  severity: 'error',
  about: 'a CA is mounted, but no objstore.yml of the container names it',
  check: (world) =>
    wirings(world)
      .filter(({ container, broken, complete }) => {
        const s3 = world.usesOf(container).some(({ config }) => config?.s3);
        return complete && broken.length === 0 && s3;
      })
      .flatMap(({ container, idle }) =>
        idle.map(({ mount, path, ref }) => ({
          object: container.pod.object,
          path: mount.path,
          text: `mounts the CA of ${ref.kind} ${ref.name} at ${path}, but no ca_file names it: "certificate signed by unknown authority"`,
          fix: `Set config.http_config.tls_config.ca_file to ${path}, or remove the mount`,
        })),
      ),
};
