import { HELD } from '../../app/boundary/holdings';
import { FILE_MODE } from '../../objstore/paths';
import type { ProbedPorts } from '../../pod/probes';
import { checked, InputProblem } from '../../support/problem';
import { thanosYaml } from '../../support/yaml';
import { SECRET_MODE } from '../mounted-file';
import type { Context } from '../context';
import { joined } from '../extras';
import type { Flags } from '../flags';
import type { Extras, Kind } from '../kind';
import { placeConfigMap } from '../own-config-map';
import type { HttpPartOptions } from './http-config';
import { certifiedNames, tlsExtras, tlsPaths, tlsSecret } from './tls-files';

const NAME = 'http-config';
const FOLDER = `/etc/thanos/${NAME}`;
const KEY = 'web.yml';

/** The flag of the file. */
export function httpConfigPath({ httpConfig }: HttpPartOptions): string | undefined {
  const { tls, file } = httpConfig?._settings() ?? {};
  return tls || file ? `${FOLDER}/${file?.key ?? KEY}` : undefined;
}

/**
 * The file and the certificate in the pods. Thanos reads them again, so nothing rolls.
 * @internal
 */
export function httpExtras(kind: Pick<Kind<any>, 'workload'>, context: Context<HttpPartOptions>): Extras {
  const { tls, file } = context.props.httpConfig?._settings() ?? {};
  if (!tls && !file) return {};
  for (const text of tls?.ca?._source().warnings ?? []) context.warn('httpConfig', `ca: ${text}`);
  const names = certifiedNames(context, kind.workload === 'StatefulSet', tls?.serverName);
  const certificate = tls ? tlsExtras(context, 'http', tls, { needsCa: false, names }) : {};
  const items = [{ key: file?.key ?? KEY, path: file?.key ?? KEY }];
  const source = file
    ? { secret: { secretName: file.secretName, defaultMode: SECRET_MODE, items } }
    : { configMap: { name: placeFile(context), defaultMode: FILE_MODE, items } };
  return joined(certificate, {
    volumes: [{ name: NAME, ...source }],
    mounts: [{ name: NAME, mountPath: FOLDER, readOnly: true }],
  });
}

/** It names paths alone, and holds no secret. */
function placeFile(context: Context<HttpPartOptions>): string {
  const { cert, key } = tlsPaths('http', context.props.httpConfig!._settings().tls!);
  return placeConfigMap(context, NAME, {
    [KEY]: `${thanosYaml({ tls_server_config: { cert_file: cert, key_file: key } })}`,
  });
}

/**
 * How the ports are probed. A login leaves the kubelet nothing but to look whether they are open: readiness by the gRPC port
 * where there is one, which Thanos opens when it is ready.
 * @internal
 */
export function probedPorts({ httpConfig }: HttpPartOptions, ports: readonly string[]): ProbedPorts {
  const { tls, basicAuth } = httpConfig?._settings() ?? {};
  return {
    scheme: tls ? 'HTTPS' : undefined,
    open: basicAuth && (ports.includes('grpc') ? 'grpc' : 'http'),
  };
}

/**
 * Tells the app whom it trusts, which may not be the bucket's.
 * @internal
 */
export function tellHttp(context: Context<HttpPartOptions>, flags: Flags): void {
  const { construct, identity, props, registry, warn } = context;
  if (props.httpConfig === undefined && flags.has(/^--http\.config$/))
    warn('extraArgs', 'has "--http.config", of which probes and those who ask know nothing. Give httpConfig');
  const { tls, basicAuth } = props.httpConfig?._settings() ?? {};
  if (basicAuth) checked(construct, 'httpConfig', () => requireOwnLogin(context, basicAuth.secretName));
  if (!tls) return;
  const { secretName } = tlsSecret(context, 'http', tls);
  const ca = tls.ca?._source() ?? { kind: 'Secret' as const, name: secretName };
  const { namespace } = identity;
  registry.trusts.push({ construct, prop: 'httpConfig', namespace, secretName, ca });
}

/** Prometheus, and whoever else asks, has the login. */
function requireOwnLogin({ construct, identity, registry }: Context<HttpPartOptions>, secretName: string): void {
  const guard = registry.guarded.find(
    ({ kind, name, namespace, owner, holds }) =>
      holds !== 'ca' &&
      `${kind}/${name}` === `Secret/${secretName}` &&
      namespace === identity.namespace &&
      registry.clusterOf(owner) === registry.clusterOf(construct),
  );
  if (guard === undefined) return;
  throw new InputProblem(
    `basicAuth: secretName: Secret ${secretName} holds ${HELD[guard.holds]}, which whoever asks this part would get. Give the login a Secret of its own`,
  );
}
