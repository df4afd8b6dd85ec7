import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerCa } from '../../src/cli/ca/ca';
import { registerCompletion } from '../../src/cli/completion';
import { registerLint } from '../../src/cli/lint/lint';
import { registerSize } from '../../src/cli/size/size';
import { ownVersion } from '../../src/cli/version';

async function script(shell: string): Promise<string> {
  const program = new Command('cdk8s-thanos').exitOverride();
  for (const register of [registerCa, registerLint, registerSize, registerCompletion]) register(program);
  let out = '';
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => (out += String(text)) !== '');
  try {
    await program.parseAsync(['node', 'cdk8s-thanos', 'completion', shell]);
  } finally {
    spy.mockRestore();
  }
  return out;
}

test.each<[string, string[], string[]]>([
  ['at the start', [''], ['ca', 'lint', 'completion', '--help']],
  ['a command', ['li'], ['lint']],
  ['of a group', ['ca', 'f'], ['fetch']],
  ['options', ['lint', '--sa'], ['--sarif']],
  ['options of size', ['size', '--price-g'], ['--price-gigabyte-month']],
  ['options behind a file', ['lint', 'm.yaml', '--who'], ['--whole']],
])('bash completes %s', async (_, words, wanted) => {
  const folder = mkdtempSync(join(tmpdir(), 'completion-'));
  try {
    const file = join(folder, 'c.bash');
    writeFileSync(file, await script('bash'));
    const given = ['cdk8s-thanos', ...words].map((word) => `'${word}'`).join(' ');
    const ask = `source ${file}; COMP_WORDS=(${given}); COMP_CWORD=${words.length}; _cdk8s_thanos; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-euc', ask], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual(words.at(-1) === '' ? expect.arrayContaining(wanted) : wanted);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('zsh and fish have the same words', async () => {
  expect(await script('zsh')).toMatch(/^#compdef cdk8s-thanos\n[\s\S]*'ca fetch'\) words='/);
  expect(await script('fish')).toContain("complete -c cdk8s-thanos -n '__fish_seen_subcommand_from lint' -l sarif");
});

test('another shell is refused', async () => {
  await expect(script('tcsh')).rejects.toThrow('the shell is not one of bash, zsh, fish');
});

test('the version is that of the package', () => {
  // not imported: the compiler would copy it beside what it compiles, where it would stand for the package
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  expect(ownVersion()).toBe(version);
  expect(ownVersion('/')).toBe('unknown');
});
