// Bare ApiObjects that carry given JSON: what cdk8s itself costs. node bare.cjs OUTDIR CHARTS.json [OUTPUT_TYPE]
// CHARTS.json: the objects of each chart by its name.
/* eslint-disable @typescript-eslint/no-require-imports */
const { readFileSync } = require('node:fs');
const { ApiObject, App, Chart, YamlOutputType } = require('cdk8s');
const { inner } = require('./inner.cjs');

inner(() => {
  const [outdir, file, type = 'FILE_PER_CHART'] = process.argv.slice(2);
  const app = new App({ outdir, yamlOutputType: YamlOutputType[type] });
  for (const [name, objects] of Object.entries(JSON.parse(readFileSync(file, 'utf8')))) {
    const chart = new Chart(app, name);
    objects.forEach((object, i) => new ApiObject(chart, `o${i}`, object));
  }
  app.synth();
});
