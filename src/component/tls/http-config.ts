import { dataKey, dnsDomain, objectName } from '../../support/names';
import { having, struct } from '../../support/rows';
import { readStruct, later, required, type Row, type StructTable } from '../../support/table';
import { TLS_CA, type TlsCa } from './tls-ca';
import { TLS_CERTIFICATE, type TlsCertificate } from './tls-certificate';

/** TLS of HTTP: of what a part serves, and what those must know who ask it. */
export interface HttpTlsOptions {
  /** What the part shows. */
  readonly certificate: TlsCertificate;
  /**
   * CA that signed it, by which the parts, Grafana and Prometheus know it.
   * @default - the key `ca.crt` of the certificate's Secret
   */
  readonly ca?: TlsCa;
  /**
   * Name in the certificates of all parts.
   * @default - of each the name of its Service
   */
  readonly serverName?: string;
}

/** User and password of a Secret that exists, such as one of type kubernetes.io/basic-auth. */
export interface HttpBasicAuthOptions {
  /** Name of the Secret, in the namespace of those who log in. */
  readonly secretName: string;
  /**
   * Key of the user's name.
   * @default username
   */
  readonly usernameKey?: string;
  /**
   * Key of the password.
   * @default password
   */
  readonly passwordKey?: string;
}

/** What is in a web config that exists, which synth does not see. */
export interface HttpConfigFileOptions {
  /**
   * Key of the file.
   * @default web.yml
   */
  readonly key?: string;
  /**
   * The certificate, which is mounted; the file names it: `cert_file: /etc/thanos/http-tls/tls.crt` and
   * `key_file: /etc/thanos/http-tls/tls.key` of its `tls_server_config`. It may ask for no certificate of clients: the kubelet,
   * which probes, has none.
   * @default - the file has no tls_server_config
   */
  readonly tls?: HttpTlsOptions;
  /**
   * What those show who ask: Prometheus, rulers and Grafana. The file has the user in its `basic_auth_users`, with the password
   * as bcrypt. The kubelet can't log in without a password in the manifest, so probes look at nothing but whether ports are open.
   * @default - the file has no basic_auth_users
   */
  readonly basicAuth?: HttpBasicAuthOptions;
}

/**
 * What an HTTP port is told.
 * @internal
 */
export interface HttpSettings {
  /** A file that exists; undefined where it is written here. */
  readonly file?: { readonly secretName: string; readonly key: string };
  readonly tls?: HttpTlsOptions;
  readonly basicAuth?: HttpBasicAuthOptions;
}

const TLS: StructTable<HttpTlsOptions> = {
  certificate: required(
    later(() => TLS_CERTIFICATE),
    "Give TlsCertificate.fromSecretName('thanos-http-tls')",
  ),
  ca: later(() => TLS_CA),
  serverName: dnsDomain,
};
const BASIC_AUTH: StructTable<HttpBasicAuthOptions> = {
  secretName: required(objectName, 'Give the name of a Secret'),
  usernameKey: dataKey,
  passwordKey: dataKey,
};
const FILE: StructTable<HttpConfigFileOptions> = { key: dataKey, tls: struct(TLS), basicAuth: struct(BASIC_AUTH) };

/** What the HTTP port of a part serves, and to whom (https://thanos.io/tip/operating/https.md/). Thanos reads it again when it changes. */
export class HttpConfig {
  /** TLS: the file is written here. */
  public static tls(options: HttpTlsOptions): HttpConfig {
    return new HttpConfig(() => ({ tls: readStruct(TLS, options) }));
  }

  /**
   * A web config that exists, whole, in a Secret of the pods' namespace: with users, since their passwords, hashed as they are,
   * belong into no manifest. Say here what is in it.
   * @param name name of the Secret
   */
  public static fromSecretName(name: string, options: HttpConfigFileOptions = {}): HttpConfig {
    return new HttpConfig(() => {
      const { key = 'web.yml', tls, basicAuth } = readStruct(FILE, options);
      return { file: { secretName: objectName(name), key }, tls, basicAuth };
    });
  }

  /** Plain HTTP, open to whoever reaches the port: for a part of a stack that has an httpConfig. */
  public static plain(): HttpConfig {
    return new HttpConfig(() => ({}));
  }

  readonly #settings: () => HttpSettings;

  private constructor(settings: () => HttpSettings) {
    this.#settings = settings;
  }

  /**
   * What it says, read and checked.
   * @internal
   */
  public _settings(): HttpSettings {
    return this.#settings();
  }
}

const ANY = having<HttpConfig>(
  { _settings: 'function' },
  'an HttpConfig; write HttpConfig.tls({ certificate }) or HttpConfig.fromSecretName("thanos-web")',
);

/** How it is read. */
export const HTTP_CONFIG: Row<HttpConfig> = (value) => {
  const config = ANY(value);
  config._settings();
  return config;
};

/** A part that serves HTTP. */
export interface HttpPartOptions {
  /**
   * TLS and password of the HTTP port (`--http.config`). Probes, the stack's PodMonitor, and the parts and Grafana that ask it
   * follow.
   * @default - in a stack the stack's; else none: plain HTTP, open to whoever reaches the port
   */
  readonly httpConfig?: HttpConfig;
}

/** How it is read. */
export const HTTP_PART: StructTable<HttpPartOptions> = { httpConfig: HTTP_CONFIG };
