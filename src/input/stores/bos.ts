import { required } from '../../support/table';
import { STORE_OPTIONS, type StoreOptions, storeHost, word } from './common';
import { type SecretValue, secretValue } from './secret-value';
import type { StoreKind } from './store-kind';

/** A bucket of Baidu BOS (https://thanos.io/tip/thanos/storage.md/#baidu-bos). Thanos knows no CA of its own here. */
export interface BosOptions extends StoreOptions {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Host, such as `bj.bcebos.com`. */
  readonly endpoint: string;
  /** The id of the keys (`access_key`). */
  readonly accessKey: SecretValue;
  /** The key (`secret_key`). */
  readonly secretKey: SecretValue;
}

/** Baidu BOS. */
export const BOS: StoreKind<BosOptions> = {
  type: 'BOS',
  fields: {
    ...STORE_OPTIONS,
    bucket: required(word, 'Give the name of the bucket'),
    endpoint: required(storeHost, 'Give the host of the region'),
    accessKey: required(secretValue, 'Give the Secret of the keys'),
    secretKey: required(secretValue, 'Give the Secret of the keys'),
  },
  config: (bos, secret) => ({
    bucket: bos.bucket,
    endpoint: `https://${bos.endpoint}`,
    access_key: secret('access_key', bos.accessKey),
    secret_key: secret('secret_key', bos.secretKey),
  }),
  bucketId: ({ endpoint, bucket }) => `bos:${endpoint}/${bucket}`,
  keys: () => 'none',
};
