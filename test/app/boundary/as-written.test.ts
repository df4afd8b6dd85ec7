import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ApiObject, App, Chart, JsonPatch, YamlOutputType } from 'cdk8s';
import { FleetApp, ObjstoreConfig, S3Ca } from '../../../src';
import { bucket } from '../../fixtures/bucket';
import { ECDSA_CA } from '../../fixtures/certificates';
import { deployment, podSpec } from '../../fixtures/workloads';
import type { Json } from '../../render';

const LEAK = JsonPatch.add('/spec/template/spec/volumes', [{ name: 'x', secret: { secretName: 'thanos-s3-ca-cert' } }]);

let outdir: string;
beforeEach(() => (outdir = mkdtempSync(path.join(tmpdir(), 'written-'))));
afterEach(() => rmSync(outdir, { recursive: true }));

/** An app with a guarded bucket and charts that somebody else renders. */
function guarded<T extends App>(app: T): T {
  new ObjstoreConfig(new Chart(app, 'first'), 'Bucket', bucket({ ca: S3Ca.fromPem(ECDSA_CA) }));
  return app;
}

class PatchingChart extends Chart {
  public override toJson(): any[] {
    for (const object of this.apiObjects) object.addJsonPatch(LEAK);
    return super.toJson();
  }
}

class AddingChart extends Chart {
  public override toJson(): any[] {
    const spec = podSpec({ volumes: [{ name: 'x', secret: { secretName: 'thanos-s3-ca-cert' } }] });
    const metadata = { name: 'added', namespace: 'monitoring' };
    return [...super.toJson(), { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template: { spec } } }];
  }
}

class RelabellingChart extends Chart {
  public override toJson(): any[] {
    return super.toJson().map((json: Json) => ({
      ...json,
      metadata: { ...json.metadata, labels: { ...json.metadata.labels, team: 'a' } },
    }));
  }
}

describe.each<[string, (props: object) => App]>([
  ['App', (props) => new App(props)],
  ['FleetApp', (props) => new FleetApp(props)],
])('%s', (_, make) => {
  const outputs = [YamlOutputType.FILE_PER_APP, YamlOutputType.FILE_PER_CHART, YamlOutputType.FILE_PER_RESOURCE];

  test.each(outputs)('what a chart patches while it renders is judged (%s)', (yamlOutputType) => {
    const app = guarded(make({ outdir, yamlOutputType }));
    deployment(new PatchingChart(app, 'second'));
    expect(() => app.synth()).toThrow(/Do not apply what was written:\s+cdk8s-thanos: second\/App: .*uses the CA/);
  });

  test.each(outputs)('what a chart adds while it renders is judged (%s)', (yamlOutputType) => {
    const app = guarded(make({ outdir, yamlOutputType }));
    new AddingChart(app, 'second');
    expect(() => app.synth()).toThrow(/cdk8s-thanos: second: .*uses the CA/);
  });

  test('a chart that gives its objects more labels passes, and so do its granted pods', () => {
    const app = make({ outdir });
    const chart = new RelabellingChart(app, 'only');
    const config = new ObjstoreConfig(chart, 'Bucket', bucket({ ca: S3Ca.fromPem(ECDSA_CA) }));
    const securityContext = { fsGroup: 1 };
    const containers = [{ name: 'app', image: 'a:1', args: [`--objstore.config-file=${config.configFile}`] }];
    config.grantTo(deployment(chart, podSpec({ containers, securityContext })));
    app.synth();
    expect(readFileSync(path.join(outdir, 'only.k8s.yaml'), 'utf8')).toContain('team: a');
    expect(Object.keys(chart)).not.toContain('toJson');
  });

  test('what a validation changes is judged', () => {
    const app = guarded(make({ outdir }));
    const workload = deployment(new Chart(app, 'second'));
    workload.node.addValidation({
      validate: () => {
        workload.addJsonPatch(LEAK);
        return [];
      },
    });
    expect(() => app.synth()).toThrow('uses the CA');
  });

  test('the same app passes once it is mended', () => {
    const app = guarded(make({ outdir }));
    const chart = new PatchingChart(app, 'second');
    deployment(chart);
    expect(() => app.synth()).toThrow('uses the CA');
    chart.node.tryRemoveChild('App');
    app.synth();
  });
});

test('an app that synthesizes twice is judged for the second time too', () => {
  class TwiceApp extends App {
    public override synth(): void {
      super.synth();
      deployment(
        new Chart(this, 'late'),
        podSpec({ volumes: [{ name: 'x', secret: { secretName: 'thanos-s3-ca-cert' } }] }),
      );
      super.synth();
    }
  }
  expect(() => guarded(new TwiceApp({ outdir })).synth()).toThrow('uses the CA');
});

test('a fleet that synthesizes twice writes what stands there then', () => {
  class TwiceFleet extends FleetApp {
    public override synth(): void {
      super.synth();
      this.node.findAll().forEach((object) => {
        if (ApiObject.isApiObject(object)) object.metadata.addLabel('round', 'second');
      });
      super.synth();
    }
  }
  guarded(new TwiceFleet({ outdir })).synth();
  expect(readFileSync(path.join(outdir, 'first.k8s.yaml'), 'utf8')).toContain('round: second');
});

describe('how often each object is rendered', () => {
  const times = (app: App): number => {
    const objects = app.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
    const rendered = jest.spyOn(ApiObject.prototype, 'toJson');
    try {
      app.synth();
      return rendered.mock.calls.length / objects.length;
    } finally {
      rendered.mockRestore();
    }
  };

  test('once by a fleet, and by an App in which nobody else has a word', () => {
    expect(times(guarded(new FleetApp({ outdir })))).toBe(1);
    expect(times(guarded(new App({ outdir })))).toBe(1);
  });

  test.each<[string, (app: App) => unknown]>([
    ['validation', (app) => app.node.children[0].node.addValidation({ validate: () => [] })],
    ['second validation of the app', (app) => app.node.addValidation({ validate: () => [] })],
    ['chart that renders itself', (app) => new RelabellingChart(app, 'own')],
  ])('twice where there is a %s', (_, make) => {
    const app = guarded(new App({ outdir }));
    make(app);
    expect(times(app)).toBe(2);
  });

  test('a change between two synths is written', () => {
    const app = guarded(new App({ outdir }));
    app.synth();
    const [object] = app.node.findAll().filter((construct) => ApiObject.isApiObject(construct)) as ApiObject[];
    object.metadata.addLabel('round', 'second');
    app.synth();
    expect(readFileSync(path.join(outdir, 'first.k8s.yaml'), 'utf8')).toContain('round: second');
    expect(Object.keys(object)).not.toContain('toJson');
  });
});
