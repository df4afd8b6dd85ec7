import type { CheckResult } from './result';

/** What XML 1.0 can't hold even escaped: logs of a pod may bring it, and a CI would refuse the whole file. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** The results as JUnit's XML. A warning passes, as it does in the exit code, and is told in system-out. */
export function junit(suite: string, checks: readonly CheckResult[]): string {
  const count = (result: CheckResult['result']): number => checks.filter((one) => one.result === result).length;
  const counts = `tests="${checks.length}" failures="${count('fail')}" errors="0" skipped="${count('skip')}"`;
  return document(suite, counts, checks.map(testcase));
}

/** A run that could not judge anything: no kubectl, no cluster, no stack. */
export function junitOfError(suite: string, message: string): string {
  const error = `<error message="${escaped(message)}"/>`;
  return document(suite, 'tests="1" failures="0" errors="1" skipped="0"', [
    `<testcase classname="check" name="check">${error}</testcase>`,
  ]);
}

function document(suite: string, counts: string, cases: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `<testsuite name="${escaped(suite)}" ${counts}>`,
    ...cases,
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase({ check, of, result, detail, fix }: CheckResult): string {
  const told = escaped(fix === undefined ? detail : `${detail}\nto do: ${fix}`);
  const inside = {
    pass: `<system-out>${told}</system-out>`,
    warn: `<system-out>warning: ${told}</system-out>`,
    fail: `<failure message="${escaped(detail)}">${told}</failure>`,
    skip: `<skipped message="${escaped(detail)}"/>`,
  }[result];
  return `<testcase classname="${escaped(check)}" name="${escaped(of)}">${inside}</testcase>`;
}

function escaped(text: string): string {
  return text.replace(NOT_XML, '\uFFFD').replace(/[&<>"\t\n\r]/g, (character) => ESCAPES[character]);
}
