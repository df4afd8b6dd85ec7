import type { Command } from 'commander';
import { CliProblem } from './problem';

/** What can be written after some words of a command line. */
interface Words {
  /** The commands so far, `ca fetch`; empty at the start. */
  readonly after: string;
  readonly words: readonly string[];
}

const SCRIPTS: Record<string, (name: string, all: readonly Words[]) => string> = { bash, zsh, fish };

const EXAMPLES = `
Examples:
  $ source <(cdk8s-thanos completion bash)                                          # in ~/.bashrc
  $ cdk8s-thanos completion zsh > "\${fpath[1]}/_cdk8s-thanos"
  $ cdk8s-thanos completion fish > ~/.config/fish/completions/cdk8s-thanos.fish`;

/** Adds `completion`: commands and options for the shell to complete. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that lets bash, zsh or fish complete commands and options')
    .argument('<shell>', Object.keys(SCRIPTS).join(', '))
    .addHelpText('after', EXAMPLES)
    .action((shell: string) => {
      if (!Object.hasOwn(SCRIPTS, shell))
        throw new CliProblem(`the shell is not one of ${Object.keys(SCRIPTS).join(', ')}`);
      process.stdout.write(SCRIPTS[shell](program.name(), wordsOf(program, [])));
    });
}

function wordsOf(command: Command, path: readonly string[]): Words[] {
  const options = command.options.flatMap(({ long }) => (long == null ? [] : [long]));
  const commands = command.commands.map((inner) => inner.name());
  const own = { after: path.join(' '), words: [...commands, ...options, '--help'] };
  return [own, ...command.commands.flatMap((inner) => wordsOf(inner, [...path, inner.name()]))];
}

function bash(name: string, all: readonly Words[]): string {
  const cases = all.map(({ after, words }) => `    '${after}') words='${words.join(' ')}' ;;`);
  return [
    `_${idOf(name)}() {`,
    `  local path='' words='' word`,
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || path="${path:+$path }$word"; done',
    '  # a file given to a command is no part of its name',
    '  while :; do',
    '    case "$path" in',
    ...cases,
    '    esac',
    '    [[ -n $words || -z $path ]] && break',
    '    if [[ $path == *" "* ]]; then path="${path% *}"; else path=""; fi',
    '  done',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    `complete -o default -F _${idOf(name)} ${name}`,
    '',
  ].join('\n');
}

function zsh(name: string, all: readonly Words[]): string {
  return `#compdef ${name}\nautoload -U +X bashcompinit && bashcompinit\n${bash(name, all)}`;
}

function fish(name: string, all: readonly Words[]): string {
  const lines = all.flatMap(({ after, words }) => {
    const seen = after === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${after.split(' ').at(-1)}`;
    return words.map((word) =>
      word.startsWith('--')
        ? `complete -c ${name} -n '${seen}' -l ${word.slice(2)}`
        : `complete -c ${name} -n '${seen}' -a ${word}`,
    );
  });
  return `${lines.join('\n')}\n`;
}

function idOf(name: string): string {
  return name.replace(/\W/g, '_');
}
