import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What a call of kubectl answers. */
export interface Said {
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
  /** What it answers from the second call on. */
  readonly next?: Said;
  /** It says nothing, for so many seconds. */
  readonly mute?: number;
}

/** The first whose pattern stands in the arguments answers; `*` in a pattern is anything. */
export type Answers = [pattern: string, said: Said][];

const NOT_FOUND: Said = { err: 'Error from server (NotFound): not found\n', code: 1 };

/** Commands that give an answer. */
function saying(folder: string, id: string, said: Said): string {
  if (said.mute !== undefined) return `exec sleep ${said.mute}`;
  writeFileSync(join(folder, `out${id}`), said.out ?? '');
  writeFileSync(join(folder, `err${id}`), said.err ?? '');
  // a process for each file takes longer than all else
  const shown = [said.out ? `cat '${folder}/out${id}'` : ':', said.err ? `cat '${folder}/err${id}' >&2` : ':'];
  return `${shown.join('; ')}; exit ${said.code ?? 0}`;
}

/** A shell script, since a process of Node would take longer to start than all else. */
function program(folder: string, answers: Answers): string {
  const cases = [...answers, ['', NOT_FOUND] as const].map(([pattern, said], i) => {
    const glob = pattern.split('*').map((part) => `'${part}'`);
    const [first, then] = [saying(folder, String(i), said), said.next && saying(folder, `${i}-next`, said.next)];
    const asked = `'${folder}/asked${i}'`;
    const shown = then === undefined ? first : `if [ -e ${asked} ]; then ${then}; else : > ${asked}; ${first}; fi`;
    return `*${glob.join('*')}*) ${shown};;`;
  });
  const stdin = `case "$*" in *--filename=-*) cat > '${folder}/stdin';; esac`;
  return `#!/bin/sh\necho "$*" >> '${folder}/calls'\n${stdin}\ncase " $* " in\n${cases.join('\n')}\nesac\n`;
}

/** A kubectl on the PATH that answers from a list, and remembers what it was asked. */
export class FakeKubectl {
  readonly #folder = mkdtempSync(join(tmpdir(), 'fake-kubectl-'));
  readonly #path = process.env.PATH;

  constructor(answers: Answers) {
    writeFileSync(join(this.#folder, 'calls'), '');
    writeFileSync(join(this.#folder, 'kubectl'), program(this.#folder, answers));
    chmodSync(join(this.#folder, 'kubectl'), 0o755);
    process.env.PATH = `${this.#folder}${delimiter}${this.#path}`;
  }

  public get calls(): string[] {
    return readFileSync(join(this.#folder, 'calls'), 'utf8').trim().split('\n');
  }

  /** What the last call that reads stdin was given. */
  public get input(): string {
    return readFileSync(join(this.#folder, 'stdin'), 'utf8');
  }

  public remove(): void {
    process.env.PATH = this.#path;
    rmSync(this.#folder, { recursive: true });
  }
}
