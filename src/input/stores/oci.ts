import type { Size } from 'cdk8s';
import { InputProblem } from '../../support/problem';
import { oneOf, size, wholeNumber } from '../../support/rows';
import { required } from '../../support/table';
import { bytes } from '../../support/units';
import { serviceAccount, STORE_OPTIONS, type StoreOptions, word } from './common';
import { type SecretValue, secretValue } from './secret-value';
import type { StoreKind } from './store-kind';

/** How Oracle's client proves who it is (`provider`). */
export enum OciProvider {
  /** An API key of a user: tenancy, user, fingerprint, region and privateKey. */
  API_KEY = 'default',
  /** The identity of the node. */
  INSTANCE_PRINCIPAL = 'instance-principal',
  /** The identity of the pods' ServiceAccount, on OKE. */
  OKE_WORKLOAD_IDENTITY = 'oke-workload-identity',
}

/** A bucket of Oracle Cloud (https://thanos.io/tip/thanos/storage.md/#oracle-cloud-infrastructure-object-storage). Thanos knows no CA of its own here. */
export interface OciOptions extends StoreOptions {
  /** Name of the bucket. */
  readonly bucket: string;
  /** OCID of the compartment that holds the bucket. */
  readonly compartment: string;
  /** How Thanos proves who it is. */
  readonly provider: OciProvider;
  /**
   * Region, such as `eu-frankfurt-1`. For an API key and for OKE.
   * @default - the node's
   */
  readonly region?: string;
  /**
   * OCID of the tenancy, for an API key.
   * @default - none
   */
  readonly tenancy?: string;
  /**
   * OCID of the user, for an API key.
   * @default - none
   */
  readonly user?: string;
  /**
   * Fingerprint of the API key.
   * @default - none
   */
  readonly fingerprint?: string;
  /**
   * Private key of an API key, PEM, mounted as a file.
   * @default - none
   */
  readonly privateKey?: SecretValue;
  /**
   * ServiceAccount of Kubernetes that the granted pods run under, for OKE.
   * @default - the namespace's own, without a token
   */
  readonly serviceAccountName?: string;
  /**
   * Size of a part of a multipart upload (`part_size`).
   * @default - Oracle's own, 128 MiB
   */
  readonly partSize?: Size;
  /**
   * Tries of one request (`max_request_retries`).
   * @default - Thanos' own, 3
   */
  readonly maxRetries?: number;
}

const API_KEY = ['region', 'tenancy', 'user', 'fingerprint', 'privateKey'] as const;

/** Oracle Cloud. An API key goes by the variables that Oracle's client reads, since a PEM can't stand in `$(NAME)`. */
export const OCI: StoreKind<OciOptions> = {
  type: 'OCI',
  fields: {
    ...STORE_OPTIONS,
    bucket: required(word, 'Give the name of the bucket'),
    compartment: required(word, 'Give the OCID of the compartment'),
    provider: required(oneOf(OciProvider, 'OciProvider'), 'Give OciProvider.API_KEY, or another one'),
    region: word,
    tenancy: word,
    user: word,
    fingerprint: word,
    privateKey: secretValue,
    serviceAccountName: serviceAccount,
    partSize: size,
    maxRetries: wholeNumber(1),
  },
  config: (oci, _, oneTry) => ({
    provider: oci.provider,
    bucket: oci.bucket,
    compartment_ocid: oci.compartment,
    region: oci.provider === OciProvider.OKE_WORKLOAD_IDENTITY ? oci.region : undefined,
    part_size: oci.partSize && bytes(oci.partSize),
    max_request_retries: oneTry ? 1 : oci.maxRetries,
  }),
  bucketId: ({ compartment, bucket }) => `oci:${compartment}/${bucket}`,
  keys: ({ provider, serviceAccountName }) =>
    serviceAccountName ? `service-account ServiceAccount/${serviceAccountName}` : provider,
  judge: (oci) => {
    const own = oci.provider === OciProvider.API_KEY;
    const needed = own ? API_KEY : oci.provider === OciProvider.OKE_WORKLOAD_IDENTITY ? (['region'] as const) : [];
    const missing = needed.find((prop) => oci[prop] === undefined);
    if (missing) throw new InputProblem(`${missing}: is missing, and provider ${oci.provider} needs it`);
    const idle = API_KEY.find((prop) => prop !== 'region' && !own && oci[prop] !== undefined);
    if (idle) throw new InputProblem(`${idle}: has no effect with provider ${oci.provider}. Drop it`);
  },
  files: ({ privateKey }) =>
    privateKey && {
      secretName: privateKey.secretName,
      keys: [privateKey.key],
      variables: { TF_VAR_private_key_path: privateKey.key },
    },
  env: (oci) =>
    oci.provider === OciProvider.API_KEY
      ? {
          TF_VAR_tenancy_ocid: oci.tenancy,
          TF_VAR_user_ocid: oci.user,
          TF_VAR_fingerprint: oci.fingerprint,
          TF_VAR_region: oci.region,
        }
      : {},
};
