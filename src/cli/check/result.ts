/** One line of the report. */
export interface CheckResult {
  readonly check: string;
  /** What was looked at: a pod, an object. */
  readonly of: string;
  readonly result: 'pass' | 'warn' | 'fail' | 'skip';
  /** What was found: for a failure, its cause. */
  readonly detail: string;
  readonly fix?: string;
}

export function pass(check: string, of: string, detail: string): CheckResult {
  return { check, of, result: 'pass', detail };
}

export function skip(check: string, of: string, detail: string): CheckResult {
  return { check, of, result: 'skip', detail };
}

export function fail(check: string, of: string, detail: string, fix: string): CheckResult {
  return { check, of, result: 'fail', detail, fix };
}

export function warn(check: string, of: string, detail: string, fix: string): CheckResult {
  return { check, of, result: 'warn', detail, fix };
}
