import { found, InputProblem } from '../support/problem';

/** Label by which nodes say their zone (https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone). */
export const NODE_ZONE = 'topology.kubernetes.io/zone';

/** What of a component's props says on which nodes its pods run. */
interface Zoned {
  readonly zone?: string;
  readonly nodeSelector?: { [key: string]: string };
}

/** The props with the nodes of their zone. */
export function onNodesOfZone<P extends Zoned>(props: P): P {
  const { zone, nodeSelector = {} } = props;
  if (zone === undefined) return props;
  const asked = nodeSelector[NODE_ZONE];
  if (asked !== undefined && asked !== zone)
    throw new InputProblem(
      `is ${found(zone)}, but nodeSelector asks for nodes of ${found(asked)}. Drop one of the two`,
    );
  return { ...props, nodeSelector: { ...nodeSelector, [NODE_ZONE]: zone } };
}
