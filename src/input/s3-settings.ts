import type { Endpoint } from './endpoint';
import type { CredentialSource } from './s3-credentials';
import type { EncryptionSource } from './s3-encryption';
import type { ObjstoreOptions } from './s3-options';

/** Options whose read form is another one than the user's. */
type ReadOtherwise = 'credentials' | 'encryption' | 'serverCertificate';

/** What the user knows of an S3 bucket, read once: all of it was checked, and has the form that the rest uses. */
export interface S3Settings extends Omit<ObjstoreOptions, ReadOtherwise> {
  /** Host and port of the endpoint. */
  readonly server: Endpoint;
  /** The prefix without slashes around it; empty for the bucket's root. */
  readonly folder: string;
  readonly credentials: CredentialSource;
  /** What the user says of the version of the keys. */
  readonly keysRevision?: string;
  readonly encryption?: EncryptionSource;
  /** What is not wrong but should be known. */
  readonly warnings: readonly S3Warning[];
}

/** Something that the user should know of a prop. */
export interface S3Warning {
  readonly prop: keyof ObjstoreOptions;
  readonly text: string;
}
