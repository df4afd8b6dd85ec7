import { Duration, Size } from 'cdk8s';
import {
  type AzureOptions,
  type GcsOptions,
  ObjectStorage,
  OciProvider,
  type OciOptions,
  type S3Ca,
  type SwiftOptions,
} from '../../src';

/** A value of the Secret that the tests give. */
export const value = (key: string) => ({ secretName: 'store-keys', key });

const http = { responseHeaderTimeout: Duration.seconds(30), maxIdleConns: 7 };

/** Each store with everything that it can be told, once for each way to prove who one is. */
export function everyStore(ca?: S3Ca): Record<string, ObjectStorage> {
  const tls = { ca, http, prefix: 'blocks', keysRevision: '1' };
  const azure: AzureOptions = { storageAccount: 'acc', container: 'thanos', maxRetries: 1, ...tls };
  const gcs: GcsOptions = { bucket: 'thanos', chunkSize: Size.mebibytes(1), maxRetries: 1, ...tls };
  const swift: SwiftOptions = {
    authUrl: 'https://keystone.example.com:5000/v3',
    container: 'thanos',
    domainName: 'Default',
    projectName: 'metrics',
    projectDomainName: 'Default',
    region: 'one',
    authVersion: '3',
    chunkSize: Size.mebibytes(64),
    segmentsContainer: 'segments',
    dynamicLargeObjects: true,
    connectTimeout: Duration.seconds(3),
    timeout: Duration.minutes(1),
    retries: 1,
    ...tls,
  };
  const oci: OciOptions = {
    bucket: 'thanos',
    compartment: 'ocid1.compartment.oc1..a',
    provider: OciProvider.API_KEY,
    partSize: Size.mebibytes(64),
    maxRetries: 1,
    prefix: 'blocks',
  };
  return {
    'gcs with a key': ObjectStorage.gcs({ ...gcs, keyFile: value('gcs.json') }),
    'azure with the account key': ObjectStorage.azure({ ...azure, accountKey: value('account-key') }),
    'azure with a connection string': ObjectStorage.azure({ ...azure, connectionString: value('connection-string') }),
    'azure with a principal': ObjectStorage.azure({
      ...azure,
      tenantId: 'tenant',
      clientId: 'client',
      clientSecret: value('hostile'),
    }),
    'swift with a password': ObjectStorage.swift({ ...swift, username: 'thanos', password: value('hostile') }),
    'swift with an application credential': ObjectStorage.swift({
      ...swift,
      domainName: undefined,
      projectName: undefined,
      projectDomainName: undefined,
      applicationCredentialId: 'id',
      applicationCredentialSecret: value('hostile'),
    }),
    'cos by region': ObjectStorage.cos({
      bucket: 'thanos',
      region: 'ap-test',
      appId: '125',
      secretId: value('id'),
      secretKey: value('secret'),
      maxRetries: 1,
      ...tls,
    }),
    'cos by endpoint': ObjectStorage.cos({
      bucket: 'thanos',
      endpoint: 'https://thanos-125.cos.ap-test.myqcloud.com',
      secretId: value('id'),
      secretKey: value('secret'),
      ...tls,
    }),
    obs: ObjectStorage.obs({
      bucket: 'thanos',
      endpoint: 'obs.example.com',
      accessKey: value('id'),
      secretKey: value('secret'),
      maxRetries: 1,
      ...tls,
    }),
    oss: ObjectStorage.oss({
      bucket: 'thanos',
      endpoint: 'oss.example.com',
      accessKeyId: value('id'),
      accessKeySecret: value('secret'),
    }),
    bos: ObjectStorage.bos({
      bucket: 'thanos',
      endpoint: 'bos.example.com',
      accessKey: value('id'),
      secretKey: value('secret'),
    }),
    'oci with an API key': ObjectStorage.oci({
      ...oci,
      region: 'eu-frankfurt-1',
      tenancy: 'ocid1.tenancy.oc1..t',
      user: 'ocid1.user.oc1..u',
      fingerprint: '20:3b:97',
      privateKey: value('oci.pem'),
    }),
  };
}
