import type { Json } from '../support/json';
import { fileAt, textOf, type KeyRef } from '../lint/files';
import type { Container } from '../lint/pod';
import { list, text } from '../lint/shape';
import type { World } from '../lint/world';
import { COMMANDS, flagsOf } from '../thanos/command';
import { FLAGS } from '../thanos/flag-names';

/** What a container tells Thanos. */
export interface CommandLine {
  /** `receive`, `tools bucket web`; empty where it is not said. */
  readonly command: string;
  /** The values of each flag, `--` included. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/** Reads the command and the flags of a container in which Thanos runs, of a shell script too. */
export function commandLine(container: Container): CommandLine {
  const words = container.words.flatMap(({ word }) => (isScript(word) ? scriptWords(word) : [word]));
  const start = words.findIndex((word) => COMMANDS.includes(word));
  if (start < 0) return { command: '', flags: flagValues(words, undefined, container) };
  const command = longest(words.slice(start));
  return { command, flags: flagValues(words.slice(start), flagsOf(command.split(' ')), container) };
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

function flagValues(words: readonly string[], known: Flags, container: Container): Map<string, string[]> {
  const values = new Map<string, string[]>();
  words.forEach((word, i) => {
    const match = /^(--[a-z0-9._-]+)(?:=([\s\S]*))?$/i.exec(word);
    if (!match || known?.get(match[1])?.takes === 'nothing') return;
    const next = words[i + 1]?.startsWith('--') ? undefined : words[i + 1];
    const value = withEnv(match[2] ?? next ?? '', container);
    values.set(match[1], [...(values.get(match[1]) ?? []), value]);
  });
  return values;
}

/** `$(NAME)` as the kubelet fills it in, where the manifests say with what. */
function withEnv(value: string, container: Container): string {
  return value.replace(/\$\((\w+)\)/g, (whole, name) => {
    const env: Json = list(container.json.env).find((one) => one.name === name);
    if (typeof env?.value === 'string') return env.value;
    const { namespace } = container.pod.object;
    return text(env?.valueFrom?.fieldRef?.fieldPath) === 'metadata.namespace' && namespace !== '' ? namespace : whole;
  });
}

/** A config that a flag gives: its text, or the Secret or ConfigMap whose text is not in the manifests. */
export interface GivenConfig {
  readonly flag: string;
  readonly text?: string;
  readonly ref?: KeyRef;
}

/** The configs that a flag and its `-file` twin give. */
export function configsOf(world: World, container: Container, line: CommandLine, flag: string): GivenConfig[] {
  const given = (line.flags.get(flag) ?? []).map((value) => ({ flag, text: value }));
  const files = (line.flags.get(`${flag}-file`) ?? []).map((file) =>
    fileConfig(world, container, `${flag}-file`, file),
  );
  return [...given, ...files];
}

/** The config at a path of a container. */
export function fileConfig(world: World, container: Container, flag: string, file: string): GivenConfig {
  const found = fileAt(world, container, file);
  return found.state === 'found' ? { flag, ref: found.ref, text: textOf(found.ref) } : { flag };
}
