import { type Duration, Size } from 'cdk8s';
import { InputProblem } from '../../support/problem';
import { duration, oneOf, size, text, wholeNumber, yesOrNo } from '../../support/rows';
import { required } from '../../support/table';
import { bytes, prometheusDuration } from '../../support/units';
import { HTTP_STORE_OPTIONS, type HttpStoreOptions, storeUrl, word } from './common';
import { type SecretValue, secretValue } from './secret-value';
import type { StoreKind } from './store-kind';

/** A container of OpenStack Swift (https://thanos.io/tip/thanos/storage.md/#openstack-swift). */
export interface SwiftOptions extends HttpStoreOptions {
  /** URL of Keystone, such as `https://keystone.example.com:5000/v3` (`auth_url`). */
  readonly authUrl: string;
  /** Name of the container. */
  readonly container: string;
  /**
   * Name of the user; with password.
   * @default - none: applicationCredentialId and applicationCredentialSecret
   */
  readonly username?: string;
  /**
   * Password of the user.
   * @default - none
   */
  readonly password?: SecretValue;
  /**
   * Id of an application credential.
   * @default - none
   */
  readonly applicationCredentialId?: string;
  /**
   * Secret of an application credential.
   * @default - none
   */
  readonly applicationCredentialSecret?: SecretValue;
  /**
   * Domain of the user (`domain_name`; Thanos reads `user_domain_name` and does nothing with it).
   * @default - none
   */
  readonly domainName?: string;
  /**
   * Name of the project (tenant).
   * @default - none
   */
  readonly projectName?: string;
  /**
   * Domain of the project.
   * @default - none
   */
  readonly projectDomainName?: string;
  /**
   * Region.
   * @default - the only one
   */
  readonly region?: string;
  /**
   * Version of the API of Keystone: `1`, `2` or `3`.
   * @default - read from authUrl
   */
  readonly authVersion?: string;
  /**
   * Size from which a file is uploaded in parts (`large_object_chunk_size`).
   * @default - Thanos' own, 1 GiB
   */
  readonly chunkSize?: Size;
  /**
   * Container for the parts of large files; it must exist.
   * @default - the same container
   */
  readonly segmentsContainer?: string;
  /**
   * Dynamic instead of static large objects.
   * @default false
   */
  readonly dynamicLargeObjects?: boolean;
  /**
   * How long to wait for a connection.
   * @default - Thanos' own, 10 s
   */
  readonly connectTimeout?: Duration;
  /**
   * How long to wait for data.
   * @default - Thanos' own, 5 min
   */
  readonly timeout?: Duration;
  /**
   * Tries after the first (`retries`).
   * @default - Thanos' own, 3
   */
  readonly retries?: number;
}

const VERSIONS = { 1: '1', 2: '2', 3: '3' } as const;

/** OpenStack Swift. */
export const SWIFT: StoreKind<SwiftOptions> = {
  type: 'SWIFT',
  fields: {
    ...HTTP_STORE_OPTIONS,
    authUrl: required(storeUrl, 'Give the URL of Keystone'),
    container: required(word, 'Give the name of the container'),
    username: text,
    password: secretValue,
    applicationCredentialId: text,
    applicationCredentialSecret: secretValue,
    domainName: text,
    projectName: text,
    projectDomainName: text,
    region: word,
    authVersion: oneOf(VERSIONS),
    chunkSize: size,
    segmentsContainer: word,
    dynamicLargeObjects: yesOrNo,
    connectTimeout: duration,
    timeout: duration,
    retries: wholeNumber(0),
  },
  config: (swift, secret, oneTry) => ({
    auth_version: swift.authVersion && Number(swift.authVersion),
    auth_url: swift.authUrl,
    username: swift.username,
    domain_name: swift.domainName,
    password: secret('password', swift.password),
    application_credential_id: swift.applicationCredentialId,
    application_credential_secret: secret('application_credential_secret', swift.applicationCredentialSecret),
    project_name: swift.projectName,
    project_domain_name: swift.projectDomainName,
    region_name: swift.region,
    container_name: swift.container,
    large_object_chunk_size: swift.chunkSize && bytes(swift.chunkSize),
    large_object_segments_container_name: swift.segmentsContainer,
    retries: oneTry ? 1 : swift.retries,
    connect_timeout: swift.connectTimeout && prometheusDuration(swift.connectTimeout),
    timeout: swift.timeout && prometheusDuration(swift.timeout),
    use_dynamic_large_objects: swift.dynamicLargeObjects,
  }),
  bucketId: ({ authUrl, projectName = '', container }) => `swift:${authUrl}/${projectName}/${container}`,
  keys: () => 'none',
  judge: (swift) => {
    const user = swift.username !== undefined && swift.password !== undefined;
    const application = swift.applicationCredentialId !== undefined && swift.applicationCredentialSecret !== undefined;
    if (user === application || (swift.username === undefined) !== (swift.password === undefined))
      throw new InputProblem(
        'password: give username and password, or applicationCredentialId and applicationCredentialSecret, whole and one of the two',
      );
  },
};
