import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ObjectBucketClaim as Resource } from '../../imports/objectbucket.io';
import { appChecks } from '../app/app-checks';
import { instanceOf } from '../app/instance';
import { place } from '../app/place';
import { S3BucketClaim } from '../input/s3-bucket-claim';
import { instanceName, sharedObject } from '../support/identity';
import { dnsLabel, objectName } from '../support/names';
import { checked } from '../support/problem';
import { text, textMap } from '../support/rows';
import { readProps, required, type StructTable } from '../support/table';
import { namespaceOf } from './namespace';

/** Properties of an ObjectBucketClaim. */
export interface ObjectBucketClaimProps {
  /** Storage class of the object store. */
  readonly storageClassName: string;
  /**
   * Name of the claim, and of the ConfigMap and Secret that the operator makes.
   * @default - `<instance>-bucket`
   */
  readonly name?: string;
  /**
   * Name of the bucket.
   * @default - made up by the operator, after the claim's name
   */
  readonly bucketName?: string;
  /**
   * Further settings of the provisioner, such as `maxSize`.
   * @default - none
   */
  readonly additionalConfig?: { [key: string]: string };
  /**
   * Name of the stack.
   * @default - that of the ThanosStack around it, else thanos
   */
  readonly instance?: string;
  /**
   * Namespace of the claim, and of the pods that open the bucket.
   * @default - the chart's, else monitoring
   */
  readonly namespace?: string;
}

const PROPS: StructTable<ObjectBucketClaimProps> = {
  storageClassName: required(objectName, 'Give the storage class of the object store'),
  name: objectName,
  bucketName: text,
  additionalConfig: textMap,
  instance: instanceName,
  namespace: dnsLabel,
};

/** An ObjectBucketClaim (Rook, ODF): the operator makes the bucket and its keys. Its `bucket` goes into the objstore options. */
export class ObjectBucketClaim extends Construct {
  /** Endpoint, name and keys of the bucket. */
  public readonly claim: S3BucketClaim;
  /** The ObjectBucketClaim, for patches. */
  public readonly apiObject: ApiObject;

  constructor(scope: Construct, id: string, given: ObjectBucketClaimProps) {
    super(scope, id);
    appChecks(this).nameAfter(this, { prop: 'name', advice: 'Give one of the two another name or namespace' });
    const props = readProps(this, PROPS, given);
    const own = sharedObject(instanceOf(this, props.instance), 'bucketClaim');
    const name = checked(this, 'name', () => objectName(props.name ?? own.name));
    const { bucketName, storageClassName, additionalConfig } = props;
    const generateBucketName = bucketName === undefined ? name : undefined;
    const metadata = { name, namespace: namespaceOf(this, props.namespace), labels: own.labels };
    const spec = { storageClassName, bucketName, generateBucketName, additionalConfig };
    this.apiObject = place(this, 'Resource', Resource.manifest({ metadata, spec }));
    this.claim = S3BucketClaim.fromName(name);
  }
}
