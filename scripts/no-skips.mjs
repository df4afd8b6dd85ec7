// Fails when a jest run (--json --outputFile) ran no test, or left one out: a skipped test proves nothing.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const tests = report.testResults.flatMap(({ name, assertionResults }) =>
  assertionResults.map(({ fullName, status }) => ({ place: `${name}: ${fullName}`, status })),
);
const left = tests.filter(({ status }) => status !== 'passed');
for (const { place, status } of left) console.error(`${status}: ${place}`);
if (!report.success || tests.length === 0 || left.length > 0) {
  console.error(`${left.length} of ${tests.length} tests did not pass; in CI every test must run and pass`);
  process.exit(1);
}
console.log(`${tests.length} tests, none skipped`);
