import { App } from 'cdk8s';
import { minimalStack } from './chart';

const app = new App();
minimalStack(app);
app.synth();
