import { ApiObject, App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { ObjstoreConfig } from '../../src';
import { mounts, podSpecs, references, strayReferences } from '../../src/manifest/pod-specs';
import { quietly } from '../component/made';
import { bucket } from '../fixtures/bucket';
import type { Json } from '../render';
import { runs } from './runs';

/** Values with the words that readers of manifests look for, in places where they may make no sense. */
const { json } = fc.letrec<{ json: Json; map: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'large', withCrossShrink: true },
    fc.constantFrom<Json>(null, '', 'thanos-s3-keys', 'v', '/etc/thanos/certs', 0, true, -1),
    tie('map'),
    fc.array(tie('json'), { maxLength: 3 }),
  ),
  map: fc.dictionary(
    fc.constantFrom(
      ...[
        'spec',
        'template',
        'jobTemplate',
        'containers',
        'initContainers',
        'volumes',
        'volumeMounts',
        'items',
        'name',
      ],
      ...['env', 'envFrom', 'valueFrom', 'secretKeyRef', 'configMapKeyRef', 'secretRef', 'configMapRef', 'secretName'],
      ...['secret', 'configMap', 'projected', 'sources', 'mountPath', 'subPath', 'key', 'path', 'target', 'data'],
    ),
    tie('json'),
    { maxKeys: 4, noNullPrototype: true },
  ),
}));

const kind = fc.constantFrom('Deployment', 'Pod', 'CronJob', 'List', 'Secret', 'ExternalSecret', 'Bundle', 'Anything');

test('whatever an object holds, its pods, mounts and references are read without a crash', () => {
  fc.assert(
    fc.property(json, (object) => {
      for (const found of podSpecs(object)) {
        expect(Array.isArray(references(found))).toBe(true);
        expect(Array.isArray(mounts(found))).toBe(true);
      }
      expect(Array.isArray(strayReferences(object))).toBe(true);
    }),
    runs(1000),
  );
});

test('whatever a foreign object holds, synth writes it, or refuses it by its path', () => {
  fc.assert(
    fc.property(kind, json, json, (what, spec, more) => {
      const app = new App();
      const chart = new Chart(app, 'chart', { namespace: 'monitoring' });
      new ObjstoreConfig(chart, 'Objstore', bucket());
      new ApiObject(chart, 'Foreign', { apiVersion: 'example.com/v1', kind: what, metadata: {}, spec, data: more });
      expect(refusal(app)).toMatch(/^$|^Validation failed[\s\S]*cdk8s-thanos: chart\/Foreign/);
    }),
    runs(300),
  );
});

/** How synth says no; empty where it doesn't. An error that is none of its validations fails the test. */
function refusal(app: App): string {
  try {
    quietly(() => app.synthYaml());
    return '';
  } catch (error) {
    const { message } = error as Error;
    if (!message.startsWith('Validation failed')) throw error;
    return message;
  }
}
