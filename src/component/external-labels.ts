import { argLiteral, goQuoted } from '../support/escape';
import { InputProblem, found } from '../support/problem';

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The pod's name, as Kubernetes gives it. */
export const POD_NAME_ENV = { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };

/** Values of `--label`: the users' external labels, and the one that tells replicas apart. */
export function labelValues(replicaLabel: string, external: Readonly<Record<string, string>>): string[] {
  for (const [name, value] of Object.entries(external)) {
    if (!LABEL_NAME.test(name) || name.startsWith('__'))
      throw new InputProblem(
        `${found(name)} is not a label name: letters, digits and "_", not starting with a digit or "__"`,
      );
    if (name === replicaLabel)
      throw new InputProblem(`${found(name)} is the replica label, which the pod's name fills`);
    if (typeof value !== 'string' || value === '')
      throw new InputProblem(`${name} has no value; an empty label is not a label`);
    if (/\p{Surrogate}/u.test(value)) throw new InputProblem(`${name} holds half a character (a lone surrogate)`);
  }
  const values = Object.entries(external).map(([name, value]) => `${name}=${argLiteral(goQuoted(value))}`);
  return [`${replicaLabel}="$(POD_NAME)"`, ...values];
}
