import { dataKey, objectName } from '../../support/names';
import { anyText, mapOf } from '../../support/rows';
import { InputProblem, found } from '../../support/problem';
import type { StructTable } from '../../support/table';
import { checkCa, type IS3Ca } from '../s3-ca';
import { serviceAccount } from './common';
import { type SecretValue, secretValue } from './secret-value';

/** How an objstore.yml that exists is used. */
export interface OwnObjstoreOptions {
  /**
   * Key of the Secret or ConfigMap.
   * @default objstore.yml
   */
  readonly key?: string;
  /**
   * The private CA. It is mounted where `ObjstoreConfig.caFile` says, and the file must name that path as `ca_file`:
   * `/etc/thanos/certs/ca.crt`.
   * @default - none is mounted
   */
  readonly ca?: IS3Ca;
  /**
   * Variables that the file names as `$(NAME)`, from Secrets.
   * @default - none
   */
  readonly env?: { [name: string]: SecretValue };
  /**
   * ServiceAccount that the granted pods run under.
   * @default - the namespace's own, without a token
   */
  readonly serviceAccountName?: string;
  /**
   * Any text that changes with the content, such as a date. A change rolls the granted pods, since Thanos reads the file only
   * when it starts.
   * @default - a changed file is used after the next restart
   */
  readonly revision?: string;
}

/** An objstore.yml in an object of the user's. */
export interface OwnObjstore {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  readonly options: OwnObjstoreOptions;
}

/** How the options are read. */
export const OWN_OBJSTORE: StructTable<OwnObjstoreOptions> = {
  key: dataKey,
  ca: checkCa,
  env: mapOf(secretValue, variable),
  serviceAccountName: serviceAccount,
  revision: anyText,
};

/** How the name is read. */
export const ownObjstoreName = objectName;

/** The name of a variable that Thanos replaces: it takes `$(` a word `)`. */
function variable(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw new InputProblem(`${found(name)} is not the name of a variable: letters, digits and "_"`);
}
