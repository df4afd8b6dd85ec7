import { App } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { guideStack } from './chart';

const app = new App();
guideStack(app, new Date());
app.synth();
console.log(GrantTable.of(app).toString());
