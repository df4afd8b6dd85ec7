import type { Construct } from 'constructs';
import { ObjstoreConfig } from '../objstore/objstore-config';
import { problem } from '../support/problem';
import type { ThanosStackProps } from './thanos-stack-props';

/** Parts that mean nothing without the bucket. Receivers and rulers run without one, and keep what they write. */
const NEED_BUCKET = [
  'compactor',
  'storeGateway',
  'bucketWeb',
  'preflight',
  'preflightInit',
  'certificateAlerts',
  'stackCheck',
  'bucketServiceAccount',
] as const;

/** The forms in which the bucket can be given. */
const BUCKETS = ['objstore', 'objectStorage', 'objstoreConfig'] as const;

/** Exactly one of the forms, where something opens the bucket. */
export function bucketOf(
  stack: Construct,
  props: ThanosStackProps,
  place: { readonly instance: string; readonly namespace: string },
): ObjstoreConfig | undefined {
  const [first, second] = BUCKETS.filter((prop) => props[prop]);
  if (second) throw problem(stack, first, `is given together with ${second}; give one of them`);
  if (props.objstoreConfig) return props.objstoreConfig;
  if (props.objstore) return new ObjstoreConfig(stack, 'Objstore', { ...props.objstore, ...place });
  if (props.objectStorage) return ObjstoreConfig.fromStorage(stack, 'Objstore', props.objectStorage, place);
  const parts = NEED_BUCKET.filter((part) => props[part]);
  if (parts.length > 0)
    throw problem(
      stack,
      'objstore',
      `is missing, but ${parts.join(', ')} can do nothing without the bucket. Give objstore, objectStorage or objstoreConfig`,
    );
  return undefined;
}
