import type { Command } from 'commander';

/** Options that every command has. */
export function commonOptions(command: Command): Command {
  return command.option('--json', 'print one JSON object instead of text');
}
