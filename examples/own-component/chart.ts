import { S3Credentials, ThanosStack } from 'cdk8s-thanos';
import type { Construct } from 'constructs';
import { BlockReplicator } from './block-replicator';

/** A stack, and beside it a component that the library does not have. */
export function replicatedStack(scope: Construct): ThanosStack {
  const stack = new ThanosStack(scope, 'thanos', {
    objstore: {
      bucket: 'metrics',
      endpoint: 's3.example.com',
      credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
    },
    receiver: {},
    externalLabels: { cluster: 'eu' },
  });
  new BlockReplicator(stack, 'Replicator', {
    objstore: stack.objstore!,
    targetSecret: 'archive-bucket',
    matcher: '{cluster="eu"}',
  });
  return stack;
}
