import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { found, InputProblem, phrase } from '../support/problem';
import { yesOrNo } from '../support/rows';
import { readStruct, type Row, type StructTable } from '../support/table';
import type { Finding } from './finding';

/** The library ships as a few files in a folder of what is compiled; the rules stay apart from them, in the folder of this source. */
const LINT = basename(__dirname) === 'lint' ? './lint' : '../src/lint/lint';

/** Properties of the ThanosValidation plugin, as `properties` in cdk8s.yaml gives them. */
export interface ThanosValidationProps {
  /**
   * Fail on warnings too.
   * @default false
   */
  readonly strict?: boolean;
  /**
   * The time at which certificates must be valid, ISO 8601.
   * @default - now
   */
  readonly at?: string;
}

/** A text, or what a reader of YAML makes of one. */
const time: Row<string> = (value) => {
  const read = typeof value === 'string' || value instanceof Date ? new Date(value) : new Date(Number.NaN);
  if (!Number.isNaN(read.getTime())) return read.toISOString();
  throw new InputProblem(`is ${found(value)}, not a time; write 2027-01-01T00:00:00Z`);
};

const PROPS: StructTable<ThanosValidationProps> = { strict: yesOrNo, at: time };

/**
 * The checks of `cdk8s-thanos lint` as a validation plugin of `cdk8s synth`: name this class under `validations` in
 * cdk8s.yaml, and synth fails where the manifests of the app, whoever's objects they are, have an error.
 */
export class ThanosValidation {
  readonly #props: ThanosValidationProps;

  constructor(props: ThanosValidationProps = {}) {
    this.#props = readProps(props);
  }

  /**
   * Called by `cdk8s synth`.
   * @param context the ValidationContext of cdk8s-cli
   */
  public async validate(context: any): Promise<void> {
    // loaded here, so that an app that imports the library for its constructs doesn't load the rules
    const { lint } = createRequire(__filename)(LINT) as typeof import('./lint.js');
    const files = context.manifests as string[];
    const texts = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
    const { at, strict } = this.#props;
    const now = at === undefined ? new Date() : new Date(at);
    const findings = lint(texts, now).filter(({ severity }) => severity !== 'info');
    for (const finding of findings) context.report.addViolation(violation(finding));
    const fatal = findings.filter(({ severity }) => strict || severity === 'error');
    context.report.submit(fatal.length > 0 ? 'failure' : 'success');
  }
}

function readProps(props: ThanosValidationProps | null): ThanosValidationProps {
  try {
    // an empty `properties:` of cdk8s.yaml comes as null
    return readStruct(PROPS, props ?? {});
  } catch (error) {
    if (error instanceof InputProblem) throw new Error(phrase('ThanosValidation', 'properties', error.message));
    throw error;
  }
}

function violation(finding: Finding): object {
  const { rule, severity, file, object, path, text, fix } = finding;
  return {
    ruleName: rule,
    recommendation: `${severity}: ${text}`,
    fix,
    violatingResources: [
      { resourceName: object.replace(/^.*[ /]/, ''), locations: [`${object}: ${path}`], manifestPath: file },
    ],
  };
}
