import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, YamlOutputType } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { allClusters } from './chart';

const app = new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
allClusters(app, new Date());
app.synth();

// A kustomization.yaml in each cluster's folder makes it a base that overlays extend.
for (const chart of app.charts) {
  const folder = path.join(app.outdir, chart.node.id);
  const resources = fs.readdirSync(folder).filter((file) => file.endsWith('.k8s.yaml'));
  const lines = ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', 'resources:'];
  fs.writeFileSync(
    path.join(folder, 'kustomization.yaml'),
    [...lines, ...resources.sort().map((file) => `  - ${file}`), ''].join('\n'),
  );
}
console.log(GrantTable.of(app).toString());
