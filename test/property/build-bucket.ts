import {
  type ObjstoreOptions,
  ObjectStorage,
  OciProvider,
  S3Ca,
  S3ClientCertificate,
  S3Credentials,
  S3Encryption,
  StsTrust,
} from '../../src/index';
import { CA_BUNDLE, ECDSA_CA } from '../fixtures/certificates';
import { NAMES, SECOND } from './names';
import type { KeysSpec, Spec } from './spec';
import type { BesideSpec, CaSpec, StoreName } from './spec-parts';

/** The bucket of a stack. */
export function bucketOf(spec: Spec): { objstore: ObjstoreOptions } | { objectStorage: ObjectStorage } {
  return spec.store === 's3' ? { objstore: s3(spec) } : { objectStorage: storage(spec, spec.store) };
}

function s3(spec: Spec): ObjstoreOptions {
  const { texts, ca } = spec;
  const sts = ['service-account', 'web-identity', 'aws-sdk'].includes(spec.keys.kind);
  const trust = spec.keys.trustCa ? StsTrust.S3_CA : StsTrust.PUBLIC_ROOTS;
  return {
    bucket: 'thanos',
    endpoint: 's3.minio.example.com:9000',
    ca: caOf(ca, NAMES.ca),
    credentials: credentials(spec.keys),
    clientCertificate: spec.clientCertificate ? S3ClientCertificate.fromSecretName(NAMES.client) : undefined,
    encryption: encryption(spec),
    stsTrust: sts && ca.kind !== 'none' ? trust : undefined,
    region: texts.region,
    prefix: texts.prefix,
    userMetadata: texts.metadata,
  };
}

function caOf(ca: CaSpec, name: string): S3Ca | undefined {
  switch (ca.kind) {
    case 'none':
      return undefined;
    case 'text':
      return S3Ca.fromPem(ca.bundle ? CA_BUNDLE : ECDSA_CA);
    case 'secret':
      return S3Ca.fromSecretName(name, { key: ca.key, exclusive: ca.exclusive });
    case 'configMap':
      return S3Ca.fromConfigMapName(name, { key: ca.key, exclusive: ca.exclusive });
  }
}

function credentials({ kind, session }: KeysSpec): S3Credentials {
  switch (kind) {
    case 'secret':
      return S3Credentials.fromSecretName(NAMES.keys, {
        accessKeyKey: 'id',
        secretKeyKey: 'key',
        sessionTokenKey: session ? 'token' : undefined,
      });
    case 'file':
      return S3Credentials.fromCredentialsFile(NAMES.keys, { profile: session ? 'thanos' : undefined });
    case 'service-account':
      return S3Credentials.fromServiceAccountName(NAMES.serviceAccount);
    case 'web-identity':
      return S3Credentials.fromWebIdentity({ serviceAccountName: NAMES.serviceAccount });
    case 'aws-sdk':
      return S3Credentials.awsSdk(session ? { serviceAccountName: NAMES.serviceAccount } : {});
    case 'anonymous':
      return S3Credentials.anonymous();
    case 'plain':
      return S3Credentials.unsafePlainText({
        accessKey: 'access',
        secretKey: 'secret',
        sessionToken: session ? 'token' : undefined,
      });
  }
}

function encryption(spec: Spec): S3Encryption | undefined {
  switch (spec.encryption) {
    case 's3':
      return S3Encryption.s3();
    case 'kms':
      return S3Encryption.kms('key-id', { context: { a: 'b' } });
    case 'customer':
      return S3Encryption.customerKeyFromSecretName(NAMES.customerKey);
    default:
      return undefined;
  }
}

const value = (key: string) => ({ secretName: NAMES.keys, key });

/** Another store than S3, or an objstore.yml that exists. Keys lie in a Secret, or where `session` has another way, there. */
function storage({ texts, ca: given, keys }: Spec, store: Exclude<StoreName, 's3'>): ObjectStorage {
  const ca = caOf(given, NAMES.ca);
  const { prefix } = texts;
  const tls = { ca, prefix };
  const account = { serviceAccountName: NAMES.serviceAccount };
  const own = { key: 'mine.yml', ca, env: keys.session ? { MINE: value('mine') } : undefined };
  const stores: Record<Exclude<StoreName, 's3'>, () => ObjectStorage> = {
    gcs: () =>
      ObjectStorage.gcs({ bucket: 'thanos', ...tls, ...(keys.session ? account : { keyFile: value('gcs.json') }) }),
    azure: () =>
      ObjectStorage.azure({
        storageAccount: 'acc',
        container: 'thanos',
        ...tls,
        ...(keys.session ? account : { accountKey: value('account') }),
      }),
    swift: () =>
      ObjectStorage.swift({
        authUrl: 'https://keystone.example.com:5000/v3',
        container: 'thanos',
        username: 'thanos',
        password: value('password'),
        ...tls,
      }),
    cos: () =>
      ObjectStorage.cos({
        ...{ bucket: 'thanos', region: 'ap-test', appId: '125' },
        ...{ secretId: value('id'), secretKey: value('key'), ...tls },
      }),
    obs: () => ObjectStorage.obs({ ...host('obs'), accessKey: value('id'), secretKey: value('key'), ...tls }),
    oss: () => ObjectStorage.oss({ ...host('oss'), accessKeyId: value('id'), accessKeySecret: value('key'), prefix }),
    bos: () => ObjectStorage.bos({ ...host('bos'), accessKey: value('id'), secretKey: value('key'), prefix }),
    oci: () => ObjectStorage.oci({ ...oci(keys.session), prefix }),
    filesystem: () => ObjectStorage.filesystem({ claimName: NAMES.claim, prefix }),
    'own-secret': () => ObjectStorage.fromSecretName(NAMES.objstore, own),
    'own-config-map': () => ObjectStorage.fromConfigMapName(NAMES.objstore, own),
  };
  return stores[store]();
}

const host = (store: string) => ({ bucket: 'thanos', endpoint: `${store}.example.com` });

function oci(ofNode: boolean) {
  const bucket = { bucket: 'thanos', compartment: 'ocid1.compartment.oc1..a' };
  if (ofNode) return { ...bucket, provider: OciProvider.INSTANCE_PRINCIPAL };
  const user = { region: 'eu-frankfurt-1', tenancy: 'ocid1.tenancy.oc1..t', user: 'ocid1.user.oc1..u' };
  return { ...bucket, ...user, provider: OciProvider.API_KEY, fingerprint: '20:3b:97', privateKey: value('oci.pem') };
}

/** The bucket that is copied to. */
export function secondBucket({ ca, clientCertificate, customerKey }: BesideSpec['second']): ObjstoreOptions {
  return {
    bucket: 'copy',
    endpoint: 's3.other.example.com',
    ca: caOf(ca, SECOND.ca),
    credentials: S3Credentials.fromSecretName(SECOND.keys),
    clientCertificate: clientCertificate ? S3ClientCertificate.fromSecretName(SECOND.client) : undefined,
    encryption: customerKey ? S3Encryption.customerKeyFromSecretName(SECOND.customerKey) : undefined,
  };
}
