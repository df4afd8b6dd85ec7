import { InputProblem } from '../../support/problem';
import { wholeNumber } from '../../support/rows';
import { required } from '../../support/table';
import { HTTP_STORE_OPTIONS, type HttpStoreOptions, storeUrl, word } from './common';
import { type SecretValue, secretValue } from './secret-value';
import type { StoreKind } from './store-kind';

/** A bucket of Tencent COS (https://thanos.io/tip/thanos/storage.md/#tencent-cos). */
export interface CosOptions extends HttpStoreOptions {
  /** Name of the bucket, without the app id. */
  readonly bucket: string;
  /** The id of the keys (`secret_id`). */
  readonly secretId: SecretValue;
  /** The key (`secret_key`). */
  readonly secretKey: SecretValue;
  /**
   * Region; with appId.
   * @default - endpoint
   */
  readonly region?: string;
  /**
   * App id.
   * @default - endpoint
   */
  readonly appId?: string;
  /**
   * URL of the bucket, the bucket's name included. Region and appId are then not used.
   * @default - made from bucket, appId and region
   */
  readonly endpoint?: string;
  /**
   * Tries of one request (`max_retries`).
   * @default - Tencent's own
   */
  readonly maxRetries?: number;
}

/** Tencent COS. */
export const COS: StoreKind<CosOptions> = {
  type: 'COS',
  fields: {
    ...HTTP_STORE_OPTIONS,
    bucket: required(word, 'Give the name of the bucket'),
    secretId: required(secretValue, 'Give the Secret of the keys'),
    secretKey: required(secretValue, 'Give the Secret of the keys'),
    region: word,
    appId: word,
    endpoint: storeUrl,
    maxRetries: wholeNumber(1),
  },
  config: (cos, secret, oneTry) => ({
    bucket: cos.bucket,
    region: cos.region,
    app_id: cos.appId,
    endpoint: cos.endpoint,
    secret_key: secret('secret_key', cos.secretKey),
    secret_id: secret('secret_id', cos.secretId),
    max_retries: oneTry ? 1 : cos.maxRetries,
  }),
  bucketId: ({ endpoint, bucket, appId, region }) =>
    endpoint ? `cos:${endpoint}` : `cos:${bucket}-${appId}.${region}`,
  keys: () => 'none',
  judge: ({ endpoint, region, appId }) => {
    const whole = region !== undefined && appId !== undefined;
    if ((endpoint === undefined) !== whole || (endpoint !== undefined && (region ?? appId) !== undefined))
      throw new InputProblem('endpoint: give either endpoint, or region and appId');
  },
};
