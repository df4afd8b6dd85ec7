/** The properties alone, with random values: see scripts/fuzz.mjs. */
module.exports = {
  ...require('./jest.config.cjs'),
  setupFilesAfterEnv: [],
  maxWorkers: 1,
  // a property runs for as long as it was told to
  testTimeout: 24 * 3600_000,
};
