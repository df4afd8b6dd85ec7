import type { Duration } from 'cdk8s';
import { IMAGE, type ImageOptions } from '../pod/image';
import { RESOURCES, type ResourceOptions } from '../pod/resources';
import { InputProblem } from '../support/problem';
import { duration, struct } from '../support/rows';
import type { StructTable } from '../support/table';

/** The sidecar that tells a ruler to read its rules again: the config reloader of the Prometheus operator. */
export interface RuleReloadOptions {
  /**
   * Its image.
   * @default - quay.io/prometheus-operator/prometheus-config-reloader, a version that is known to fit
   */
  readonly image?: ImageOptions;
  /**
   * How often it looks, besides being told by the kubelet's change.
   * @default - its own, 3 minutes
   */
  readonly interval?: Duration;
  /**
   * Resources of the sidecar.
   * @default - requests of 10m CPU and 50 MiB
   */
  readonly resources?: ResourceOptions;
}

const TABLE: StructTable<RuleReloadOptions> = { image: struct(IMAGE), interval: duration, resources: RESOURCES };

/** How it is read. */
export const RULE_RELOAD = struct(TABLE, ({ image }) => {
  if (image?.pullSecrets !== undefined)
    throw new InputProblem('image: pullSecrets: are those of the pod; give them to the image of the ruler');
});
