/** Says in one line at the end of a run how many tests were skipped for what is not on this machine, and how to get it. */
module.exports = function skippedReporter() {
  return {
    onRunComplete: (_, { testResults }) => {
      const lacking = testResults
        .flatMap((file) => file.testResults)
        .filter(({ status }) => status === 'pending')
        .map(({ fullName }) => /\(needs ([^)]+)\)/.exec(fullName)?.[1])
        .filter((needs) => needs !== undefined);
      if (lacking.length === 0) return;
      const needs = [...new Set(lacking.flatMap((text) => text.split(', ')))].sort().join(', ');
      const advice = 'put them on the path, or set TEST_CLUSTER to a script that builds them (CONTRIBUTING.md)';
      process.stderr.write(`${lacking.length} tests skipped, since they need ${needs}: ${advice}\n`);
    },
  };
};
