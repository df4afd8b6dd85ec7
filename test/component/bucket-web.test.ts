import { Duration } from 'cdk8s';
import { BucketWeb, type BucketWebOptions } from '../../src/index';
import { chart } from '../render';
import { bucket, make, type Made } from './made';
import { everyPropReachesTheManifest, type OwnProps } from './prop-cases';

function web(options: BucketWebOptions = {}): Made<BucketWeb> {
  return make((scope) => new BucketWeb(scope, 'Web', { objstore: bucket(scope), ...options }));
}

it('shows the bucket, and lets nobody delete from it', () => {
  expect(web().args).toEqual([
    'tools',
    'bucket',
    'web',
    '--objstore.config-file=/etc/thanos/objstore/objstore.yml',
    '--disable-admin-operations',
  ]);
});

it('is a Deployment of one pod without a volume of its own', () => {
  const { workload, pod } = web();
  expect(workload.kind).toBe('Deployment');
  expect(workload.spec.replicas).toBe(1);
  expect(pod.volumes.map((v: { name: string }) => v.name)).toEqual(['objstore-config', 's3-ca-cert']);
});

describe('props', () => {
  everyPropReachesTheManifest<OwnProps<BucketWebOptions>, BucketWeb>(
    {
      replicas: { value: 2, reaches: ({ workload }) => expect(workload.spec.replicas).toBe(2) },
      refresh: { value: Duration.hours(1), reaches: (made) => expect(made.flag('--refresh')).toEqual(['1h']) },
      label: { value: 'cluster $(x)', reaches: (made) => expect(made.flag('--label')).toEqual(['cluster $$(x)']) },
      adminOperations: {
        value: true,
        reaches: ({ args }) => expect(args).not.toContain('--disable-admin-operations'),
      },
    },
    web,
  );
});

it('errors: a refresh of nothing', () => {
  expect(() => web({ refresh: Duration.seconds(0) })).toThrow(
    'cdk8s-thanos: test/Web: refresh: is 0 ms; it must be greater than 0',
  );
});

it('errors: no bucket', () => {
  expect(() => new BucketWeb(chart(), 'Web', {} as never)).toThrow(
    'cdk8s-thanos: test/Web: objstore: is missing. Give an ObjstoreConfig',
  );
});

it('errors: a switch that is a text, since "false" would let visitors delete', () => {
  expect(() => web({ adminOperations: 'false' } as never)).toThrow(
    'cdk8s-thanos: test/Web: adminOperations: is "false"; it must be true or false',
  );
});
