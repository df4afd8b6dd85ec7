import type { EnvFromSource, EnvVar } from 'cdk8s-plus-28/lib/imports/k8s';
import { InputProblem, found } from '../support/problem';
import { knownFields } from '../support/shape';
import type { EnvSource, EnvVariable } from './pod-options';

/** A user's variable as Kubernetes writes it. */
export function envVariable(given: EnvVariable): EnvVar {
  knownFields(given, ['name', 'value', 'secretName', 'configMapName', 'key', 'fieldPath']);
  const { name, value, secretName, configMapName, key, fieldPath } = given;
  if (!name || /[=\u0000]/.test(name)) throw new InputProblem(`name ${found(name)} is not the name of a variable`);
  const sources = [value, secretName, configMapName, fieldPath].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw new InputProblem(`${name} needs exactly one of value, secretName, configMapName and fieldPath`);
  if (value !== undefined) return { name, value };
  if (fieldPath !== undefined) return { name, valueFrom: { fieldRef: { fieldPath } } };
  if (key === undefined) throw new InputProblem(`${name} needs the key of the Secret or ConfigMap`);
  return {
    name,
    valueFrom: secretName
      ? { secretKeyRef: { name: secretName, key } }
      : { configMapKeyRef: { name: configMapName, key } },
  };
}

/** A whole Secret or ConfigMap as Kubernetes writes it. */
export function envFromSource(given: EnvSource): EnvFromSource {
  knownFields(given, ['secretName', 'configMapName', 'prefix']);
  const { secretName, configMapName, prefix } = given;
  if ((secretName === undefined) === (configMapName === undefined))
    throw new InputProblem('needs exactly one of secretName and configMapName');
  return { prefix, ...(secretName ? { secretRef: { name: secretName } } : { configMapRef: { name: configMapName } }) };
}

/** A later variable of the same name takes the earlier one's place. */
export function replaceEnv(base: EnvVar[], over: EnvVar[]): EnvVar[] {
  const replaced = base.map((variable) => over.findLast((o) => o.name === variable.name) ?? variable);
  return [...replaced, ...over.filter((o) => !base.some((variable) => variable.name === o.name))];
}
