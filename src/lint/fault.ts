/** Something wrong in an objstore.yml. It names keys, never values: a value in a wrong place may be a secret. */
export interface Fault {
  readonly rule: 'objstore-unknown-key' | 'objstore-invalid' | 'inert-key' | 'verification-off';
  /** Key, such as `config.http_config.ca_file`. */
  readonly path: string;
  readonly text: string;
  readonly fix: string;
  readonly error?: boolean;
}
