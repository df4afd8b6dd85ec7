import { place } from '../app/place';
import { argLiteral } from '../support/escape';
import { KubeConfigMap } from '../support/k8s';
import { InputProblem } from '../support/problem';
import { prometheusDuration } from '../support/units';
import { thanosYaml } from '../support/yaml';
import type { Context } from './context';
import type { EndpointOptions } from './endpoint-options';
import { ENDPOINTS_KEY, type EndpointsFile } from './endpoints-file';
import type { Extras } from './kind';
import { type Arg, written } from './option';
import type { QueryOptions } from './query-options';
import type { IStoreApi } from './store-api';
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
    endpoints: endpointsOf(asked).map(({ address, group, strict, serviceConfig }) => ({
      address,
      group: group || undefined,
      strict: strict || undefined,
      service_config: serviceConfig,
      client_config: group && config && askedName(address, grpcTls),
    })),
  });
}

/** In an argument; beside a file of the users' own by the flags that are deprecated since 0.38, of which no other may be. */
export function endpointFlags(props: Asked): Arg[] {
  const endpoints = endpointsOf(props);
  const file = props.endpointsFile?._chosen();
  if (file?.name !== undefined) return endpoints.flatMap(deprecatedFlag);
  if (file !== undefined || endpoints.length === 0) return [];
  return written('--endpoint.sd-config', argLiteral(sdConfig(props)));
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
