import { App } from 'cdk8s';
import { type ObjstoreOptions, Reloader, S3Ca, S3Credentials, ThanosStack } from '../../src';
import { CA_BUNDLE, ECDSA_CA, SECOND_CA } from '../fixtures/certificates';
import { type Json, render } from '../render';

function templates(over: Partial<ObjstoreOptions>): Map<string, string> {
  const objstore = {
    bucket: 'thanos',
    endpoint: 's3.example.com',
    ca: S3Ca.fromPem(ECDSA_CA),
    credentials: S3Credentials.fromSecretName('keys'),
    ...over,
  };
  const parts = { receiver: {}, compactor: {}, storeGateway: {}, ruler: {}, query: {}, queryFrontend: {}, grafana: {} };
  const objects = render(new ThanosStack(new App(), 'thanos', { objstore, ...parts }));
  const workloads = objects.filter((o: Json) => o.spec?.template);
  return new Map(workloads.map((o: Json) => [o.metadata.name, JSON.stringify(o.spec.template)]));
}

function rolled(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...after.keys()].filter((name) => before.get(name) !== after.get(name));
}

const GRANTED = ['thanos-receiver', 'thanos-compactor', 'thanos-store', 'thanos-ruler'];

test('each step of a rotation rolls exactly the granted pods', () => {
  const steps = [ECDSA_CA, CA_BUNDLE, SECOND_CA].map((pem) => templates({ ca: S3Ca.fromPem(pem) }));
  expect(rolled(steps[0], steps[1])).toEqual(GRANTED);
  expect(rolled(steps[1], steps[2])).toEqual(GRANTED);
  expect(rolled(steps[2], steps[2])).toEqual([]);
});

test('a new revision of a referenced CA or of the keys rolls exactly the granted pods', () => {
  const ca = (revision?: string) => templates({ ca: S3Ca.fromSecretName('ca', { revision }) });
  expect(rolled(ca('1'), ca('2'))).toEqual(GRANTED);
  const keys = (revision?: string) => templates({ credentials: S3Credentials.fromSecretName('keys', { revision }) });
  expect(rolled(keys(), keys('2'))).toEqual(GRANTED);
});

function annotated(over: Partial<ObjstoreOptions>): Record<string, Json> {
  const objstore = {
    bucket: 'thanos',
    endpoint: 's3.example.com',
    credentials: S3Credentials.fromSecretName('keys'),
    ...over,
  };
  const objects = render(new ThanosStack(new App(), 'thanos', { objstore, compactor: {}, query: {} }));
  return Object.fromEntries(
    objects.filter((o: Json) => o.spec?.template).map((o: Json) => [o.metadata.name, o.metadata.annotations]),
  );
}

test('a reloader is told what is only referenced, on the granted workloads alone', () => {
  expect(annotated({ ca: S3Ca.fromConfigMapName('roots'), reloader: Reloader.STAKATER })).toEqual({
    'thanos-compactor': {
      'secret.reloader.stakater.com/reload': 'keys',
      'configmap.reloader.stakater.com/reload': 'roots',
    },
    'thanos-query': undefined,
  });
  expect(annotated({ reloader: Reloader.WAVE })['thanos-compactor']).toEqual({
    'wave.pusher.com/update-on-config-change': 'true',
  });
});

test('a reloader with nothing to watch is refused', () => {
  expect(() => annotated({ credentials: S3Credentials.anonymous(), reloader: Reloader.WAVE })).toThrow(
    /thanos\/Objstore: reloader: has no effect/,
  );
});
