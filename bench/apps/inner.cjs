/** Runs a step and prints the CPU milliseconds that it took in this process, for what lies inside a whole run. */
exports.inner = (step) => {
  const before = process.cpuUsage();
  step();
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1000);
};
