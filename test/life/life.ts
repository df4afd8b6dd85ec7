import type { Chart } from 'cdk8s';
import { ObjstoreConfig, type ObjstoreConfigProps, S3Ca, S3Credentials } from '../../src';
import { ECDSA_CA } from '../fixtures/certificates';
import { chart } from '../render';

/** A bucket with a private CA in a chart of its own, and what a test changes of it. */
export function bucket(props: Partial<ObjstoreConfigProps> = {}): { chart: Chart; objstore: ObjstoreConfig } {
  const scope = chart();
  const objstore = new ObjstoreConfig(scope, 'Objstore', {
    bucket: 'thanos',
    endpoint: 's3.minio.example.com:9000',
    ca: S3Ca.fromPem(ECDSA_CA),
    credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
    ...props,
  });
  return { chart: scope, objstore };
}
