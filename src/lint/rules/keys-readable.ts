import { holdsPrivateKey } from '../../pki/certificate';
import type { Json } from '../../support/json';
import type { Hit, Rule } from '../finding';
import { content, keys } from '../manifest-object';
import { parseObjstore } from '../objstore-document';
import type { Container } from '../pod';
import { list, text } from '../shape';
import type { World } from '../world';

const FIX =
  'Put the keys into a Secret and hand them over as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY by secretKeyRef';

export const keysInConfigMap: Rule = {
  id: 'keys-in-configmap',
  severity: 'error',
  about: 'S3 keys or a private key in a ConfigMap',
  check: (world) =>
    world.objects
      .filter((object) => object.kind === 'ConfigMap')
      .flatMap((object) =>
        keys(object).flatMap((key): Hit[] => {
          const value = content(object, key) ?? '';
          const path = `data["${key}"]`;
          if (holdsPrivateKey(value))
            return [{ object, path, text: 'is a private key in a ConfigMap', fix: 'Put it into a Secret' }];
          if (!holdsS3Keys(value)) return [];
          return [{ object, path, text: 'holds S3 keys, readable for whoever can read ConfigMaps', fix: FIX }];
        }),
      ),
};

/** A cheap look first: ConfigMaps hold anything, dashboards of megabytes among it. */
function holdsS3Keys(value: string): boolean {
  return (
    /(access|secret)_key|session_token/.test(value) &&
    /\bconfig\b/.test(value) &&
    parseObjstore(value).keys === 'literal'
  );
}

export const keysInPodSpec: Rule = {
  id: 'keys-in-pod-spec',
  severity: 'error',
  about: 'S3 keys in arguments or in a literal env value',
  check: (world) => [...inArguments(world), ...inEnv(world)],
};

function inArguments(world: World): Hit[] {
  return world.uses
    .filter(({ via, config }) => (via === 'argument' || via === 'env') && config?.keys === 'literal')
    .map(({ container, path, flag }) => ({
      object: container.pod.object,
      path,
      text: `puts the S3 keys on the command line with ${flag}: every process list and crash message shows them`,
      fix: `${FIX}; give the rest with --objstore.config-file`,
    }));
}

function inEnv(world: World): Hit[] {
  return world.containers.flatMap((container) =>
    literalKeys(container).map(({ env, i }) => ({
      object: container.pod.object,
      path: `${container.at}.env[${i}].value`,
      text: `gives ${env.name} as literal text`,
      fix: 'Use valueFrom.secretKeyRef',
    })),
  );
}

/** Env variables of a container, each with its place, that have a key of S3 as their value. */
export function literalKeys({ json }: Container): { readonly env: Json; readonly i: number }[] {
  return list(json.env)
    .map((env: Json, i: number) => ({ env, i }))
    .filter(
      ({ env }) => /^(AWS_SECRET_(ACCESS_)?KEY|AWS_SESSION_TOKEN)$/.test(text(env.name)) && text(env.value) !== '',
    );
}

export const keysInObjstore: Rule = {
  id: 'keys-in-objstore',
  severity: 'warning',
  about: 'S3 keys stand in the objstore.yml of a Secret',
  check: (world) =>
    world.configs
      .filter(({ ref, config, via }) => ref?.kind === 'Secret' && via !== 'env' && config?.keys === 'literal')
      .map(({ ref }) => ({
        object: ref!.object!,
        path: `data["${ref!.key}"]`,
        text: 'holds the S3 keys: the bucket and endpoint can not be reviewed without showing them',
        fix: FIX,
      })),
};

export const configInArguments: Rule = {
  id: 'config-in-arguments',
  severity: 'warning',
  about: 'objstore config as an argument or env variable instead of a file',
  check: (world) =>
    world.uses
      .filter(({ via, config }) => (via === 'argument' || via === 'env') && config?.keys !== 'literal')
      .map(({ container, path, flag, via }) => ({
        object: container.pod.object,
        path,
        text: `gives the config with ${flag}${via === 'env' ? ' from env' : ''}: it is on the command line, keys included where it has any`,
        fix: 'Mount it as a file and use --objstore.config-file',
      })),
};
