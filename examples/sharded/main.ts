import { App } from 'cdk8s';
import { GrantTable } from 'cdk8s-thanos';
import { shardedStack } from './chart';

const app = new App();
shardedStack(app, new Date());
app.synth();
console.log(GrantTable.of(app).toString());
