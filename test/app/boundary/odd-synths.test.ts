import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ApiObject, App, type AppProps, Chart, JsonPatch, Lazy, Testing, Yaml, YamlOutputType } from 'cdk8s';
import type { Construct } from 'constructs';
import { FleetApp, ObjstoreConfig, S3Ca } from '../../../src';
import { bucket } from '../../fixtures/bucket';
import { ECDSA_CA } from '../../fixtures/certificates';
import { deployment, podSpec } from '../../fixtures/workloads';
import type { Json } from '../../render';

/** What users' code may do around and within a synth: nothing is written unjudged, and nothing that they changed is lost. */

const STEALING = podSpec({ volumes: [{ name: 'x', secret: { secretName: 'thanos-s3-ca-cert' } }] });

let outdir: string;
beforeEach(() => (outdir = mkdtempSync(path.join(tmpdir(), 'odd-'))));
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

/** The files that were written, by their path. */
function files(): Record<string, string> {
  const names = readdirSync(outdir, { recursive: true, encoding: 'utf8' }).sort();
  const found = names.filter((name) => statSync(path.join(outdir, name)).isFile());
  return Object.fromEntries(found.map((name) => [name, readFileSync(path.join(outdir, name), 'utf8')]));
}

const written = (): string => Object.values(files()).join('---\n');

/** Brings the library's checks into an app: a guarded bucket. */
function guarded<T extends App>(app: T): T {
  new ObjstoreConfig(new Chart(app, 'first'), 'Bucket', bucket({ ca: S3Ca.fromPem(ECDSA_CA) }));
  return app;
}

function configMap(scope: Construct, name: string, data: object = {}): ApiObject {
  return new ApiObject(scope, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}

function validation(on: Construct, run: () => unknown): void {
  const validate = (): string[] => {
    run();
    return [];
  };
  on.node.addValidation({ validate });
}

/** A chart that gives more, less or something else than its objects. */
function rendering(how: (manifests: Json[]) => Json): new (scope: Construct, id: string) => Chart {
  return class extends Chart {
    public override toJson(): any[] {
      return how(super.toJson());
    }
  };
}

const Adding = rendering((manifests) => {
  const metadata = { name: 'added', namespace: 'monitoring' };
  return [
    ...manifests,
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template: { spec: STEALING } } },
  ];
});

/** An object that does something before it is rendered. */
function acting(scope: Construct, id: string, act: () => unknown): ApiObject {
  class Acting extends ApiObject {
    public override toJson(): any {
      act();
      return super.toJson();
    }
  }
  return new Acting(scope, id, { apiVersion: 'example.com/v1', kind: 'Acting' });
}

const ALL = Object.values(YamlOutputType).filter((type) => typeof type === 'number');
/** The output types that ask charts; of a folder for each chart cdk8s asks the objects. */
const ASKING = ALL.filter((type) => type !== YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE);

describe.each<[string, new (props: AppProps) => App]>([
  ['App', App],
  ['FleetApp', FleetApp],
])('%s', (_, Make) => {
  const app = (props: AppProps = {}): App => guarded(new Make({ outdir, ...props }));

  /** The files of an app with the library's checks, and those of cdk8s without them. */
  function expectAsByCdk8s(yamlOutputType: YamlOutputType, fill: (app: App) => void): Record<string, string> {
    const filled = (it: App): Record<string, string> => {
      fill(it);
      it.synth();
      const found = files();
      rmSync(outdir, { recursive: true });
      return found;
    };
    const plain = filled(new App({ outdir, yamlOutputType }));
    const ours = filled(app({ yamlOutputType }));
    for (const [name, text] of Object.entries(plain)) expect(ours[name]?.slice(-text.length)).toBe(text);
    return plain;
  }

  describe.each(ALL)('output type %i', (yamlOutputType) => {
    test('a change by a validation of the app that comes after the library is written', () => {
      const it = app({ yamlOutputType });
      const object = configMap(new Chart(it, 'second'), 'a');
      validation(it, () => object.metadata.addLabel('late', 'yes'));
      it.synth();
      expect(written()).toContain('late: ');
    });

    test('a change after a validation that renders is written', () => {
      const it = app({ yamlOutputType });
      const chart = new Chart(it, 'second');
      const object = configMap(chart, 'a');
      let asked = false;
      validation(chart, () => {
        // it asks all validations, this one too
        if (asked) return;
        asked = true;
        chart.toJson();
      });
      validation(object, () => object.metadata.addLabel('late', 'yes'));
      it.synth();
      expect(written()).toContain('late: ');
    });

    test('what an object changes in one that is written after it is written', () => {
      expectAsByCdk8s(yamlOutputType, (it) => {
        const chart = new Chart(it, 'second');
        const a = configMap(chart, 'a');
        a.addDependency(acting(chart, 'b', () => a.metadata.addLabel('late', 'yes')));
      });
    });

    test('objects that render to nothing, and those that a chart leaves out, are as by cdk8s', () => {
      const Omitting = rendering((all) => all.map((json) => (json?.metadata.name === 'out' ? undefined : json)));
      class Nothing extends ApiObject {
        public override toJson(): any {
          return undefined;
        }
      }
      expectAsByCdk8s(yamlOutputType, (it) => {
        const chart = new Omitting(it, 'second');
        for (const name of ['in', 'out']) configMap(chart, name);
        for (const id of ['a', 'b']) new Nothing(chart, id, { apiVersion: 'example.com/v1', kind: 'Nothing' });
      });
    });

    test('a chart that gives a map of its objects is written as by cdk8s', () => {
      const Mapping = rendering((all) => Object.fromEntries(all.map((json, i) => [`key${i}`, json])));
      const plain = expectAsByCdk8s(yamlOutputType, (it) => configMap(new Mapping(it, 'second'), 'mapped'));
      expect(Object.values(plain).join()).toContain('name: mapped');
    });

    test('a dependency that a validation adds orders the files as by cdk8s', () => {
      const names = (it: App): string[] => {
        const [a, b] = ['one', 'two'].map((id) => configMap(new Chart(it, id), id));
        validation(a, () => a.addDependency(b));
        it.synth();
        const found = Object.keys(files());
        rmSync(outdir, { recursive: true });
        return found;
      };
      expect(names(app({ yamlOutputType }))).toEqual(names(guarded(new App({ outdir, yamlOutputType }))));
    });
  });

  describe.each(ASKING)('output type %i, a chart that adds a stealing pod while it is rendered', (yamlOutputType) => {
    test('is judged where a validation made the chart', () => {
      const it = app({ yamlOutputType });
      validation(it.node.children[0], () => it.node.tryFindChild('late') ?? new Adding(it, 'late'));
      expect(() => it.synth()).toThrow('uses the CA');
    });

    test('is judged where an object made the chart while it was rendered', () => {
      const it = app({ yamlOutputType });
      acting(new Chart(it, 'second'), 'a', () => it.node.tryFindChild('late') ?? new Adding(it, 'late'));
      expect(() => it.synth()).toThrow('uses the CA');
    });
  });

  test('a leak by a validation of the app that comes after the library is an error', () => {
    const it = app();
    const workload = deployment(new Chart(it, 'second'));
    validation(it, () => workload.addJsonPatch(JsonPatch.add('/spec/template/spec', STEALING)));
    expect(() => it.synth()).toThrow('uses the CA');
  });

  test.each(['before', 'after'])('a synth that a user put there %s the library writes what stands there', (when) => {
    const it = new Make({ outdir });
    const object = configMap(new Chart(it, 'second'), 'a');
    if (when === 'after') guarded(it);
    const { synth } = it;
    it.synth = () => {
      synth.call(it);
      object.metadata.addLabel('late', 'yes');
      synth.call(it);
    };
    if (when === 'before') guarded(it);
    it.synth();
    expect(written()).toContain('late: ');
  });

  test('an app that mends itself after a failed synth passes', () => {
    class Mending extends Make {
      public override synth(): void {
        try {
          super.synth();
        } catch {
          this.node.tryRemoveChild('second');
          super.synth();
        }
      }
    }
    const it = guarded(new Mending({ outdir }));
    deployment(new Chart(it, 'second'), STEALING);
    it.synth();
    expect(written()).not.toContain('kind: Deployment');
  });

  test('an app that writes by itself, without validations, is judged', () => {
    class Own extends Make {
      public override synth(): void {
        const objects = this.node
          .findAll()
          .filter((construct): construct is ApiObject => construct instanceof ApiObject);
        Yaml.save(
          path.join(outdir, 'own.yaml'),
          objects.map((object) => object.toJson()),
        );
      }
    }
    const it = guarded(new Own({ outdir }));
    it.synth();
    deployment(new Chart(it, 'second'), STEALING);
    expect(() => it.synth()).toThrow('uses the CA');
  });

  test('each of several synths, in whatever order, has the values and charts of its time', () => {
    const it = app();
    const chart = new Chart(it, 'second');
    let value = 'one';
    const source = configMap(chart, 'a', { value: Lazy.any({ produce: () => value }) });
    expect(JSON.stringify(Testing.synth(chart))).toContain('one');
    it.synth();
    value = 'two';
    expect(it.synthYaml()).toContain('value: two');
    value = 'three';
    expect(JSON.stringify(chart.toJson())).toContain('three');
    const third = new Chart(it, 'third');
    configMap(third, 'copy', { value: Lazy.any({ produce: () => source.toJson().data.value }) });
    value = 'four';
    it.synth();
    expect(files()['third.k8s.yaml']).toContain('value: four');
    deployment(third, STEALING);
    for (const synth of [() => it.synthYaml(), () => it.synth(), () => Testing.synth(chart)])
      expect(synth).toThrow('uses the CA');
    third.node.tryRemoveChild('App');
    it.synth();
  });
});
