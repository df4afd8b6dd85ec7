import { Size } from 'cdk8s';
import { containerImage } from '../pod/image';
import { resourceRequirements } from '../pod/resources';
import { RESTRICTED_CONTAINER } from '../pod/security';
import type { Container, VolumeMount } from '../support/k8s';
import { goDuration } from '../support/units';
import type { RuleReloadOptions } from './rule-reload';

const REPOSITORY = 'quay.io/prometheus-operator/prometheus-config-reloader';
const TAG = 'v0.93.0';
const REQUESTS = { cpu: '10m', memory: Size.mebibytes(50) };

/** The sidecar: it sees the rules and nothing else, above all not the Grant. */
export function ruleReloader(options: RuleReloadOptions, url: string, rules: readonly VolumeMount[]): Container {
  return {
    name: 'rule-reloader',
    ...containerImage(options.image, REPOSITORY, TAG),
    args: [
      `--reload-url=${url}`,
      ...(options.interval ? [`--watch-interval=${goDuration(options.interval)}`] : []),
      ...rules.map(({ mountPath }) => `--watched-dir=${mountPath}`),
    ],
    resources: resourceRequirements(options.resources, REQUESTS),
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [...rules],
  };
}
