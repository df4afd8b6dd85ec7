import { place } from '../app/place';
import { argLiteral } from '../support/escape';
import { KubeConfigMap } from '../support/k8s';
import { found, InputProblem } from '../support/problem';
import { prometheusDuration } from '../support/units';
import { thanosYaml } from '../support/yaml';
import type { Context } from './context';
import type { EndpointOptions } from './endpoint-options';
import { ENDPOINTS_KEY, type EndpointsFile } from './endpoints-file';
import type { Extras } from './kind';
import { type Arg, written } from './option';
import type { QueryOptions } from './query-options';
import type { Since } from './since';
import type { IStoreApi } from './store-api';
import { endpointClient } from './tls/endpoint-tls';
import { askedName, clientConfig, namedAddress, needsFlags } from './tls/ask-tls';

const FOLDER = '/etc/thanos/endpoints';

/** What says which StoreAPIs are asked. */
type Asked = Pick<
  QueryOptions,
  'endpoints' | 'endpointOptions' | 'groupReplicas' | 'endpointsFile' | 'grpcTls' | 'image'
> & {
  readonly sources?: readonly IStoreApi[];
};

/** Each StoreAPI once, the stack's own first. */
function endpointsOf(asked: Asked): EndpointOptions[] {
  const { sources = [], endpoints = [], endpointOptions = [], groupReplicas, grpcTls } = asked;
  const all = new Map<string, EndpointOptions>();
  for (const { storeApiAddress, replicaLabel } of sources) {
    const group = groupReplicas && replicaLabel === undefined;
    const address = group ? storeApiAddress : namedAddress(storeApiAddress, grpcTls);
    all.set(storeApiAddress, group ? { address, group } : { address });
  }
  for (const address of endpoints) if (!all.has(address)) all.set(address, { address });
  for (const options of endpointOptions) {
    const { address, group } = options;
    const own = !group && sources.some(({ storeApiAddress }) => storeApiAddress === address);
    all.set(address, own ? { ...options, address: namedAddress(address, grpcTls) } : options);
  }
  return [...all.values()];
}

/** The config as Thanos reads it. */
function sdConfig(asked: Asked): string {
  const { grpcTls } = asked;
  const config = needsFlags(asked) ? undefined : clientConfig(grpcTls);
  return thanosYaml({
    default_client_config: config,
    endpoints: endpointsOf(asked).map(({ address, group, strict, serviceConfig, tls, plainText }) => ({
      address,
      group: group || undefined,
      strict: strict || undefined,
      service_config: serviceConfig,
      client_config: ownClient({ tls, plainText }, grpcTls) ?? (group && config && askedName(address, grpcTls)),
    })),
  });
}

/** How one is asked that is not asked as all are. */
function ownClient({ tls, plainText }: Pick<EndpointOptions, 'tls' | 'plainText'>, grpcTls: Asked['grpcTls']) {
  if (plainText) return { tls_config: { enabled: false } };
  return tls && endpointClient(tls, grpcTls);
}

/** In an argument; beside a file of the users' own by the flags that are deprecated since 0.38, of which no other may be. */
export function endpointFlags(props: Asked): Arg[] {
  const endpoints = endpointsOf(props);
  const file = props.endpointsFile?._chosen();
  requireTold(props);
  if (file?.name !== undefined) return endpoints.flatMap(deprecatedFlag);
  if (file !== undefined || endpoints.length === 0) return [];
  return written('--endpoint.sd-config', argLiteral(sdConfig(props)));
}

/** What is said of one endpoint alone stands in the list, which knows TLS since 0.42. */
function requireTold(props: Asked): void {
  const { sources = [], endpointOptions = [] } = props;
  for (const { address, tls, plainText } of endpointOptions) {
    if (tls === undefined && !plainText) continue;
    const prop = `${tls ? 'tls' : 'plainText'} of ${found(address)} in endpointOptions`;
    if (sources.some(({ storeApiAddress }) => storeApiAddress === address))
      throw new InputProblem(`${prop} is for StoreAPIs outside of the app; the sources are asked as grpcTls says`);
    if (props.endpointsFile?._chosen().name !== undefined)
      throw new InputProblem(`${prop} is not told beside a ConfigMap of your own; put that endpoint into it`);
    if (needsFlags(props)) throw new InputProblem(`${prop} needs Thanos 0.42 or newer, but the image is an older one`);
  }
}

/** Older versions read the list without a word about a key that they do not know. */
export function endpointNeeds(options: readonly EndpointOptions[] = []): Since[] {
  return options.some(({ serviceConfig }) => serviceConfig !== undefined)
    ? [{ what: 'service configs of endpoint groups', minor: 40 }]
    : [];
}

function deprecatedFlag({ address, group, strict, serviceConfig }: EndpointOptions): Arg[] {
  if (serviceConfig !== undefined)
    throw new InputProblem(
      'serviceConfig of endpointOptions is not told beside a ConfigMap of your own; put that endpoint into it',
    );
  return written(`--endpoint${group ? '-group' : ''}${strict ? '-strict' : ''}`, argLiteral(address));
}

/** Where the file lies, and how often it is looked at. */
export function endpointsFileFlags(file: EndpointsFile | undefined): Arg[] {
  if (file === undefined) return [];
  const { key = ENDPOINTS_KEY, reloadInterval } = file._chosen();
  return [
    ['--endpoint.sd-config-file', `${FOLDER}/${key}`],
    ...written('--endpoint.sd-config-reload-interval', reloadInterval && prometheusDuration(reloadInterval)),
  ];
}

/** The file, where there is one. Running pods re-read it, so no checksum rolls them. */
export function placeEndpoints({ construct, identity, props }: Context<Asked>): Extras {
  if (props.endpointsFile === undefined) return {};
  const { name: given, key = ENDPOINTS_KEY } = props.endpointsFile._chosen();
  const name = given ?? identity.object('endpoints');
  if (given === undefined) {
    const metadata = { name, namespace: identity.namespace, labels: { ...identity.selector } };
    place(construct, 'Endpoints', KubeConfigMap.manifest({ metadata, data: { [key]: sdConfig(props) } }));
  }
  return {
    volumes: [{ name: 'endpoints', configMap: { name, items: [{ key, path: key }] } }],
    mounts: [{ name: 'endpoints', mountPath: FOLDER, readOnly: true }],
  };
}
