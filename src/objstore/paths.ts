/** Where a granted container finds what opening the bucket needs. Every path in objstore.yml, env and mounts comes from here. */
/** All of it but a token's and the blocks' own. */
export const DIRECTORY = '/etc/thanos';
export const CA_DIRECTORY = '/etc/thanos/certs';
export const CA_FILE = 'ca.crt';
export const CA_PATH = `${CA_DIRECTORY}/${CA_FILE}`;
export const CONFIG_DIRECTORY = '/etc/thanos/objstore';
export const CONFIG_FILE = 'objstore.yml';
export const CONFIG_PATH = `${CONFIG_DIRECTORY}/${CONFIG_FILE}`;
export const CLIENT_DIRECTORY = '/etc/thanos/client-tls';
export const SSE_DIRECTORY = '/etc/thanos/sse';
export const CREDENTIALS_DIRECTORY = '/etc/thanos/s3-credentials';
export const STORE_CREDENTIALS_DIRECTORY = '/etc/thanos/objstore-credentials';
export const TOKEN_DIRECTORY = '/var/run/secrets/thanos-s3';
/** What objstore.yml names of them. */
export const STORE_FILES = { ca: CA_PATH, clientDirectory: CLIENT_DIRECTORY, sseDirectory: SSE_DIRECTORY };
/** Readable for the pod's fsGroup, for nobody else. */
export const FILE_MODE = 0o440;

const SECOND = `${DIRECTORY}/to`;

/** A path as it is for the second bucket of a pod that opens two. What is the user's own, such as the folder of blocks, stays. */
export function secondPath(path: string): string {
  return path.startsWith(`${DIRECTORY}/`) ? SECOND + path.slice(DIRECTORY.length) : path;
}
