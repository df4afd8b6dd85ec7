/** Runs a step and prints what it cost inside this process: CPU milliseconds, and the most memory so far in KiB. */
exports.inner = (step) => {
  const before = process.cpuUsage();
  step();
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ inner: (user + system) / 1000, memory: process.resourceUsage().maxRSS }));
};
