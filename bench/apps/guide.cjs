// The guide's stack through the library. node guide.cjs OUTDIR
/* eslint-disable @typescript-eslint/no-require-imports */
const { App } = require('cdk8s');
const { guideStack } = require('../../lib/examples/guide/chart.js');
const { inner } = require('./inner.cjs');

inner(() => {
  const app = new App({ outdir: process.argv[2] });
  guideStack(app, new Date());
  app.synth();
});
