import { yamlPackage } from './yaml-package';

/** A YAML document as plain values. */
export function parseYaml(text: string): any {
  return yamlPackage().parse(text, { logLevel: 'error' });
}
