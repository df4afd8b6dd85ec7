import { wirings } from '../ca-mounts';
import { fileAt, sourcesOf } from '../files';
import type { Rule } from '../finding';
import type { Container } from '../pod';
import { isMap, text } from '../shape';
import type { World } from '../world';

export const subPath: Rule = {
  id: 'sub-path',
  severity: 'warning',
  about: 'CA, config or keys mounted by subPath: frozen for as long as the pod lives',
  check: (world) =>
    world.containers.flatMap((container) => {
      const volumes = bucketVolumes(world, container);
      return container.mounts
        .filter((mount) => text(mount.subPath) !== '' && volumes.has(mount.volume))
        .filter((mount) => sourcesOf(world, container, mount.volume).length > 0)
        .map((mount) => ({
          object: container.pod.object,
          path: mount.path,
          text: `mounts ${mount.mountPath} by subPath, which never sees an update of the Secret or ConfigMap`,
          fix: 'Mount the directory, without subPath',
        }));
    }),
};

/** Volumes in which the container's bucket access lies. */
function bucketVolumes(world: World, container: Container): Set<string> {
  const uses = world.usesOf(container);
  const files = uses.flatMap(({ file, config }) => {
    const sse = config?.config.sse_config;
    const paths = [config?.tls.ca_file, config?.tls.cert_file, config?.tls.key_file, isMap(sse) && sse.encryption_key];
    return [text(file), ...paths.map(text)].filter((path) => path !== '');
  });
  const mounted = files.flatMap((file) => {
    const found = fileAt(world, container, file);
    return found.state === 'none' ? [] : [found.mount.volume];
  });
  const idle = wirings(world)
    .filter((w) => w.container === container)
    .flatMap((w) => w.idle.map(({ mount }) => mount.volume));
  return new Set([...mounted, ...idle]);
}
