import { spawnSync } from 'node:child_process';

const LINE = /^ {2,6}(?:-\w, )?--(\[no-\])?([a-z][\w.-]*)(=\S*( \.\.\.)?)?(?:\s|$)/;

/**
 * The flags that a command's help shows, written as `src/thanos/flag-names.ts` writes them: `!` marks a switch, `*` what may
 * stand more than once. Null where the program has no such command.
 */
export function helpedFlags(thanos, words) {
  const { status, stdout, stderr } = spawnSync(thanos, [...words.split(' '), '--help'], { encoding: 'utf8' });
  if (status !== 0) return null;
  return `${stdout}${stderr}`
    .split('\n')
    .map((line) => LINE.exec(line))
    .filter((match) => match !== null)
    .map(([, no, name, , repeats]) => `${name}${no ? '!' : repeats ? '*' : ''}`)
    .sort();
}

/** The values of each flag of a command that takes only some, as Thanos says when it is given another. */
export function choicesOf(thanos, words, flags, cwd) {
  const found = (flags ?? [])
    .filter((flag) => !flag.endsWith('!'))
    .map((flag) => flag.replace(/\*$/, ''))
    .map((flag) => {
      const args = [...words.split(' '), `--${flag}=nobodys_value`];
      const { stderr } = spawnSync(thanos, args, { cwd, encoding: 'utf8', timeout: 5_000 });
      return [flag, /must be one of (\S+), got/.exec(stderr)?.[1].split(',')];
    });
  return Object.fromEntries(found.filter(([, values]) => values !== undefined));
}
