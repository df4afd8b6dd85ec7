import { Command } from 'commander';

/** What a command printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly out: string;
}

/** Runs one command of the program in this process. */
export async function runCommand(register: (program: Command) => void, args: string[]): Promise<Ran> {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const before = process.exitCode;
  try {
    const program = new Command('cdk8s-thanos').option('--json').exitOverride();
    register(program);
    await program.parseAsync(args, { from: 'user' });
    return { code: Number(process.exitCode ?? 0), out: written.join('') };
  } finally {
    process.exitCode = before;
    write.mockRestore();
  }
}
