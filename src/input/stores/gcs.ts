import type { Size } from 'cdk8s';
import { InputProblem } from '../../support/problem';
import { size, wholeNumber, yesOrNo } from '../../support/rows';
import { required } from '../../support/table';
import { bytes } from '../../support/units';
import { bucketName } from '../s3-fields';
import { HTTP_STORE_OPTIONS, type HttpStoreOptions, serviceAccount } from './common';
import { type SecretValue, secretValue } from './secret-value';
import type { StoreKind } from './store-kind';

/** A bucket of Google Cloud Storage (https://thanos.io/tip/thanos/storage.md/#gcs). */
export interface GcsOptions extends HttpStoreOptions {
  /** Name of the bucket. */
  readonly bucket: string;
  /**
   * The JSON key of a service account of Google's, mounted as a file (`GOOGLE_APPLICATION_CREDENTIALS`).
   * @default - Google's default chain, such as Workload Identity through serviceAccountName
   */
  readonly keyFile?: SecretValue;
  /**
   * ServiceAccount of Kubernetes that the granted pods run under, for Workload Identity.
   * @default - the namespace's own, without a token
   */
  readonly serviceAccountName?: string;
  /**
   * Speak gRPC (`use_grpc`). Then `http_config`, and so a private CA, is not used.
   * @default false
   */
  readonly grpc?: boolean;
  /**
   * Size of a part of an upload (`chunk_size_bytes`); 256 KiB or more.
   * @default - Google's own, 16 MiB
   */
  readonly chunkSize?: Size;
  /**
   * Tries of one request, the first included (`max_retries`).
   * @default - Google's own
   */
  readonly maxRetries?: number;
}

/** Google Cloud Storage. */
export const GCS: StoreKind<GcsOptions> = {
  type: 'GCS',
  fields: {
    ...HTTP_STORE_OPTIONS,
    bucket: required(bucketName),
    keyFile: secretValue,
    serviceAccountName: serviceAccount,
    grpc: yesOrNo,
    chunkSize: size,
    maxRetries: wholeNumber(1),
  },
  config: ({ bucket, grpc, chunkSize, maxRetries }, _, oneTry) => ({
    bucket,
    use_grpc: grpc || undefined,
    chunk_size_bytes: chunkSize && bytes(chunkSize),
    max_retries: oneTry ? 1 : maxRetries,
  }),
  bucketId: ({ bucket }) => `gcs:${bucket}`,
  keys: ({ serviceAccountName }) =>
    serviceAccountName ? `service-account ServiceAccount/${serviceAccountName}` : "Google's default chain",
  judge: (options) => {
    const http = (['ca', 'serverName', 'unsafeSkipVerify', 'http'] as const).find((prop) => options[prop]);
    if (options.grpc && http)
      throw new InputProblem(`grpc: is true together with ${http}, which gRPC does not use. Drop one of the two`);
  },
  files: ({ keyFile }) =>
    keyFile && {
      secretName: keyFile.secretName,
      keys: [keyFile.key],
      variables: { GOOGLE_APPLICATION_CREDENTIALS: keyFile.key },
    },
};
