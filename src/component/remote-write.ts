import { place } from '../app/place';
import { checksum } from '../support/checksum';
import { KubeConfigMap, type Volume } from '../support/k8s';
import { prometheusDuration } from '../support/units';
import { thanosYaml } from '../support/yaml';
import type { Context } from './context';
import type { Extras } from './kind';
import type { RemoteWriteOptions } from './remote-write-options';
import { SECRET_MODE } from './mounted-file';

const FOLDER = '/etc/thanos/remote-write';
const KEY = 'remote-write.yml';

/** Path of the config in the container. */
export const REMOTE_WRITE_FILE = `${FOLDER}/config/${KEY}`;

/** A volume of one item, in a folder of its own. */
interface Part {
  readonly name: string;
  readonly folder: string;
  readonly source: Omit<Volume, 'name'>;
}

/** The config, which holds no secret, and what brings the files that it names into the pods. Read at the start alone. */
export function placeRemoteWrite(context: Context<{ readonly remoteWrite?: RemoteWriteOptions[] }>): Extras {
  const { construct, identity, props } = context;
  if (props.remoteWrite === undefined) return {};
  const name = identity.object('remote-write');
  const metadata = { name, namespace: identity.namespace, labels: { ...identity.selector } };
  const config = thanosYaml({ remote_write: props.remoteWrite.map(itemYaml) });
  place(construct, 'RemoteWrite', KubeConfigMap.manifest({ metadata, data: { [KEY]: config } }));
  const parts = [
    { name: 'remote-write', folder: `${FOLDER}/config`, source: { configMap: { name } } },
    ...props.remoteWrite.flatMap(partsOf),
  ];
  const revisions = props.remoteWrite.flatMap(({ basicAuth, bearerToken }) => [
    basicAuth?.password.revision,
    bearerToken?.revision,
  ]);
  return {
    volumes: parts.map((part) => ({ name: part.name, ...part.source })),
    mounts: parts.map((part) => ({ name: part.name, mountPath: part.folder, readOnly: true })),
    annotations: { 'checksum/remote-write': checksum({ config, revisions: JSON.stringify(revisions) }) },
  };
}

function itemYaml(item: RemoteWriteOptions, i: number): unknown {
  const { basicAuth, bearerToken, tls } = item;
  const folder = `${FOLDER}/${i}`;
  const ca = tls?.caSecretName ?? tls?.caConfigMapName;
  return {
    url: item.url,
    name: item.name,
    remote_timeout: item.timeout && prometheusDuration(item.timeout),
    headers: item.headers,
    basic_auth: basicAuth && {
      username: basicAuth.username,
      password_file: `${folder}/password/${basicAuth.password.key ?? 'password'}`,
    },
    authorization: bearerToken && { credentials_file: `${folder}/token/${bearerToken.key ?? 'token'}` },
    tls_config: tls && {
      ca_file: ca && `${folder}/ca/${tls.caKey ?? 'ca.crt'}`,
      cert_file: tls.clientSecretName && `${folder}/client/tls.crt`,
      key_file: tls.clientSecretName && `${folder}/client/tls.key`,
      server_name: tls.serverName,
    },
  };
}

function partsOf({ basicAuth, bearerToken, tls }: RemoteWriteOptions, i: number): Part[] {
  const secret = (part: string, secretName: string | undefined, keys: string[]): Part[] =>
    secretName === undefined
      ? []
      : [
          {
            name: `remote-write-${i}-${part}`,
            folder: `${FOLDER}/${i}/${part}`,
            source: {
              secret: { secretName, defaultMode: SECRET_MODE, items: keys.map((key) => ({ key, path: key })) },
            },
          },
        ];
  const caKey = tls?.caKey ?? 'ca.crt';
  const caConfigMap: Part[] =
    tls?.caConfigMapName === undefined
      ? []
      : [
          {
            name: `remote-write-${i}-ca`,
            folder: `${FOLDER}/${i}/ca`,
            source: { configMap: { name: tls.caConfigMapName, items: [{ key: caKey, path: caKey }] } },
          },
        ];
  return [
    ...secret('password', basicAuth?.password.secretName, [basicAuth?.password.key ?? 'password']),
    ...secret('token', bearerToken?.secretName, [bearerToken?.key ?? 'token']),
    ...secret('ca', tls?.caSecretName, [caKey]),
    ...caConfigMap,
    ...secret('client', tls?.clientSecretName, ['tls.crt', 'tls.key']),
  ];
}
