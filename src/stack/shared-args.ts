import type { IConstruct } from 'constructs';
import { sameSetting } from '../component/flags';
import type { RequestLoggingOptions } from '../component/request-logging';
import type { HttpConfig } from '../component/tls/http-config';
import { isOwnImage } from '../pod/image';
import type { ThanosPodOptions } from '../pod/thanos-pod-options';
import type { Tracing } from '../pod/tracing';
import { found, problem } from '../support/problem';
import { flagsOf } from '../thanos/command';
import { defined } from './shared-options';

/** What a stack tells the commands of all its components. */
interface Told {
  readonly image?: ThanosPodOptions['image'];
  readonly extraArgs?: string[];
  readonly tracing?: Tracing;
  readonly requestLogging?: RequestLoggingOptions;
  readonly recommendResources?: boolean;
  readonly httpConfig?: HttpConfig;
}

/** The stack's arguments, each for the commands that know it. */
export class SharedArgs {
  readonly #taken = new Set<string>();

  constructor(private readonly told: Told) {}

  /** A component's own options over what its command knows of the stack's. */
  public under<T extends Told>(command: string, own: T): T & Told {
    const { extraArgs = [], tracing, requestLogging, recommendResources, httpConfig } = this.told;
    const known = flagsOf(command.split(' '))!;
    const knows = (arg: string): boolean => known.has(nameOf(arg)) || known.has(nameOf(arg).replace(/^--no-/, '--'));
    const args = extraArgs.filter((arg) => knows(arg) || isOwnImage(this.told.image));
    for (const arg of args) this.#taken.add(arg);
    const ownArgs = Array.isArray(own.extraArgs) ? own.extraArgs : [];
    const free = args.filter((arg) => !ownArgs.some((other) => sameSetting(nameOf(String(other)), nameOf(arg))));
    return {
      ...defined({
        tracing,
        recommendResources,
        httpConfig,
        requestLogging: known.has('--request.logging-config') ? requestLogging : undefined,
      }),
      ...defined(own),
      ...(free.length > 0 ? { extraArgs: [...free, ...(own.extraArgs ?? [])] } : {}),
    };
  }

  /** Refuses what no component took. */
  public requireTaken(construct: IConstruct): void {
    const idle = this.told.extraArgs?.find((arg) => !this.#taken.has(arg));
    if (idle !== undefined)
      throw problem(construct, 'extraArgs', `${found(nameOf(idle))} is a flag of none of the stack's components`);
  }
}

function nameOf(arg: string): string {
  return arg.split('=', 1)[0];
}
