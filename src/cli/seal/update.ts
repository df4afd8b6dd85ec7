import type { X509Certificate } from 'node:crypto';
import { foundName } from '../../support/problem';
import { CliProblem } from '../problem';
import { type Place, labelOf, seal } from './encrypt';
import type { Sealed } from './manifest';
import type { Values } from './values';
import { makeVerifier, verifies } from './verifier';

/** What became of a key. */
export type Fate = 'kept' | 'sealed' | 'dropped';

/** What is sealed, where for, and what the file has already. */
export interface Inputs {
  readonly place: Place;
  readonly certificate: X509Certificate;
  readonly values: Values;
  readonly before?: Sealed;
  readonly type?: string;
  readonly drop: readonly string[];
  readonly verifier: boolean;
}

/** The new content of the file. Maps, since a key may be called `__proto__`. */
export interface Updated {
  readonly sealed: Sealed;
  readonly fates: ReadonlyMap<string, Fate>;
  /** Kept values of another certificate: the controller opens them while it has that key. */
  readonly earlier: readonly string[];
}

/** A value as it goes into the file. */
interface Entry {
  readonly fate: Fate;
  readonly ciphertext: string;
  readonly verifier?: string;
  /** The certificate that it was sealed with, where that is known. */
  readonly certificate?: string;
}

/** Seals what is new or changed, keeps the rest. `out` is the file's name, for messages. */
export function update(inputs: Inputs, out: string): Updated {
  const { place, certificate, values, before, drop, type } = inputs;
  const current = certificate.fingerprint256;
  const old = entriesOf(before);
  for (const key of drop)
    if (!old.has(key) || values.has(key))
      throw new CliProblem(`--drop ${foundName(key)}: ${out} has no such key, or a value is given for it`);
  const others = [...old].filter(([key]) => !values.has(key) && !drop.includes(key));
  const same = before !== undefined && samePlace(before.place, place);
  if (others.length > 0 && !same)
    throw new CliProblem(
      `scope, name or namespace differ from those of ${out}, so its other values can't be kept. Give ${others.map(([key]) => key).join(', ')} too, or --drop them`,
    );
  const fresh = [...values].map(
    ([key, value]) => [key, entry(inputs, value, same ? old.get(key) : undefined)] as const,
  );
  const entries = [...others, ...fresh];
  const earlier = entries.filter(([, { certificate: of = current }]) => of !== current);
  return {
    sealed: {
      place,
      base: before?.base,
      type: type ?? before?.type ?? 'Opaque',
      encryptedData: Object.fromEntries(entries.map(([key, { ciphertext }]) => [key, ciphertext])),
      state: {
        certificate: current,
        verifiers: Object.fromEntries(entries.flatMap(([key, { verifier }]) => (verifier ? [[key, verifier]] : []))),
        earlier: Object.fromEntries(earlier.map(([key, { certificate: of }]) => [key, of!])),
      },
    },
    fates: new Map([
      ...drop.map((key) => [key, 'dropped'] as const),
      ...entries.map(([key, { fate }]) => [key, fate] as const),
    ]),
    earlier: earlier.map(([key]) => key),
  };
}

/** The ciphertext that is there, where it is of this value and certificate; a new one otherwise. */
function entry({ certificate, place, verifier }: Inputs, value: Buffer, old?: Entry): Entry {
  const current = certificate.fingerprint256;
  if (old && verifier && (old.certificate ?? current) === current && verifies(old.verifier, value)) return old;
  return {
    fate: 'sealed',
    ciphertext: seal(value, certificate.publicKey, place),
    verifier: verifier ? makeVerifier(value) : undefined,
    certificate: current,
  };
}

function entriesOf(before: Sealed | undefined): Map<string, Entry> {
  const { certificate, verifiers = {}, earlier = {} } = before?.state ?? {};
  const own = (map: Record<string, string>, key: string): string | undefined =>
    Object.hasOwn(map, key) ? map[key] : undefined;
  return new Map(
    Object.entries(before?.encryptedData ?? {}).map(([key, ciphertext]) => [
      key,
      { fate: 'kept', ciphertext, verifier: own(verifiers, key), certificate: own(earlier, key) ?? certificate },
    ]),
  );
}

/** Whether ciphertext opens at the other place: name and namespace count as far as the scope binds to them. */
function samePlace(one: Place, other: Place): boolean {
  return one.scope === other.scope && labelOf(one).equals(labelOf(other));
}
