// Bare ApiObjects that carry given JSON: what cdk8s itself costs. node bare.cjs OUTDIR OBJECTS.json
/* eslint-disable @typescript-eslint/no-require-imports */
const { readFileSync } = require('node:fs');
const { ApiObject, App, Chart } = require('cdk8s');
const { inner } = require('./inner.cjs');

inner(() => {
  const app = new App({ outdir: process.argv[2] });
  const chart = new Chart(app, 'thanos');
  JSON.parse(readFileSync(process.argv[3], 'utf8')).forEach((object, i) => new ApiObject(chart, `o${i}`, object));
  app.synth();
});
