import { withoutEndSlashes } from '../support/url';

/** True where a path in a container lies at or below a directory. */
export function covers(directory: string, path: string): boolean {
  const top = withoutEndSlashes(directory);
  return path === top || path.startsWith(`${top}/`);
}

/** The mount that a path of a container lies in, and the path within its volume; undefined where none covers it. */
export function mountAt<M extends { readonly mountPath: string; readonly subPath?: unknown }>(
  mounts: readonly M[],
  path: string,
): { readonly mount: M; readonly file: string } | undefined {
  const [mount] = mounts
    .filter(({ mountPath }) => typeof mountPath === 'string' && covers(mountPath, path))
    .sort((a, b) => b.mountPath.length - a.mountPath.length);
  if (mount === undefined) return undefined;
  const rest = path.slice(withoutEndSlashes(mount.mountPath).length).replace(/^\/+/, '');
  const subPath = typeof mount.subPath === 'string' ? mount.subPath : '';
  return { mount, file: [subPath, rest].filter((part) => part !== '').join('/') };
}
