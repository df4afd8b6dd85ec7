import { App, Chart } from 'cdk8s';
import { Compactor, ObjstoreConfig, Receiver, S3BucketClaim, ThanosStack } from '../../src';
import { bucket } from '../fixtures/bucket';
import { problems } from './boundary/boundary';

/** What synth says of two stacks with these parts, which differ in name and so in their objects. */
function two(a: object, b: object, parts: object): string[] {
  const app = new App();
  const stack = (name: string, props: object) =>
    new ThanosStack(app, name, { name, objstore: bucket(), ...parts, ...props });
  const first = stack('a', a);
  stack('b', b);
  return problems(first);
}

const compactor = { compactor: {} };
const shard = (regex: string) => ({
  compactor: { extraArgs: [`--selector.relabel-config=- {action: keep, regex: ${regex}}`] },
});
const on = (options: object) => ({ objstore: bucket(options) });

describe('two compactors', () => {
  test('on one bucket are refused: they corrupt it', () => {
    expect(two({}, {}, compactor)).toEqual([
      expect.stringContaining(
        'cdk8s-thanos: b/Compactor: objstore: a second compactor on the bucket of a/Compactor (s3.example.com:9000/thanos); two corrupt it',
      ),
    ]);
  });

  test.each<[string, object]>([
    ['another case', on({ endpoint: 'S3.EXAMPLE.com:9000' })],
    ['a trailing dot', on({ endpoint: 's3.example.com.:9000' })],
    ['slashes around no prefix', on({ prefix: undefined })],
  ])('on one bucket in %s are refused', (_, b) => {
    expect(two({}, b, compactor)).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['bucket', on({ bucket: 'other' })],
    ['prefix', on({ prefix: 'b' })],
    ['port', on({ endpoint: 's3.example.com' })],
    ['host', on({ endpoint: 's4.example.com:9000' })],
  ])('with another %s are fine', (_, b) => {
    expect(two({}, b, compactor)).toEqual([]);
  });

  test('that are sharded apart are fine, alike or half sharded ones are not', () => {
    expect(two(shard('a'), shard('b'), {})).toEqual([]);
    expect(two(shard('a'), shard('a'), {})).toHaveLength(1);
    expect(two(shard('a'), compactor, {})).toHaveLength(1);
  });

  test('of two clusters on one bucket are refused all the same', () => {
    expect(two({ cluster: 'a' }, { cluster: 'b' }, compactor)).toHaveLength(1);
  });

  test('that mean a Service of their own cluster are fine', () => {
    const service = on({ endpoint: 'minio.store.svc:9000' });
    expect(two({ cluster: 'a' }, { cluster: 'b' }, { ...compactor, ...service })).toEqual([]);
    expect(two({ cluster: 'a' }, { cluster: 'a' }, { ...compactor, ...service })).toHaveLength(1);
    expect(two({ cluster: 'a' }, {}, { ...compactor, ...service })).toHaveLength(1);
  });

  test('that mean a Service of their own namespace are fine', () => {
    const minio = on({ endpoint: 'minio:9000' });
    expect(two({ namespace: 'a' }, { namespace: 'b' }, { ...compactor, ...minio })).toEqual([]);
    expect(two({}, {}, { ...compactor, ...minio })).toHaveLength(1);
  });

  test('of two claims are fine, of one claim not', () => {
    const claim = (name: string) => {
      const { bucket, endpoint, credentials } = S3BucketClaim.fromName(name);
      return { objstore: { bucket, endpoint, credentials } };
    };
    expect(two(claim('x'), claim('y'), compactor)).toEqual([]);
    expect(two(claim('x'), claim('x'), compactor)).toHaveLength(1);
  });

  test('of three, each later one is named', () => {
    const scope = new Chart(new App(), 'test');
    for (const instance of ['a', 'b', 'c']) {
      const objstore = new ObjstoreConfig(scope, `Bucket-${instance}`, bucket({ instance }));
      new Compactor(scope, instance, { objstore, instance });
    }
    expect(problems(scope)).toEqual([
      expect.stringContaining('test/b: objstore: a second compactor'),
      expect.stringContaining('test/c: objstore: a second compactor'),
    ]);
  });
});

describe('two writers', () => {
  const receiver = { receiver: {} };
  const ruler = { ruler: { alertmanagers: [], queries: ['http://q:10902'], rules: undefined } };

  test('on one bucket without labels of their own are refused: their blocks look alike', () => {
    expect(two({}, {}, receiver)).toEqual([
      expect.stringContaining(
        "cdk8s-thanos: b/Receiver: externalLabels: none, the same as a/Receiver on the same bucket (s3.example.com:9000/thanos): their blocks could not be told apart. Give each stack its own, such as { cluster: '...' }",
      ),
    ]);
  });

  test('are compared by their labels, in any order', () => {
    const labels = (externalLabels: object) => ({ externalLabels });
    expect(two(labels({ cluster: 'a' }), labels({ cluster: 'b' }), receiver)).toEqual([]);
    expect(two(labels({ cluster: 'a' }), {}, receiver)).toEqual([]);
    expect(two(labels({ x: '1', y: '2' }), labels({ y: '2', x: '1' }), receiver)).toEqual([
      expect.stringContaining('externalLabels: x="1",y="2", the same as a/Receiver'),
    ]);
  });

  test('of different kinds are told apart by their replica labels', () => {
    expect(two(receiver, ruler, {})).toEqual([]);
  });

  test('of one stack are told apart by their replica labels', () => {
    const app = new App();
    const parts = { ...receiver, ...ruler };
    expect(problems(new ThanosStack(app, 'a', { objstore: bucket(), ...parts }))).toEqual([]);
  });

  test('that upload nothing are not compared', () => {
    const scope = new Chart(new App(), 'test');
    new Receiver(scope, 'A', { instance: 'a' });
    new Receiver(scope, 'B', { instance: 'b' });
    expect(problems(scope)).toEqual([]);
  });
});

test('labels that extra arguments add tell the blocks of two receivers apart, as the others do', () => {
  const labelled = (value: string) => ({ receiver: { extraArgs: [`--label=cluster="${value}"`] } });
  expect(two(labelled('a'), labelled('b'), {})).toEqual([]);
  expect(two(labelled('a'), labelled('a'), {})).toEqual([
    expect.stringContaining('b/Receiver: externalLabels: cluster="a", the same as a/Receiver'),
  ]);
});
