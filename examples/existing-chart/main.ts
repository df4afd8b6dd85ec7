import { App } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { HarbourMonitoring } from './chart';

const app = new App();
new HarbourMonitoring(app, 'harbour', new Date());
app.synth();
console.log(GrantTable.of(app).toString());
