import { parse } from 'yaml';
import type { Json } from '../render';

/** Arguments of a workload's first container. */
export function args(all: Json[], name: string): string[] {
  const workload = all.find((o) => ['StatefulSet', 'Deployment'].includes(o.kind) && o.metadata.name === name);
  return workload.spec.template.spec.containers[0].args;
}

/** The values of a flag of a workload, in order. */
export function flag(all: Json[], name: string, flagName: string): string[] {
  return args(all, name)
    .filter((arg) => arg.startsWith(`${flagName}=`))
    .map((arg) => arg.slice(flagName.length + 1));
}

/** The StoreAPIs that a Query asks. */
export function endpoints(all: Json[], name = 'thanos-query'): string[] {
  const [config] = flag(all, name, '--endpoint.sd-config');
  return parse(config).endpoints.map((e: { address: string }) => e.address);
}
