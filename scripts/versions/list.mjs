/** The newest release of each minor version that has what the library needs of Thanos. The last is the library's default. */
export const thanosVersions = ['v0.38.0', 'v0.39.2', 'v0.40.1', 'v0.41.0', 'v0.42.4'];

/** The commands that the library writes, by their words. */
export const COMMANDS = [
  ...['receive', 'compact', 'store', 'rule', 'query', 'query-frontend', 'sidecar'],
  ...['ls', 'web', 'verify', 'inspect', 'cleanup', 'downsample', 'replicate', 'retention', 'rewrite', 'mark'].map(
    (tool) => `tools bucket ${tool}`,
  ),
];
