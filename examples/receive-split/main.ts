import { App } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { splitStack } from './chart';

const app = new App();
splitStack(app, new Date());
app.synth();
console.log(GrantTable.of(app).toString());
