/**
 * Files that take long, most of them more than four minutes. `npm run e2e`, and with it the gate, leaves them out; `npm run e2e:full` and jest
 * itself run them.
 */
const SLOW = [
  'alerts',
  'faults-[a-z0-9-]+',
  'monitoring',
  'ring-change',
  'rule-reload',
  's3-away',
  'sealed-secrets',
  'two-buckets',
].map((name) => `<rootDir>/test/e2e/${name}\\.test\\.ts$`);

/** The suite on a real cluster: one file after the other, since they share it. */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.npm_lifecycle_event === 'e2e' ? SLOW : [])],
  globalSetup: '<rootDir>/test/e2e/support/setup.ts',
  globalTeardown: '<rootDir>/test/e2e/support/teardown.ts',
  maxWorkers: 1,
  testTimeout: 900_000,
};
