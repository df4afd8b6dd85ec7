import { App } from 'cdk8s';
import { BucketLookup, type ObjstoreOptions, type ThanosStackProps } from '../../src/index';
import { quietly } from '../component/made';
import { OBJSTORE, stack } from './stacks';

/** Synthesizes one app with these stacks, each with every component. */
function synth(...stacks: Partial<ThanosStackProps>[]): () => string {
  return () => {
    const app = new App();
    stacks.forEach((props, i) => stack(props, app, `stack-${i}`));
    return quietly(() => app.synthYaml());
  };
}

const bucket = (over: Partial<ObjstoreOptions>): ObjstoreOptions => ({ ...OBJSTORE, ...over });
const OTHER = bucket({ bucket: 'other' });

describe('several stacks in one app do not collide', () => {
  it.each<[string, Partial<ThanosStackProps>]>([
    ['with another name', { name: 'second' }],
    ['in another namespace', { namespace: 'second' }],
    ['with another name of a length that just fits', { name: 'a'.repeat(42) }],
  ])('%s', (_, props) => {
    expect(synth({}, { objstore: OTHER, ...props })).not.toThrow();
  });

  it('of different clusters, with the same names', () => {
    expect(synth({ cluster: 'a' }, { cluster: 'b', objstore: OTHER })).not.toThrow();
  });
});

describe('the same names', () => {
  const collision =
    /^Validation failed with the following errors:\n  \[\] cdk8s-thanos: stack-1: name: Secret thanos-s3-ca-cert in namespace monitoring exists already at stack-0, and 32 more with it\. Give the stacks different names or namespaces, or a cluster each$/;

  it('in one cluster are an error that names both', () => {
    expect(synth({}, { objstore: OTHER })).toThrow(collision);
    expect(synth({ cluster: 'a' }, { cluster: 'a', objstore: OTHER })).toThrow(collision);
  });

  it('are an error where one stack does not say its cluster', () => {
    expect(synth({ cluster: 'a' }, { objstore: OTHER })).toThrow(collision);
  });

  it('of two Namespaces are one error, where both stacks make theirs', () => {
    const make = { createNamespace: true };
    expect(synth(make, { ...make, name: 'second', objstore: OTHER })).toThrow(
      /stack-1: createNamespace: Namespace monitoring exists already at stack-0. Let one of the two make it$/,
    );
    expect(synth(make, { name: 'second', objstore: OTHER })).not.toThrow();
  });
});

describe('two stacks on one bucket', () => {
  const apart = { name: 'second', externalLabels: { cluster: 'b' } };

  it('are an error with two compactors, which would corrupt it', () => {
    expect(synth({ externalLabels: { cluster: 'a' } }, apart)).toThrow(
      /cdk8s-thanos: stack-1\/Compactor: objstore: a second compactor on the bucket of stack-0\/Compactor \(.*thanos\); two corrupt it\. Remove one, or give each its own blocks/,
    );
  });

  it('are fine with one compactor and different labels', () => {
    expect(synth({ externalLabels: { cluster: 'a' } }, { ...apart, compactor: undefined })).not.toThrow();
    expect(synth({}, { ...apart, compactor: undefined })).not.toThrow();
  });

  it('are fine with two compactors that are sharded apart', () => {
    const shard = (action: string) => ({ extraArgs: [`--selector.relabel-config=${action}`] });
    expect(synth({ compactor: shard('a') }, { ...apart, compactor: shard('b') })).not.toThrow();
    expect(synth({ compactor: shard('a') }, { ...apart, compactor: shard('a') })).toThrow('a second compactor');
  });

  it.each<[string, Record<string, string> | undefined, Record<string, string> | undefined]>([
    ['none', undefined, undefined],
    ['the same', { cluster: 'a', x: 'y' }, { x: 'y', cluster: 'a' }],
  ])('are an error when their labels are %s: their blocks could not be told apart', (_, first, second) => {
    const run = synth({ externalLabels: first }, { name: 'second', externalLabels: second, compactor: undefined });
    expect(run).toThrow(/stack-1\/Receiver: externalLabels: .*the same as stack-0\/Receiver on the same bucket/);
    expect(run).toThrow(/stack-1\/Ruler: externalLabels: .*the same as stack-0\/Ruler on the same bucket/);
  });

  it.each<[string, Partial<ObjstoreOptions>]>([
    ['with the port of HTTPS written out', { endpoint: 's3.minio.example.com:443' }],
    ['in upper case', { endpoint: 'S3.MinIO.example.com' }],
    ['with slashes around the prefix', { endpoint: 's3.minio.example.com', prefix: '/p/' }],
    ['with another lookup', { endpoint: 's3.minio.example.com', lookup: BucketLookup.PATH }],
  ])('are recognised %s', (_, over) => {
    const prefix = over.prefix && 'p';
    const first = bucket({ endpoint: 's3.minio.example.com', prefix });
    const run = synth({ objstore: first }, { ...apart, objstore: bucket({ ...over }) });
    expect(run).toThrow('a second compactor');
  });

  it.each<[string, Partial<ObjstoreOptions>]>([
    ['bucket', { bucket: 'other' }],
    ['endpoint', { endpoint: 'other.example.com:9000' }],
    ['port', { endpoint: 's3.minio.example.com:9001' }],
    ['prefix', { prefix: 'p' }],
  ])('another %s is another place', (_, over) => {
    expect(synth({}, { name: 'second', objstore: bucket(over) })).not.toThrow();
  });
});
