import type { PodSpec } from '../support/k8s';
import { InputProblem } from '../support/problem';
import { int32, struct, yesOrNo } from '../support/rows';
import type { Row, StructTable } from '../support/table';

/** User, group and volume group of the pods. Where none is given they are those of the image's own user. */
export interface SecurityOptions {
  /**
   * Let OpenShift choose user, group and fsGroup: none is written. The only way to leave fsGroup out, without which
   * elsewhere the pods can't read the mounted keys.
   * @default false
   */
  readonly openShift?: boolean;
  /**
   * User id.
   * @default - 65534; for Grafana 472
   */
  readonly user?: number;
  /**
   * Group id.
   * @default - 65532; for Grafana 472
   */
  readonly group?: number;
  /**
   * Group that may read the mounted files and the volumes.
   * @default - 65534; for Grafana 472
   */
  readonly fsGroup?: number;
}

/** Ids of Thanos' own image user; nobody's group may read the volumes. */
const THANOS_IDS = { user: 65534, group: 65532, fsGroup: 65534 };

/** A container that Pod Security "restricted" admits. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

const IDS: StructTable<SecurityOptions> = {
  openShift: yesOrNo,
  user: (value) => {
    if (value === 0) throw new InputProblem('is 0, but the pods never run as root');
    return int32(1)(value);
  },
  group: int32(0),
  fsGroup: int32(0),
};

/** How user and groups are read. */
export const SECURITY: Row<SecurityOptions> = struct(IDS, ({ openShift, ...ids }) => {
  const [id] = Object.keys(ids);
  if (openShift && id !== undefined)
    throw new InputProblem(
      `${id}: has no effect with openShift, which leaves the ids to the platform; drop one of the two`,
    );
});

/**
 * The security context of a pod that Pod Security "restricted" admits.
 * @internal
 */
export function podSecurity(
  security: SecurityOptions = {},
  ids: Required<Omit<SecurityOptions, 'openShift'>> = THANOS_IDS,
): NonNullable<PodSpec['securityContext']> {
  const base = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  if (security.openShift) return base;
  return {
    ...base,
    runAsUser: security.user ?? ids.user,
    runAsGroup: security.group ?? ids.group,
    fsGroup: security.fsGroup ?? ids.fsGroup,
    fsGroupChangePolicy: 'OnRootMismatch',
  };
}
