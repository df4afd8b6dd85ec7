// Fails when jest runs (--json --outputFile) ran no test, or left one out: a skipped test proves nothing. Takes the reports
// of several runs: a file that stands in more than one counts as the last one has it.
import { readFileSync } from 'node:fs';

const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
// a run in another clone has the file under another folder
const within = (name) => name.slice(name.lastIndexOf('/test/') + 1);
const files = new Map(reports.flatMap(({ testResults }) => testResults.map((file) => [within(file.name), file])));
const tests = [...files].flatMap(([name, { assertionResults }]) =>
  assertionResults.map(({ fullName, status }) => ({ place: `${name}: ${fullName}`, status })),
);
const left = tests.filter(({ status }) => status !== 'passed');
for (const { place, status } of left) console.error(`${status}: ${place}`);
if (!reports.every(({ success }) => success) || tests.length === 0 || left.length > 0) {
  console.error(`${left.length} of ${tests.length} tests did not pass; in CI every test must run and pass`);
  process.exit(1);
}
console.log(`${tests.length} tests, none skipped`);
