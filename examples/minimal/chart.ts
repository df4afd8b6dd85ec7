import type { App } from 'cdk8s';
import { S3Credentials, ThanosStack } from 'cdk8s-thanos';

/** A bucket whose server has a certificate of a public CA: nothing about certificates is needed. */
export function minimalStack(app: App): ThanosStack {
  return new ThanosStack(app, 'thanos', {
    objstore: {
      bucket: 'example-thanos-blocks',
      endpoint: 's3.eu-central-1.amazonaws.com',
      region: 'eu-central-1',
      credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
    },
    receiver: {},
    compactor: {},
    storeGateway: {},
    query: {},
  });
}
