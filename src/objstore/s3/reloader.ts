import type { S3CaSource } from '../../input/s3-ca';
import { Reloader } from '../../input/s3-options';
import type { S3Settings } from '../../input/s3-settings';
import { InputProblem } from '../../support/problem';
import type { BoundSource } from './bind-credentials';

/**
 * Annotations by which a reloader controller restarts the granted workloads when a referenced Secret or ConfigMap changes.
 * Content that synth knows needs none: the checksum rolls the pods.
 */
export function reloaderAnnotations(
  s3: S3Settings,
  source: BoundSource,
  ca?: S3CaSource,
): Record<string, string> | undefined {
  if (s3.reloader === undefined) return undefined;
  const referenced = ca?.pem === undefined ? ca : undefined;
  const secrets = [referenced?.secretName, referencedKeys(source)].filter(given);
  const configMaps = [referenced?.configMapName].filter(given);
  if (secrets.length + configMaps.length === 0)
    throw new InputProblem(
      'has no effect: nothing is only referenced, and known content rolls the pods by its checksum. Drop it',
    );
  if (s3.reloader === Reloader.WAVE) return { 'wave.pusher.com/update-on-config-change': 'true' };
  return {
    ...(secrets.length > 0 ? { 'secret.reloader.stakater.com/reload': [...new Set(secrets)].join(',') } : {}),
    ...(configMaps.length > 0 ? { 'configmap.reloader.stakater.com/reload': configMaps.join(',') } : {}),
  };
}

function referencedKeys(source: BoundSource): string | undefined {
  if (source.kind === 'file') return source.secretName;
  return source.kind === 'secret' && !source.plainText ? source.secretName : undefined;
}

function given(name: string | undefined): name is string {
  return name !== undefined;
}
