import { App } from 'cdk8s';
import { S3Ca, S3Credentials, ThanosStack, type ObjstoreOptions, type ThanosStackProps } from '../../src/index';
import { quietly } from '../component/made';
import { ECDSA_CA } from '../fixtures/certificates';
import { type Json, render } from '../render';

/** A bucket behind a private CA. */
export const OBJSTORE: ObjstoreOptions = {
  bucket: 'thanos',
  endpoint: 's3.minio.example.com:9000',
  ca: S3Ca.fromPem(ECDSA_CA),
  credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
};

/** Every component with its defaults. */
export const ALL_COMPONENTS: ThanosStackProps = {
  objstore: OBJSTORE,
  receiver: {},
  receiveRouter: {},
  compactor: {},
  storeGateway: {},
  ruler: {},
  query: {},
  queryFrontend: {},
  bucketWeb: {},
  grafana: {},
};

/** Every component with its defaults, under these props. */
export function stack(props: Partial<ThanosStackProps> = {}, app = new App(), id = 'thanos'): ThanosStack {
  return new ThanosStack(app, id, { ...ALL_COMPONENTS, ...props });
}

/** The objects of such a stack, validated as at synth. */
export function objects(props: Partial<ThanosStackProps> = {}): Json[] {
  return synth(stack(props));
}

/** The objects of a stack, validated as at synth. */
export function synth(chart: ThanosStack): Json[] {
  return quietly(() => render(chart));
}
