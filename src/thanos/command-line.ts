import { COMMANDS, flagsOf } from './command';
import { FLAGS } from './flag-names';

/** What Thanos is told. */
export interface CommandLine {
  /** `receive`, `tools bucket web`; empty where it is not said. */
  readonly command: string;
  /** The values of each flag, `--` included. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/** Reads command and flags of the words with which a container starts, of a shell script among them too. */
export function readCommandLine(given: readonly string[]): CommandLine {
  const words = wordsOf(given);
  const start = words.findIndex((word) => COMMANDS.includes(word));
  if (start < 0) return { command: '', flags: flagValues(words) };
  const command = longest(words.slice(start));
  return { command, flags: flagValues(words.slice(start), flagsOf(command.split(' '))) };
}

/** The words with which a container starts, those of a shell script among them too. */
export function wordsOf(given: readonly string[]): string[] {
  return given.flatMap((word) => (isScript(word) ? scriptWords(word) : [word]));
}

/** The longest command that the words begin with. */
function longest(words: readonly string[]): string {
  const known = [3, 2, 1].map((n) => words.slice(0, n).join(' ')).find((one) => Object.hasOwn(FLAGS, one));
  return known ?? words[0];
}

function isScript(word: string): boolean {
  return /\s/.test(word) && !word.startsWith('--');
}

/** Words of a script, as far as they need no shell to be told apart. */
function scriptWords(script: string): string[] {
  const words = script.replaceAll('\\\n', ' ').match(/(?:[^\s"';&|]|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}

type Flags = ReturnType<typeof flagsOf>;

/** The values of each flag among words, as `--flag=value` or `--flag value`; `known` says which take none. */
export function flagValues(words: readonly string[], known?: Flags): Map<string, string[]> {
  const values = new Map<string, string[]>();
  words.forEach((word, i) => {
    const match = /^(--[a-z0-9._-]+)(?:=([\s\S]*))?$/i.exec(word);
    if (!match || known?.get(match[1])?.takes === 'nothing') return;
    const next = words[i + 1]?.startsWith('--') ? undefined : words[i + 1];
    values.set(match[1], [...(values.get(match[1]) ?? []), match[2] ?? next ?? '']);
  });
  return values;
}
