import type { Identity } from '../../support/identity';
import { secretVar } from '../../support/env-vars';
import { secretToken } from '../../support/env-token';
import { found, InputProblem } from '../../support/problem';
import type { Context } from '../context';
import type { Extras } from '../kind';
import type { HttpConfig } from './http-config';
import { caFile, type KeyFile, keyFileExtras, type KeyFolder, pathIn } from './key-files';

/**
 * What those must know who ask a part over HTTP.
 * @internal
 */
export interface HttpTrust {
  readonly namespace: string;
  readonly tls?: { readonly ca: KeyFile; readonly serverName: string; readonly issued: boolean };
  readonly basicAuth?: { readonly user: KeyFile; readonly password: KeyFile };
}

/**
 * What a part tells them; undefined where there is nothing to know.
 * @internal
 */
export function httpTrust(identity: Identity, config: HttpConfig | undefined): HttpTrust | undefined {
  const { tls, basicAuth } = config?._settings() ?? {};
  if (!tls && !basicAuth) return undefined;
  const [service] = identity.certificateNames(false);
  return {
    namespace: identity.namespace,
    tls: tls && { ...caOf(identity, tls), serverName: tls.serverName ?? service },
    basicAuth: basicAuth && {
      user: { kind: 'Secret', name: basicAuth.secretName, key: basicAuth.usernameKey ?? 'username' },
      password: { kind: 'Secret', name: basicAuth.secretName, key: basicAuth.passwordKey ?? 'password' },
    },
  };
}

function caOf(identity: Identity, { ca, certificate }: NonNullable<ReturnType<HttpConfig['_settings']>['tls']>) {
  if (ca) return { ca: caFile(ca), issued: false };
  const { secretName, caKey, revision, issuer } = certificate._secret(identity.object('http-tls'));
  return { ca: { kind: 'Secret' as const, name: secretName, key: caKey, revision }, issued: issuer !== undefined };
}

/** Something that may know it: a part of this library. */
interface Asked {
  readonly _http?: HttpTrust;
}

/**
 * What must be known of somebody who is asked.
 * @internal
 */
export function trustOf(asked: object | undefined): HttpTrust | undefined {
  return (asked as Asked | undefined)?._http;
}

/**
 * The scheme by which a part is asked.
 * @internal
 */
export function schemeOf(trust: HttpTrust | undefined): 'http' | 'https' {
  return trust?.tls ? 'https' : 'http';
}

/**
 * The CA lies in the namespace of who asks. A Secret that cert-manager makes for the part asked lies in that one's alone.
 * @internal
 */
export function requireReach(asker: Identity, trust: HttpTrust | undefined): void {
  if (!trust?.tls?.issued || trust.namespace === asker.namespace) return;
  throw new InputProblem(
    `lies in namespace ${found(trust.namespace)}, and so does the Secret with its CA, which an issuer makes. Give ca to its httpConfig`,
  );
}

const FOLDER: KeyFolder = { name: 'http-client', texts: 'http-ca' };

/**
 * `tls_config` of Thanos' clients.
 * @internal
 */
export function clientTls(trust: HttpTrust | undefined): { ca_file: string; server_name: string } | undefined {
  if (!trust?.tls) return undefined;
  return { ca_file: pathIn(FOLDER, trust.tls.ca), server_name: trust.tls.serverName };
}

/**
 * `http_config` of the clients that can log in too. The name comes from a variable, which Thanos fills in.
 * @internal
 */
export function clientConfig(trust: HttpTrust, all: readonly HttpTrust[]): object {
  const { basicAuth } = trust;
  return {
    tls_config: clientTls(trust),
    basic_auth: basicAuth && {
      username: secretToken(variableOf(basicAuth.user, all)),
      password_file: pathIn(FOLDER, basicAuth.password),
    },
  };
}

/**
 * What a client is told by a form of its own: paths of files, and the variable of the user.
 * @internal
 */
export interface HttpClient {
  readonly ca?: string;
  readonly serverName?: string;
  readonly user?: string;
  readonly password?: string;
}

/**
 * The same of one who is asked.
 * @internal
 */
export function httpClient(trust: HttpTrust | undefined): HttpClient {
  const { tls, basicAuth } = trust ?? {};
  return {
    ca: tls && pathIn(FOLDER, tls.ca),
    serverName: tls?.serverName,
    user: basicAuth && variableOf(basicAuth.user, [trust!]),
    password: basicAuth && pathIn(FOLDER, basicAuth.password),
  };
}

/** Each user has a variable of its own. */
function variableOf(user: KeyFile, all: readonly HttpTrust[]): string {
  const users = [...new Set(all.flatMap(({ basicAuth }) => (basicAuth ? [idOf(basicAuth.user)] : [])))];
  const at = users.indexOf(idOf(user));
  return at === 0 ? 'HTTP_USER' : `HTTP_USER_${at + 1}`;
}

function idOf({ name, key }: KeyFile): string {
  return `${name}/${key}`;
}

/**
 * The files of those who are asked, and the names of the users.
 * @internal
 */
export function httpClientExtras(
  place: Pick<Context<unknown>, 'construct' | 'identity' | 'registry'>,
  prop: string,
  trusts: readonly HttpTrust[],
): Required<Pick<Extras, 'env' | 'volumes' | 'mounts' | 'annotations'>> {
  const { construct, identity, registry } = place;
  for (const { tls } of trusts)
    if (tls) registry.trusts.push({ construct, prop, namespace: identity.namespace, ca: tls.ca });
  const files = trusts.flatMap(({ tls, basicAuth }) => [
    ...(tls ? [tls.ca] : []),
    ...(basicAuth ? [basicAuth.password] : []),
  ]);
  const users = trusts.flatMap(({ basicAuth }) => (basicAuth ? [basicAuth.user] : []));
  const env = new Map(users.map((user) => [variableOf(user, trusts), user]));
  return {
    ...keyFileExtras(place, FOLDER, files),
    env: [...env].map(([name, { name: secret, key }]) => secretVar(name, secret!, key)),
  };
}
