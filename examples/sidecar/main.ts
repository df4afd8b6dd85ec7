import { App } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { SidecarMonitoring } from './chart';

const app = new App();
new SidecarMonitoring(app, 'sidecar', new Date());
app.synth();
console.log(GrantTable.of(app).toString());
