import { createRequire } from 'node:module';

/**
 * The `yaml` package: the copy that cdk8s brings and has loaded. One of our own would have to be bundled, as jsii asks of
 * what is no jsii module, and then nobody could update it.
 */
export function yamlPackage(): typeof import('yaml') {
  try {
    // by this path a bundler finds it too
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require('cdk8s/node_modules/yaml');
  } catch {
    // where an installer laid it elsewhere
    return createRequire(createRequire(__filename).resolve('cdk8s'))('yaml');
  }
}
