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

const FOLDER = '/etc/thanos/endpoints';

/** What says which StoreAPIs are asked. */
type Asked = Pick<QueryOptions, 'endpoints' | 'endpointOptions' | 'groupReplicas' | 'endpointsFile'> & {
  readonly sources?: readonly IStoreApi[];
};

/** Each StoreAPI once, the stack's own first. */
function endpointsOf({ sources = [], endpoints = [], endpointOptions = [], groupReplicas }: Asked): EndpointOptions[] {
  const all = new Map<string, EndpointOptions>();
  for (const { storeApiAddress: address, replicaLabel } of sources)
    all.set(address, groupReplicas && replicaLabel === undefined ? { address, group: true } : { address });
  for (const address of endpoints) if (!all.has(address)) all.set(address, { address });
  for (const options of endpointOptions) all.set(options.address, options);
  return [...all.values()];
}

/** The config as Thanos reads it. */
function sdConfig(endpoints: readonly EndpointOptions[]): string {
  return thanosYaml({
    endpoints: endpoints.map(({ address, group, strict, serviceConfig }) => ({
      address,
      group: group || undefined,
      strict: strict || undefined,
      service_config: serviceConfig,
    })),
  });
}

/** In an argument; beside a file of the users' own by the flags that are deprecated since 0.38, of which no other may be. */
export function endpointFlags(props: Asked): Arg[] {
  const endpoints = endpointsOf(props);
  const file = props.endpointsFile?._chosen();
  if (file?.name !== undefined) return endpoints.flatMap(deprecatedFlag);
  if (file !== undefined || endpoints.length === 0) return [];
  return written('--endpoint.sd-config', argLiteral(sdConfig(endpoints)));
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
    place(construct, 'Endpoints', KubeConfigMap.manifest({ metadata, data: { [key]: sdConfig(endpointsOf(props)) } }));
  }
  return {
    volumes: [{ name: 'endpoints', configMap: { name, items: [{ key, path: key }] } }],
    mounts: [{ name: 'endpoints', mountPath: FOLDER, readOnly: true }],
  };
}
