import type { Duration } from 'cdk8s';
import { PORTS } from '../support/identity';
import { found, InputProblem } from '../support/problem';
import { anyText, duration, listOf, mapOf, struct, text } from '../support/rows';
import { dataKey, objectName } from '../support/names';
import { required, type StructTable } from '../support/table';
import { isHttpUrl } from '../support/url';
import { headerName } from './header-name';
import { SECRET_FILE, type SecretFileOptions } from './secret-file';

/** User and password of a remote-write endpoint. */
export interface RemoteWriteBasicAuthOptions {
  /** User. */
  readonly username: string;
  /** The password; key `password` where none is given. */
  readonly password: SecretFileOptions;
}

/** TLS to a remote-write endpoint. Its CA is another one than the bucket's. */
export interface RemoteWriteTlsOptions {
  /**
   * Secret with the CA that signed the server's certificate.
   * @default - caConfigMapName, else the roots of the image
   */
  readonly caSecretName?: string;
  /**
   * ConfigMap with that CA.
   * @default - caSecretName, else the roots of the image
   */
  readonly caConfigMapName?: string;
  /**
   * Key of the CA.
   * @default ca.crt
   */
  readonly caKey?: string;
  /**
   * Secret with the client's certificate, keys `tls.crt` and `tls.key`.
   * @default - none
   */
  readonly clientSecretName?: string;
  /**
   * Name that the server's certificate carries.
   * @default - that of the URL
   */
  readonly serverName?: string;
}

/** Where a stateless ruler sends what it records: the `remote_write` of Prometheus. */
export interface RemoteWriteOptions {
  /** URL: `http://thanos-receiver.monitoring.svc.cluster.local:19291/api/v1/receive`. */
  readonly url: string;
  /**
   * Name in metrics and logs.
   * @default - a hash
   */
  readonly name?: string;
  /**
   * Headers, such as `THANOS-TENANT`. They are readable in the manifests: no secrets.
   * @default - none
   */
  readonly headers?: { [name: string]: string };
  /**
   * Longest time of one request.
   * @default - Prometheus' own, 30 seconds
   */
  readonly timeout?: Duration;
  /**
   * User and password.
   * @default - none
   */
  readonly basicAuth?: RemoteWriteBasicAuthOptions;
  /**
   * A token, sent as `Authorization: Bearer`; key `token` where none is given.
   * @default - none
   */
  readonly bearerToken?: SecretFileOptions;
  /**
   * TLS.
   * @default - the roots of the image
   */
  readonly tls?: RemoteWriteTlsOptions;
}

const BASIC_AUTH: StructTable<RemoteWriteBasicAuthOptions> = {
  username: required(text, 'Give the name of a user'),
  password: required(SECRET_FILE, 'Give { secretName }'),
};

const TLS: StructTable<RemoteWriteTlsOptions> = {
  caSecretName: objectName,
  caConfigMapName: objectName,
  caKey: dataKey,
  clientSecretName: objectName,
  serverName: text,
};

const TABLE: StructTable<RemoteWriteOptions> = {
  url: required(remoteUrl, 'Give the URL of remote-write, such as receiver.remoteWriteUrl'),
  name: text,
  headers: mapOf(anyText, freeHeader),
  timeout: duration,
  basicAuth: struct(BASIC_AUTH),
  bearerToken: SECRET_FILE,
  tls: struct(TLS, oneCa),
};

const ITEM = struct(TABLE, ({ basicAuth, bearerToken, tls, url }) => {
  if (basicAuth && bearerToken)
    throw new InputProblem(
      'bearerToken: is given together with basicAuth, which Prometheus refuses; give one of the two',
    );
  if (tls && url.startsWith('http:'))
    throw new InputProblem(`tls: has no effect with ${found(url)}; write https://, or drop tls`);
});

/** How they are read. */
export function remoteWrites(value: unknown): RemoteWriteOptions[] {
  const items = listOf(ITEM)(value);
  if (items.length === 0) throw new InputProblem('is empty: what the rules record would go nowhere. Give one URL');
  for (const field of ['url', 'name'] as const) {
    const given = items.map((item) => item[field]);
    const twice = given.findIndex((one, i) => one !== undefined && given.indexOf(one) !== i);
    if (twice >= 0) throw new InputProblem(`[${twice}]: ${field}: ${found(given[twice])} appears twice`);
  }
  return items;
}

function remoteUrl(url: string): string {
  if (isHttpUrl(url) && !/^https?:\/\/[^/]*@/.test(url)) return url;
  throw new InputProblem(
    `${found(url)} is not a URL with a scheme and without a password; write "http://receiver:${PORTS['remote-write']}/api/v1/receive", and the password in basicAuth`,
  );
}

/** Headers that Prometheus sets itself, and refuses of its users. */
const RESERVED =
  /^(authorization|host|content-(encoding|length|type)|user-agent|connection|keep-alive|proxy-.*|www-authenticate|accept-encoding|x-prometheus-remote-(write|read)-version|date)$/i;

function freeHeader(name: string): string {
  if (!RESERVED.test(headerName(name))) return name;
  throw new InputProblem(
    `${found(name)} is set by Thanos itself. Remove it; a password or token is basicAuth or bearerToken`,
  );
}

function oneCa({ caSecretName, caConfigMapName, caKey }: RemoteWriteTlsOptions): void {
  if (caSecretName !== undefined && caConfigMapName !== undefined)
    throw new InputProblem('caConfigMapName: is given together with caSecretName; give one of the two');
  if (caKey !== undefined && caSecretName === undefined && caConfigMapName === undefined)
    throw new InputProblem('caKey: has no effect without caSecretName or caConfigMapName');
}
