import { argLiteral } from './escape';
import type { EnvVar } from './k8s';

/** A variable from a key of a Secret. */
export function secretVar(name: string, secretName: string, key: string): EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secretName, key } } };
}

/** Variables of plain text; those without a value are left out. */
export function textVars(values: readonly (readonly [name: string, value: string | undefined])[]): EnvVar[] {
  return values.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: argLiteral(value) }]));
}
