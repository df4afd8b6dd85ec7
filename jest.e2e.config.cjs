/** The suite on a real cluster: one file after the other, since they share it. */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/e2e/support/setup.ts',
  globalTeardown: '<rootDir>/test/e2e/support/teardown.ts',
  maxWorkers: 1,
  testTimeout: 900_000,
};
