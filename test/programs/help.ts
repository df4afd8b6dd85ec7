import type { Flag } from '../../src/thanos/command';
import { runThanos } from './thanos';

/** Flags of `--help`: its lines show a switch as `--[no-]x`, and what may repeat with three dots. */
export async function helped(command: readonly string[]): Promise<Map<string, Flag['takes']>> {
  const { output } = await runThanos([...command, '--help']);
  const lines = output
    .split('\n')
    .map((line) => /^ {2,6}(?:-\w, )?--(\[no-\])?([a-z][\w.-]*)(=\S*( \.\.\.)?)?(?:\s|$)/.exec(line));
  return new Map(
    lines
      .filter((match) => match !== null)
      .map(([, no, name, , repeats]) => [`--${name}`, no ? 'nothing' : repeats ? 'values' : 'value']),
  );
}
