// Loads modules and nothing else. node load.cjs MODULE...
/* eslint-disable @typescript-eslint/no-require-imports */
const { inner } = require('./inner.cjs');

inner(() => process.argv.slice(2).forEach((name) => require(name)));
