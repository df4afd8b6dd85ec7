// What any cdk8s app asks of the type checker.
import { ApiObject, App, Chart } from 'cdk8s';

const app = new App();
new ApiObject(new Chart(app, 'thanos'), 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { key: 'value' } });
app.synth();
