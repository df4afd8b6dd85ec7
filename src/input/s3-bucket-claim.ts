import { envToken } from '../support/env-token';
import { S3Credentials } from './s3-credentials';

/**
 * The bucket of an ObjectBucketClaim (Rook, ODF): its endpoint, name and keys, which the operator writes into a ConfigMap
 * and a Secret of the claim's name, in the namespace of the pods. Give all three to the objstore options together.
 */
export class S3BucketClaim {
  /**
   * A claim that exists, or is applied beside the stack.
   * @param name name of the claim
   */
  public static fromName(name: string): S3BucketClaim {
    return new S3BucketClaim(name);
  }

  /** For `ObjstoreOptions.bucket`. */
  public readonly bucket = envToken('BUCKET_NAME');
  /** For `ObjstoreOptions.endpoint`. */
  public readonly endpoint = `${envToken('BUCKET_HOST')}:${envToken('BUCKET_PORT')}`;
  /** For `ObjstoreOptions.credentials`. */
  public readonly credentials: S3Credentials;

  private constructor(name: string) {
    this.credentials = S3Credentials._fromClaim(name);
  }
}
