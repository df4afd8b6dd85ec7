/** Unit tests and tests against real programs; the real cluster has jest.e2e.config.cjs, the packed library jest.package.config.cjs. */
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/package/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/lib/'],
  moduleNameMapper: { '^cdk8s-thanos$': '<rootDir>/src/index.ts' },
  reporters: ['default', '<rootDir>/test/programs/skipped-reporter.cjs'],
  // real servers and programs on a busy machine: a test that failed is run once more, and jest says so
  setupFilesAfterEnv: ['<rootDir>/test/retry.cjs'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
};
