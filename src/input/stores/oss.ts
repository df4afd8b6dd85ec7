import { required } from '../../support/table';
import { STORE_OPTIONS, type StoreOptions, storeHost, word } from './common';
import { type SecretValue, secretValue } from './secret-value';
import type { StoreKind } from './store-kind';

/** A bucket of Aliyun OSS (https://thanos.io/tip/thanos/storage.md/#aliyun-oss). Thanos knows no CA of its own here. */
export interface OssOptions extends StoreOptions {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Host, such as `oss-cn-hangzhou-internal.aliyuncs.com`. */
  readonly endpoint: string;
  /** The id of the keys (`access_key_id`). */
  readonly accessKeyId: SecretValue;
  /** The key (`access_key_secret`). */
  readonly accessKeySecret: SecretValue;
}

/** Aliyun OSS. */
export const OSS: StoreKind<OssOptions> = {
  type: 'ALIYUNOSS',
  fields: {
    ...STORE_OPTIONS,
    bucket: required(word, 'Give the name of the bucket'),
    endpoint: required(storeHost, 'Give the host of the region'),
    accessKeyId: required(secretValue, 'Give the Secret of the keys'),
    accessKeySecret: required(secretValue, 'Give the Secret of the keys'),
  },
  config: (oss, secret) => ({
    // without a scheme the client speaks plain HTTP
    endpoint: `https://${oss.endpoint}`,
    bucket: oss.bucket,
    access_key_id: secret('access_key_id', oss.accessKeyId),
    access_key_secret: secret('access_key_secret', oss.accessKeySecret),
  }),
  bucketId: ({ endpoint, bucket }) => `oss:${endpoint}/${bucket}`,
  keys: () => 'none',
};
