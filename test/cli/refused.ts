import { CliProblem } from '../../src/cli/problem';
import { InputProblem } from '../../src/support/problem';

/** The message of an error that is the user's; any other error fails the test. */
export function refused(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof CliProblem || error instanceof InputProblem) return error.message;
    throw error;
  }
}
