import type { Container, EnvFromSource, EnvVar } from '../support/k8s';
import type { IConstruct } from 'constructs';
import { checked, InputProblem, found } from '../support/problem';
import { knownFields } from '../support/shape';
import { orNone } from './or-none';
import type { EnvSource, EnvVariable, PodOptions } from './pod-options';

/** The environment of the main container: the users' variables over its own. */
export function environment(scope: IConstruct, own: EnvVar[], options: PodOptions): Pick<Container, 'env' | 'envFrom'> {
  return {
    env: orNone(checked(scope, 'env', () => replaceEnv(own, options.env?.map(envVariable) ?? []))),
    envFrom: orNone(checked(scope, 'envFrom', () => options.envFrom?.map(envFromSource))),
  };
}

/** A user's variable as Kubernetes writes it. */
function envVariable(given: EnvVariable): EnvVar {
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
function envFromSource(given: EnvSource): EnvFromSource {
  knownFields(given, ['secretName', 'configMapName', 'prefix']);
  const { secretName, configMapName, prefix } = given;
  if ((secretName === undefined) === (configMapName === undefined))
    throw new InputProblem('needs exactly one of secretName and configMapName');
  return { prefix, ...(secretName ? { secretRef: { name: secretName } } : { configMapRef: { name: configMapName } }) };
}

/** A later variable of the same name takes the earlier one's place. */
function replaceEnv(base: EnvVar[], over: EnvVar[]): EnvVar[] {
  const replaced = base.map((variable) => over.findLast((o) => o.name === variable.name) ?? variable);
  return [...replaced, ...over.filter((o) => !base.some((variable) => variable.name === o.name))];
}
