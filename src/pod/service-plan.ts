import type { ServiceSpec } from '../support/k8s';
import { InputProblem } from '../support/problem';
import { within } from '../support/table';
import { orNone } from './or-none';
import type { NodePortOptions, ServiceOptions } from './service';

/** By the names of the ports. */
const PORT_OF: Readonly<Record<string, keyof NodePortOptions>> = {
  http: 'http',
  grpc: 'grpc',
  'remote-write': 'remoteWrite',
};

/** Ports by name; each has the same number in the container and in its Services. */
export type Ports = Readonly<Record<string, number>>;

/** A Service's spec beyond selector and ports, and the ports of the nodes by the names of its own. */
export interface ServicePlan {
  readonly spec: Partial<ServiceSpec>;
  readonly nodePorts: Readonly<Record<string, number | undefined>>;
}

/** What the options say of a Service with these ports. */
export function servicePlan(options: ServiceOptions = {}, ports: Ports): ServicePlan {
  const { nodePorts = {} } = options;
  const own = Object.keys(ports).map((name) => PORT_OF[name]);
  const lacking = (Object.keys(nodePorts) as (keyof NodePortOptions)[]).find((name) => !own.includes(name));
  if (lacking !== undefined)
    within('nodePorts', () => {
      throw new InputProblem(`${lacking}: the Service has no such port; it has ${own.join(', ')}`);
    });
  return {
    spec: {
      type: options.type,
      loadBalancerClass: options.loadBalancerClass,
      loadBalancerIp: options.loadBalancerIp,
      loadBalancerSourceRanges: orNone(options.loadBalancerSourceRanges),
      externalTrafficPolicy: options.externalTraffic,
    },
    nodePorts: Object.fromEntries(Object.keys(ports).map((name) => [name, nodePorts[PORT_OF[name]]])),
  };
}
