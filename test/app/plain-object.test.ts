import { inspect } from 'node:util';
import { ApiObject, App, type AppProps, Chart, type IResolver, JsonPatch, Lazy, type ResolutionContext } from 'cdk8s';
import fc from 'fast-check';
import { PlainObject } from '../../src/app/plain-object';
import { guideStack } from '../../examples/guide/chart';
import { runs } from '../property/runs';

/** What it does, to the order of keys and what is undefined. */
function told(render: () => unknown): string {
  try {
    return inspect(render(), { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity });
  } catch (error) {
    return String(error);
  }
}

function expectAsCdk8s(object: ApiObject): string {
  const own = told(() => object.toJson());
  expect(own).toBe(told(() => ApiObject.prototype.toJson.call(object)));
  return own;
}

function made(manifest: object, props: AppProps = {}): PlainObject {
  const chart = new Chart(new App(props), 'chart', { labels: { chart: 'c' }, namespace: 'monitoring' });
  return new PlainObject(chart, 'object', { apiVersion: 'v1', kind: 'ConfigMap', ...manifest });
}

class Quantity {
  constructor(public readonly value: string) {}
}

const HARMLESS = {
  'null and undefined': { spec: { a: null, b: undefined, c: [null, undefined, 1], d: {} }, z: null, data: undefined },
  'an order of its own': { spec: { z: 1, a: { 2: 'x', 1: 'y' } }, data: {}, binaryData: [] },
  'empty parts of the metadata': {
    metadata: { name: 'x', annotations: {}, labels: {}, finalizers: [], more: { a: [] } },
  },
  'dates and texts': { spec: { '': '', a: 'null', b: NaN, c: -0, d: 1n } },
};

test.each(Object.entries(HARMLESS))('%s render as by cdk8s', (_, manifest) => {
  expectAsCdk8s(made(manifest));
});

const LEFT = {
  'a Lazy': { spec: { a: Lazy.any({ produce: () => ({ b: [1, undefined], a: null }) }) } },
  'a Lazy in the metadata': { metadata: { labels: { a: Lazy.any({ produce: () => 'b' }) } } },
  'an implicit token': { spec: { a: { resolve: () => 'b' } } },
  'a function that is a token': { spec: { a: Object.assign(() => 1, { resolve: () => 'b' }) } },
  'a function': { spec: { a: () => 1 } },
  'a union of number and text': { spec: { a: new Quantity('1Gi') } },
  'an object of a class': { spec: { a: new Map([['a', 1]]) } },
  'a date': { spec: { a: new Date(0) } },
  'an object without a prototype': { spec: Object.create(null, { a: { value: 1, enumerable: true } }) },
  'a key of every object': { data: { constructor: 'x' } },
  'a key that is lost': { data: JSON.parse('{"__proto__":"x","a":"b"}') },
  'a label of that name': { metadata: { labels: { constructor: 'x' } } },
};

test.each(Object.entries(LEFT))('%s is left to cdk8s', (_, manifest) => {
  expectAsCdk8s(made(manifest));
});

test('what is added to the metadata later is there', () => {
  const object = made({ metadata: { name: 'x', namespace: 'y', labels: { a: 'b' } } });
  object.metadata.addAnnotation('z', '1');
  object.metadata.addLabel('a', 'c');
  object.metadata.addFinalizers('f');
  object.metadata.addOwnerReference({ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' });
  object.metadata.add('generation', 2);
  expect(expectAsCdk8s(object)).toMatch(/generation: 2[\s\S]*ownerReferences/);
});

test('patches apply, and one that fails says what cdk8s says', () => {
  const object = made({ data: { b: '1', a: '2' } });
  object.addJsonPatch(JsonPatch.add('/data/c', '3'), JsonPatch.remove('/kind'), JsonPatch.add('/aa', 1));
  expect(expectAsCdk8s(object)).toContain("c: '3'");
  object.addJsonPatch(JsonPatch.test('/data/a', 'other'));
  expect(expectAsCdk8s(object)).toMatch(/Failed serializing construct at path 'chart\/object'/);
});

test('each rendering is a copy', () => {
  const object = made({ data: { a: [1] } });
  object.toJson().data.a.push(2);
  expect(object.toJson().data).toEqual({ a: [1] });
});

test("a resolver of the user's is asked", () => {
  const resolver: IResolver = {
    resolve: (context: ResolutionContext) => void (context.value === 'old' && context.replaceValue('new')),
  };
  expect(expectAsCdk8s(made({ data: { a: 'old' } }, { resolvers: [resolver] }))).toContain("a: 'new'");
});

test('a rendering that somebody puts in the place of that of cdk8s is asked', () => {
  const render = jest.spyOn(ApiObject.prototype, 'toJson').mockImplementation(() => 'theirs');
  expect(made({ data: {} }).toJson()).toBe('theirs');
  render.mockRestore();
});

test('one that was put there before the library loads is asked too', () => {
  jest.isolateModules(() => {
    const cdk8s = jest.requireActual<typeof import('cdk8s')>('cdk8s');
    const render = cdk8s.ApiObject.prototype.toJson;
    cdk8s.ApiObject.prototype.toJson = function (this: ApiObject) {
      return { ...render.call(this), theirs: true };
    };
    const own = jest.requireActual<typeof import('../../src/app/plain-object')>('../../src/app/plain-object');
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap' };
    const object = new own.PlainObject(new cdk8s.Chart(new cdk8s.App(), 'chart'), 'object', manifest);
    expect(object.toJson()).toMatchObject({ kind: 'ConfigMap', theirs: true });
  });
});

test('metadata that renders otherwise, and another manifest in the place of the first', () => {
  const object = made({ data: { a: 'old' } });
  object.metadata.toJson = () => ({ name: 'theirs' });
  Object.assign(object, { props: { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'new' } } });
  expect(object.toJson()).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'theirs' },
    data: { a: 'new' },
  });
});

test('without sorting the order is as given', () => {
  process.env.CDK8S_DISABLE_SORT = '1';
  try {
    const object = made({ spec: { z: 1, a: 2 }, metadata: { z: 1, labels: { z: '1', a: '2' }, a: 1 } });
    expect(expectAsCdk8s(object)).toContain('spec: { z: 1, a: 2 }');
  } finally {
    delete process.env.CDK8S_DISABLE_SORT;
  }
});

test('the objects of a stack are such, and render as by cdk8s', () => {
  const app = new App();
  guideStack(app, new Date('2027-01-01'));
  const objects = app.node.findAll().filter((construct) => construct instanceof PlainObject);
  expect(objects.length).toBeGreaterThan(20);
  objects.forEach(expectAsCdk8s);
});

test('any JSON renders as by cdk8s', () => {
  const json = fc.object({ maxDepth: 4, withNullPrototype: true, withDate: true, values: [fc.anything()] });
  fc.assert(
    fc.property(
      json,
      json,
      (spec, metadata) => void expectAsCdk8s(made({ spec, metadata: { name: 'x', ...metadata } })),
    ),
    runs(300),
  );
});
