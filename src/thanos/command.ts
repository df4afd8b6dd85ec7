import { FLAGS } from './flag-names';

/** What a flag takes: one value, one each time that it stands there, or none (a switch, which has a `--no-` twin). */
export type Takes = 'value' | 'values' | 'nothing';

/** What is known of a flag. */
export interface Flag {
  readonly takes: Takes;
  /** Minor version of Thanos that brought it; undefined where it is older than 0.29. */
  readonly since?: number;
}

/** First words of what Thanos can be told to do. */
export const COMMANDS = [...new Set(Object.keys(FLAGS).map((words) => words.split(' ')[0]))];

const MARKS: Record<string, Takes> = { '!': 'nothing', '*': 'values', '': 'value' };
const READ = new Map<string, ReadonlyMap<string, Flag>>();

/** The flags of a command by their names, `--` included; undefined for a command that is not known. */
export function flagsOf(command: readonly string[]): ReadonlyMap<string, Flag> | undefined {
  const words = command.join(' ');
  if (!READ.has(words) && Object.hasOwn(FLAGS, words)) READ.set(words, read(FLAGS[words].join(' ')));
  return READ.get(words);
}

function read(names: string): ReadonlyMap<string, Flag> {
  return new Map(
    names
      .trim()
      .split(/\s+/)
      .map((mark) => /^([^!*@]+)([!*]?)(?:@(\d+))?$/.exec(mark)!)
      .map(([, name, kind, since]) => [`--${name}`, { takes: MARKS[kind], since: since ? Number(since) : undefined }]),
  );
}
