import { type Ignore, readIgnores } from '../../lint/ignores';
import { RULES } from '../../lint/rules';
import { NotYaml } from '../../lint/yaml-text';
import { readTextInput } from '../files';
import { CliProblem } from '../problem';

/** The rules that a file switches off. */
export function ignoresOf(file: string | undefined): Ignore[] {
  if (file === undefined) return [];
  const content = readTextInput(file);
  try {
    const ignores = readIgnores(content);
    const unknown = ignores.find(({ rule }) => !RULES.some(({ id }) => id === rule));
    if (unknown) throw new NotYaml(`names the rule ${JSON.stringify(unknown.rule)}, which is not there`);
    return ignores;
  } catch (error) {
    if (error instanceof NotYaml) throw new CliProblem(`${file} ${error.message}`);
    throw error;
  }
}
