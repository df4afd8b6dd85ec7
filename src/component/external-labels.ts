import { argLiteral, goQuoted } from '../support/escape';
import { InputProblem, found } from '../support/problem';
import { jsonObject } from '../support/rows';
import type { Row } from '../support/table';
import type { OptionalBucketProps } from './bucket-props';
import type { Context } from './context';
import { type Flags, isZero } from './flags';

/** Kubernetes puts the pod's name here. */
const POD_NAME = '$(POD_NAME)';
/** Label that tells receivers apart. */
export const RECEIVE_REPLICA = 'receive_replica';
/** Label that tells rulers apart. */
export const RULE_REPLICA = 'rule_replica';
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The pod's name, as Kubernetes gives it. */
export const POD_NAME_ENV = { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };

/** External labels, of which none may be the one that tells replicas apart, where there is one. */
export function externalLabels(replicaLabel?: string): Row<{ [name: string]: string }> {
  return (labels) => {
    for (const [name, value] of Object.entries(jsonObject(labels))) requireLabel(replicaLabel, name, value);
    return labels;
  };
}

/** Whether users may set a label of this name: those that begin with two underscores are Thanos' own. */
export function isLabelName(name: unknown): name is string {
  return typeof name === 'string' && LABEL_NAME.test(name) && !name.startsWith('__');
}

/** The name of a label that users may set. */
export function labelName(name: string): string {
  if (isLabelName(name)) return name;
  throw new InputProblem(
    `${found(name)} is not a label name: letters, digits and "_", not starting with a digit or "__"`,
  );
}

function requireLabel(replicaLabel: string | undefined, name: string, value: unknown): void {
  labelName(name);
  if (name === replicaLabel) throw new InputProblem(`${found(name)} is the replica label, which the pod's name fills`);
  if (typeof value !== 'string' || value === '')
    throw new InputProblem(`${name} has no value; an empty label is not a label`);
  if (/\p{Surrogate}/u.test(value)) throw new InputProblem(`${name} holds half a character (a lone surrogate)`);
}

/** Values of `--label`: the users' external labels, and the one that tells replicas apart. */
export function labelValues(replicaLabel: string, external: Readonly<Record<string, string>>): string[] {
  return [`${replicaLabel}="${POD_NAME}"`, ...quotedLabels(external)];
}

/** Labels as flags take them, `name="value"`. */
export function quotedLabels(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${argLiteral(goQuoted(value))}`);
}

/** Says that the pods write blocks with these labels, for the check on stacks that share a bucket. */
export function writesBlocks(
  { construct, identity, props, registry }: Context<OptionalBucketProps>,
  flags: Flags,
): void {
  if (!props.objstore) return;
  const { component: kind, namespace, instance } = identity;
  const group = `${registry.clusterOf(construct) ?? ''}/${namespace}/${instance}`;
  const externalLabels = Object.fromEntries(
    flags
      .values('--label')
      .map(labelOf)
      .filter(([, value]) => value !== POD_NAME),
  );
  const overlapping = !isZero(flags.value('--tsdb.out-of-order.time-window') ?? '0');
  registry.writers.push({ bucket: props.objstore.bucketId, construct, kind, externalLabels, group, overlapping });
}

/** Name and value of a label as `--label` takes it, `name="value"`; a value that Go quotes otherwise is kept as it stands. */
function labelOf(text: string): [string, string] {
  const [, name, value] = /^([^=]*)=?([\s\S]*)$/.exec(text)!;
  try {
    return [name, String(JSON.parse(value))];
  } catch {
    return [name, value];
  }
}
