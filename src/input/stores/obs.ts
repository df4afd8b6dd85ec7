import { wholeNumber } from '../../support/rows';
import { required } from '../../support/table';
import { HTTP_STORE_OPTIONS, type HttpStoreOptions, storeHost, word } from './common';
import { type SecretValue, secretValue } from './secret-value';
import type { StoreKind } from './store-kind';

/** A bucket of Huawei OBS (https://thanos.io/tip/thanos/storage.md/#huaweicloud-obs). */
export interface ObsOptions extends HttpStoreOptions {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Host, such as `obs.eu-west-101.myhuaweicloud.eu`. */
  readonly endpoint: string;
  /** The id of the keys (`access_key`). */
  readonly accessKey: SecretValue;
  /** The key (`secret_key`). */
  readonly secretKey: SecretValue;
  /**
   * Tries after the first (`max_retries`).
   * @default - Huawei's own, 3
   */
  readonly maxRetries?: number;
}

/** Huawei OBS. */
export const OBS: StoreKind<ObsOptions> = {
  type: 'OBS',
  fields: {
    ...HTTP_STORE_OPTIONS,
    bucket: required(word, 'Give the name of the bucket'),
    endpoint: required(storeHost, 'Give the host of the region'),
    accessKey: required(secretValue, 'Give the Secret of the keys'),
    secretKey: required(secretValue, 'Give the Secret of the keys'),
    maxRetries: wholeNumber(1),
  },
  config: (obs, secret, oneTry) => ({
    bucket: obs.bucket,
    endpoint: `https://${obs.endpoint}`,
    access_key: secret('access_key', obs.accessKey),
    secret_key: secret('secret_key', obs.secretKey),
    max_retries: oneTry ? 1 : obs.maxRetries,
  }),
  bucketId: ({ endpoint, bucket }) => `obs:${endpoint}/${bucket}`,
  keys: () => 'none',
};
