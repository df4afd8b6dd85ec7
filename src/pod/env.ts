import type { Container, EnvFromSource, EnvVar } from '../support/k8s';
import { dataKey, objectName } from '../support/names';
import { InputProblem, found } from '../support/problem';
import { anyText, listOf, struct } from '../support/rows';
import { required, type Row } from '../support/table';
import { orNone } from './or-none';

/** An environment variable of the Thanos container: a value, or one source. */
export interface EnvVariable {
  /** Name of the variable. */
  readonly name: string;
  /**
   * Value. `$(NAME)` is Kubernetes' syntax for another variable.
   * @default - from a source
   */
  readonly value?: string;
  /**
   * Secret to read from, with `key`.
   * @default - none
   */
  readonly secretName?: string;
  /**
   * ConfigMap to read from, with `key`.
   * @default - none
   */
  readonly configMapName?: string;
  /**
   * Key of the Secret or ConfigMap.
   * @default - none
   */
  readonly key?: string;
  /**
   * Field of the pod, such as `status.podIP`.
   * @default - none
   */
  readonly fieldPath?: string;
}

/** All keys of a Secret or ConfigMap as environment variables. */
export interface EnvSource {
  /**
   * Name of the Secret.
   * @default - a ConfigMap
   */
  readonly secretName?: string;
  /**
   * Name of the ConfigMap.
   * @default - a Secret
   */
  readonly configMapName?: string;
  /**
   * Put before each name.
   * @default - nothing
   */
  readonly prefix?: string;
}

const VARIABLE: Row<EnvVariable> = struct<EnvVariable>(
  {
    name: required(variableName),
    value: anyText,
    secretName: objectName,
    configMapName: objectName,
    key: dataKey,
    fieldPath,
  },
  requireOneSource,
);

/** How the variables are read. */
export const ENV: Row<EnvVariable[]> = (value) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    throw new InputProblem("is an object, not a list; write [{ name: 'A', value: 'b' }]");
  const variables = listOf(VARIABLE)(value);
  const twice = variables.find(({ name }, i) => variables.findIndex((other) => other.name === name) !== i);
  if (twice) throw new InputProblem(`${twice.name} appears twice; give it once`);
  return variables;
};

/** How whole Secrets and ConfigMaps are read. */
export const ENV_FROM: Row<EnvSource[]> = listOf(
  struct<EnvSource>({ secretName: objectName, configMapName: objectName, prefix: variableName }, (source) => {
    if ((source.secretName === undefined) === (source.configMapName === undefined))
      throw new InputProblem('needs exactly one of secretName and configMapName');
  }),
);

/** What of a pod's options its environment is made of. */
interface EnvOptions {
  readonly env?: EnvVariable[];
  readonly envFrom?: EnvSource[];
}

/**
 * The environment of the main container: the users' variables over its own.
 * @internal
 */
export function environment(own: EnvVar[], { env = [], envFrom }: EnvOptions): Pick<Container, 'env' | 'envFrom'> {
  return {
    env: orNone(replaceEnv(own, env.map(envVariable))),
    envFrom: orNone(envFrom?.map(envFromSource)),
  };
}

/** What every supported Kubernetes takes; from 1.34 on it takes more. */
const VARIABLE_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

function variableName(name: unknown): string {
  if (typeof name === 'string' && VARIABLE_NAME.test(name) && name !== '.' && !name.startsWith('..')) return name;
  throw new InputProblem(
    `${found(name)} is not the name of a variable: letters, digits, "_", "-" and ".", no digit first`,
  );
}

/** Fields that a variable may show (https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#available-fields). */
const FIELD =
  /^(metadata\.(name|namespace|uid)|metadata\.(labels|annotations)\['[^']+'\]|spec\.(nodeName|serviceAccountName)|status\.(hostIP|hostIPs|podIP|podIPs))$/;

function fieldPath(path: unknown): string {
  if (typeof path === 'string' && FIELD.test(path)) return path;
  throw new InputProblem(
    `${found(path)} is not a field that a variable can show, such as "metadata.name" or "status.podIP"`,
  );
}

function requireOneSource({ name, value, secretName, configMapName, key, fieldPath }: EnvVariable): void {
  const sources = [value, secretName, configMapName, fieldPath].filter((source) => source !== undefined);
  if (sources.length !== 1)
    throw new InputProblem(`${name} needs exactly one of value, secretName, configMapName and fieldPath`);
  if (key === undefined && (secretName ?? configMapName) !== undefined)
    throw new InputProblem(`${name} needs the key of the Secret or ConfigMap`);
}

/** A user's variable as Kubernetes writes it. */
function envVariable({ name, value, secretName, configMapName, key, fieldPath }: EnvVariable): EnvVar {
  if (value !== undefined) return { name, value };
  if (fieldPath !== undefined) return { name, valueFrom: { fieldRef: { fieldPath } } };
  return {
    name,
    valueFrom: secretName
      ? { secretKeyRef: { name: secretName, key: key! } }
      : { configMapKeyRef: { name: configMapName, key: key! } },
  };
}

/** A whole Secret or ConfigMap as Kubernetes writes it. */
function envFromSource({ secretName, configMapName, prefix }: EnvSource): EnvFromSource {
  return { prefix, ...(secretName ? { secretRef: { name: secretName } } : { configMapRef: { name: configMapName } }) };
}

/** A later variable of the same name takes the earlier one's place. */
function replaceEnv(base: EnvVar[], over: EnvVar[]): EnvVar[] {
  const replaced = base.map((variable) => over.findLast((o) => o.name === variable.name) ?? variable);
  return [...replaced, ...over.filter((o) => !base.some((variable) => variable.name === o.name))];
}
