import { App } from 'cdk8s';
import { replicatedStack } from './chart';

const app = new App();
replicatedStack(app);
app.synth();
