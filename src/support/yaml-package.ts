/* eslint-disable @typescript-eslint/no-require-imports -- what an app without text to read has no use for loads with none */

/**
 * The `yaml` package: the copy that cdk8s brings and has loaded. One of our own would have to be bundled, as jsii asks of
 * what is no jsii module, and then nobody could update it.
 */
export function yamlPackage(): typeof import('yaml') {
  try {
    // by this path a bundler finds it too
    return require('cdk8s/node_modules/yaml');
  } catch {
    // where an installer laid it elsewhere
    const { createRequire } = require('node:module') as typeof import('node:module');
    return createRequire(createRequire(__filename).resolve('cdk8s'))('yaml');
  }
}
