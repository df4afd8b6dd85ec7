/** The library as its users install it: slow, and needs the package registry. */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/test/package/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
};
