import type { Grant } from '../objstore/grant';
import { InputProblem, found } from '../support/problem';
import { nearest } from '../support/shape';
import { type Flag, flagsOf } from '../thanos/command';
import { VALUES_SINCE } from '../thanos/flag-values';

/** Flags that only the Grant writes. */
const GRANTED = /^--objstore(-parquet)?\./;

interface Argument {
  readonly name: string;
  readonly text: string;
}

/** The arguments of a Thanos container: each flag once, in the order in which they were set. */
export class Flags {
  readonly #arguments: Argument[] = [];
  readonly #known: ReadonlyMap<string, Flag> | undefined;

  constructor(public readonly command: readonly string[]) {
    this.#known = flagsOf(command);
  }

  /** Sets a flag with a value; undefined leaves it out. */
  public set(name: string, value: string | number | undefined): this {
    return value === undefined ? this : this.add(`${name}=${value}`);
  }

  /**
   * Sets the flag that opens the bucket, as the Grant writes it.
   * @internal
   */
  public granted(grant: Grant | undefined): this {
    return grant === undefined ? this : this.add(grant.flag);
  }

  /** Adds an argument of the library's own, `--flag=value` or `--flag`. */
  public add(text: string): this {
    this.#arguments.push({ name: text.split('=', 1)[0], text });
    return this;
  }

  /**
   * Adds the users' arguments: one that is set already is replaced, since Thanos refuses a repeated flag. Gives back what
   * Thanos is not known to have, where it `mayBeUnknown`.
   */
  public override(args: readonly string[], mayBeUnknown = false): string[] {
    const given = args.map(argument);
    for (const { name, text } of given) {
      if (GRANTED.test(name))
        throw new InputProblem(
          `${found(name)} is set by the objstore alone, with the CA and keys that belong to it. Remove it`,
        );
      this.#requireForm(name, text, mayBeUnknown);
    }
    const single = given.filter(({ name }) => !this.#mayRepeat(name));
    const twice = single.find(({ name }, i) => single.slice(0, i).some((other) => sameSetting(other.name, name)));
    if (twice) throw new InputProblem(`${found(twice.name)} is set twice, which Thanos refuses. Remove one of the two`);
    for (const one of given) this.#replace(one);
    return this.#known ? given.map(({ name }) => name).filter((name) => !this.#flag(name)) : [];
  }

  /** Refuses flags and values that came after a minor version of Thanos; none where the version is not known. */
  public requireVersion(minor = Infinity): void {
    const needs = (what: string, since = 0): void => {
      if (since > minor)
        throw new InputProblem(`is Thanos 0.${minor}, but ${found(what)} needs 0.${since} or newer. Take a newer tag`);
    };
    for (const { name, text } of this.#arguments) {
      needs(name, this.#flag(name)?.since);
      needs(text, VALUES_SINCE[text]);
    }
  }

  /** The value of a flag, the last where it is repeated. */
  public value(name: string): string | undefined {
    return this.values(name).at(-1);
  }

  /** All values of a flag that may be repeated. */
  public values(name: string): string[] {
    return this.#arguments.filter((one) => one.name === name).map((one) => one.text.slice(name.length + 1));
  }

  /** Whether a flag is set whose name matches. */
  public has(name: RegExp): boolean {
    return this.names(name).length > 0;
  }

  /** Names of the flags that are set and match. */
  public names(name: RegExp): string[] {
    return this.#arguments.map((one) => one.name).filter((one) => name.test(one));
  }

  /** `receive --flag=value …`. */
  public toArgs(): string[] {
    return [...this.command, ...this.#arguments.map((one) => one.text)];
  }

  /** What is known of a flag; of a `--no-` twin, what is known of its switch. */
  #flag(name: string): Flag | undefined {
    const own = this.#known?.get(name);
    if (own || !name.startsWith('--no-')) return own;
    const twin = this.#known?.get(positive(name));
    return twin?.takes === 'nothing' ? twin : undefined;
  }

  /** Of a flag that is not known nobody can say. */
  #mayRepeat(name: string): boolean {
    const flag = this.#flag(name);
    return flag === undefined || flag.takes === 'values';
  }

  /** The command-line parser takes the next argument for a missing value, and a switch with a value is fatal. */
  #requireForm(name: string, text: string, mayBeUnknown: boolean): void {
    if (!this.#known) return;
    const flag = this.#flag(name);
    const value = text === name ? undefined : text.slice(name.length + 1);
    if (!flag) {
      if (mayBeUnknown) return;
      const like = nearest(name, [...this.#known.keys()]);
      const meant = like === undefined ? '' : `; did you mean ${found(like)}?`;
      throw new InputProblem(`${found(name)} is not a flag of "thanos ${this.command.join(' ')}"${meant}`);
    }
    if (flag.takes === 'nothing' && value !== undefined) {
      const twin = name === positive(name) ? `--no-${name.slice(2)}` : positive(name);
      const instead = value === 'false' ? twin : name;
      throw new InputProblem(`${found(name)} is a switch and takes no value; write ${found(instead)}`);
    }
    if (flag.takes !== 'nothing' && value === undefined)
      throw new InputProblem(`${found(name)} needs a value; write "${name}=value" as one string`);
  }

  #replace(one: Argument): void {
    const at = this.#mayRepeat(one.name) ? -1 : this.#arguments.findIndex(({ name }) => sameSetting(name, one.name));
    if (at < 0) this.#arguments.push(one);
    else this.#arguments[at] = one;
  }
}

function argument(text: string): Argument {
  const match = typeof text === 'string' ? /^(--[A-Za-z0-9][A-Za-z0-9._-]*)(=[\s\S]*)?$/.exec(text) : null;
  if (!match) throw new InputProblem(`${found(text)} is not a flag; write "--flag=value" or "--flag" as one string`);
  return { name: match[1], text };
}

/** A number or duration that says nothing: `0`, `0s`, `0h0m`. */
export function isZero(value: string | undefined): boolean {
  return value !== undefined && /^(0[a-z]*)+$/i.test(value);
}

/** `--no-x` and `--x` are one switch; `--x.config` and `--x.config-file` are one setting, of which Thanos refuses two. */
export function sameSetting(a: string, b: string): boolean {
  return meaning(a) === meaning(b);
}

function meaning(name: string): string {
  return positive(name).replace(/(config|hashrings)-file$/, '$1');
}

function positive(name: string): string {
  return name.replace(/^--no-/, '--');
}
