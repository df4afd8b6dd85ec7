import { App } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { hardenedStack } from './chart';

const app = new App();
hardenedStack(app, new Date());
app.synth();
console.log(GrantTable.of(app).toString());
