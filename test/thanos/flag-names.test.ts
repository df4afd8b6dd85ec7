import { helped } from '../programs/help';
import { describeThanos, runThanos } from '../programs/thanos';
import { type Flag, flagsOf } from '../../src/thanos/command';
import { FLAGS } from '../../src/thanos/flag-names';

const COMMANDS = Object.keys(FLAGS).map((words) => ({ words, command: words.split(' ') }));
/** Answered as soon as they are read, negated or not. */
const ANSWERED = ['--help', '--version'];
/** Values of which each kind of flag takes one: what is wrong in itself is refused before a repetition is. */
const VALUES = ['1', '1s', '1MB', 'SHA256', 'chain', 'lazy', 'commonName', '127.0.0.1:1'];

/** What the table has of a command, and its help has not. */
async function hidden(command: readonly string[]): Promise<[string, Flag['takes']][]> {
  const shown = await helped(command);
  return [...flagsOf(command)!].filter(([name]) => !shown.has(name)).map(([name, { takes }]) => [name, takes]);
}

/** A flag as it stands in a command line. */
function written(name: string, takes: Flag['takes'], value = '1'): string {
  return takes === 'nothing' ? name : `${name}=${value}`;
}

describeThanos('the list of flags', () => {
  test.each(COMMANDS)('of $words has what its help shows', async ({ command }) => {
    const shown = await helped(command);
    const known = flagsOf(command)!;
    expect(shown.size).toBeGreaterThan(10);
    expect([...shown].map(([name]) => [name, known.get(name)?.takes])).toEqual([...shown]);
  });

  test.each(COMMANDS)(
    'of $words has nothing that it does not take, and no switch without a negation',
    async ({ command }) => {
      const args = [...flagsOf(command)!]
        .filter(([name]) => !ANSWERED.includes(name))
        .map(([name, { takes }]) => (takes === 'nothing' ? name.replace('--', '--no-') : `${name}=1`));
      const { output } = await runThanos([...command, ...args, '--not-a-flag']);
      expect(output).toContain("unknown long flag '--not-a-flag'");
    },
  );

  test.each(COMMANDS)('of $words says of hidden flags too whether they may repeat', async ({ command }) => {
    for (const [name, takes] of await hidden(command)) {
      if (takes === 'values') continue;
      const answers: string[] = [];
      for (const value of takes === 'nothing' ? [''] : VALUES) {
        const twice = [written(name, takes, value), written(name, takes, value)];
        answers.push((await runThanos([...command, ...twice])).output);
        if (answers.at(-1)!.includes('cannot be repeated')) break;
      }
      expect(answers.at(-1)).toContain(`flag '${name.slice(2)}' cannot be repeated`);
    }
  });

  test('that may repeat: two are read (control)', async () => {
    const name = '--receive.otlp-promote-resource-attributes';
    const { output } = await runThanos(['receive', `${name}=a`, `${name}=b`]);
    expect(output).toContain('no external labels configured');
  });
});
