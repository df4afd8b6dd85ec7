import { App, YamlOutputType } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { globalView } from './chart';

const app = new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
globalView(app, new Date());
app.synth();
console.log(GrantTable.of(app).toString());
