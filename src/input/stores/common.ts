import { anyText, yesOrNo } from '../../support/rows';
import { InputProblem, found } from '../../support/problem';
import { objectName } from '../../support/names';
import type { StructTable } from '../../support/table';
import { hasControl } from '../../support/values';
import { checkCa, type IS3Ca } from '../s3-ca';
import type { S3HttpOptions } from '../s3-options';
import { httpClient, prefix, serverName } from '../store-fields';

/** What the options of every object store have in common. */
export interface StoreOptions {
  /**
   * Folder of the bucket that holds the blocks.
   * @default - the bucket's root
   */
  readonly prefix?: string;
  /**
   * Any text that changes with the content of the Secrets that are only referenced. A change rolls the granted pods.
   * @default - changed keys are used after the next restart
   */
  readonly keysRevision?: string;
}

/** What the options of an object store with an HTTP client of its own have in common (`http_config`). */
export interface HttpStoreOptions extends StoreOptions {
  /**
   * The private CA that signed the server's certificate.
   * @default - the image's public roots
   */
  readonly ca?: IS3Ca;
  /**
   * Name that the server's certificate must carry, and SNI.
   * @default - the endpoint's host
   */
  readonly serverName?: string;
  /**
   * Accept any certificate of the server. Anyone in the path can read and change data; synth warns.
   * @default false
   */
  readonly unsafeSkipVerify?: boolean;
  /**
   * The HTTP client.
   * @default - Thanos' own
   */
  readonly http?: S3HttpOptions;
}

/** How they are read. */
export const STORE_OPTIONS: StructTable<StoreOptions> = { prefix, keysRevision: anyText };
export const HTTP_STORE_OPTIONS: StructTable<HttpStoreOptions> = {
  ...STORE_OPTIONS,
  ca: checkCa,
  serverName,
  unsafeSkipVerify: yesOrNo,
  http: httpClient,
};

/** A name or id that stands in objstore.yml or in a variable, such as that of a bucket: no blanks, no slashes. */
export function word(value: unknown): string {
  if (typeof value === 'string' && value !== '' && !/[\s/$]/.test(value) && !hasControl(value)) return value;
  throw new InputProblem(`${found(value)} is not a name: a word without blanks, "/" and "$"`);
}

/** The name of a ServiceAccount that the pods run under. */
export const serviceAccount = objectName;

/** A URL with its scheme, without user information, query and fragment. */
export function storeUrl(value: unknown): string {
  if (typeof value === 'string' && /^https?:\/\/[^\s/?#@$]+(\/[^\s@?#$]*)?$/.test(value) && URL.canParse(value))
    return value;
  // not quoted: user information or a query may hold keys
  throw new InputProblem('is not a plain URL. Write it with its scheme, such as "https://storage.example.com:9000"');
}

/** A host without a scheme. */
export function storeHost(value: unknown): string {
  if (typeof value === 'string' && /^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(value)) return value;
  throw new InputProblem('is not a host. Write host or host:port, without scheme and path');
}
