import type { Grant } from '../objstore/grant';
import { InputProblem, found } from '../support/problem';

/** Flags that may stand more than once; every other is fatal when repeated. */
const REPEATABLE = new Set([
  ...[
    '--label',
    '--query.replica-label',
    '--endpoint',
    '--endpoint-strict',
    '--endpoint-group',
    '--endpoint-group-strict',
  ],
  ...[
    '--alertmanagers.url',
    '--query',
    '--grpc-query-endpoint',
    '--query.sd-files',
    '--rule-file',
    '--alert.label-drop',
    '--restore-ignored-label',
  ],
  ...[
    '--deduplication.replica-label',
    '--selector-label',
    '--enable-feature',
    '--query-frontend.forward-header',
    '--bucket-web-label',
  ],
  ...[
    '--query.conn-metric.label',
    '--store.sd-files',
    '--receive.otlp-promote-resource-attributes',
    '--query.partition-label',
  ],
]);

/** Flags that only the Grant writes. */
const GRANTED = /^--objstore[.-]/;

/** The arguments of a Thanos container: each flag once, in the order in which they were set. */
export class Flags {
  readonly #flags: { name: string; text: string }[] = [];

  constructor(private readonly command: readonly string[]) {}

  /** Sets a flag with a value; undefined leaves it out. */
  public set(name: string, value: string | number | undefined): this {
    if (value !== undefined) this.#flags.push({ name, text: `${name}=${value}` });
    return this;
  }

  /** Sets the flag that opens the bucket, as the Grant writes it. */
  public granted(grant: Grant | undefined): this {
    return grant === undefined ? this : this.add(grant.flag);
  }

  /** Adds an argument of the library's own, `--flag=value` or `--flag`. */
  public add(arg: string): this {
    this.#flags.push({ name: nameOf(arg), text: arg });
    return this;
  }

  /** Adds the users' arguments: one that is set already is replaced, since Thanos refuses a repeated flag. */
  public override(args: readonly string[]): this {
    for (const arg of args) {
      const name = nameOf(arg);
      if (GRANTED.test(name))
        throw new InputProblem(
          `${found(name)} is set by the objstore alone, with the CA and keys that belong to it. Remove it`,
        );
      const twin = REPEATABLE.has(name) ? -1 : this.#flags.findIndex((flag) => meaning(flag.name) === meaning(name));
      if (twin < 0) this.#flags.push({ name, text: arg });
      else this.#flags[twin] = { name, text: arg };
    }
    return this;
  }

  /** The value of a flag, the last where it is repeated. */
  public value(name: string): string | undefined {
    return this.#flags.findLast((flag) => flag.name === name)?.text.slice(name.length + 1);
  }

  /** Whether a flag is set whose name matches. */
  public has(name: RegExp): boolean {
    return this.#flags.some((flag) => name.test(flag.name));
  }

  /** `receive --flag=value …`. */
  public toArgs(): string[] {
    return [...this.command, ...this.#flags.map((flag) => flag.text)];
  }
}

function nameOf(arg: string): string {
  const match = typeof arg === 'string' ? /^(--[A-Za-z0-9][A-Za-z0-9.-]*)(=[\s\S]*)?$/.exec(arg) : null;
  if (!match) throw new InputProblem(`${found(arg)} is not a flag; write "--flag=value" or "--flag" as one string`);
  return match[1];
}

/** `--no-x` and `--x` are one switch; `--x.config` and `--x.config-file` are one setting, of which Thanos refuses two. */
function meaning(name: string): string {
  return name.replace(/^--no-/, '--').replace(/(config|hashrings)-file$/, '$1');
}
