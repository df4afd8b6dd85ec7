import type { GrantFacts, GrantRole } from '../app/registry';
import { type EnvVar, partJson, type Volume, type VolumeMount } from '../support/k8s';
import { CHECKSUM_ANNOTATION, SECOND_CHECKSUM_ANNOTATION } from '../support/labels';
import * as at from './paths';
import { secondPath } from './paths';

/** A directory of files that a granted container gets. */
export interface GrantPart {
  /** What the files are, whatever the volume is called. */
  readonly role: GrantRole;
  readonly volume: Volume;
  readonly mountPath: string;
  /** Thanos writes there: the volume is the bucket itself. */
  readonly writable?: true;
}

/** What a Grant is made of. */
export interface GrantContents {
  /** Of the pods, and of all that they mount. */
  readonly namespace: string;
  readonly parts: readonly GrantPart[];
  readonly env: readonly EnvVar[];
  /** What the pods must have been started with. */
  readonly checksum: string;
  readonly serviceAccountName?: string;
  /** Annotations of the workload, for a reloader controller. */
  readonly workloadAnnotations?: Record<string, string>;
  /** `Secret/name` or `ConfigMap/name` of the CA. */
  readonly caSource?: string;
  /** Where the keys come from, in words. */
  readonly keys: string;
  /** It is that of the second bucket of a pod that opens two. */
  readonly second?: true;
}

/** Everything that opening the bucket takes, as a pod takes it: flag, mounts, variables and checksum. */
export class Grant {
  /** `--objstore.config-file=…`. */
  public readonly flag: string;
  public readonly volumes: readonly Volume[];
  public readonly mounts: readonly VolumeMount[];
  public readonly env: readonly EnvVar[];
  public readonly checksum: string;
  public readonly serviceAccountName?: string;
  public readonly workloadAnnotations?: Record<string, string>;
  public readonly facts: GrantFacts;

  readonly #contents: GrantContents;

  constructor(contents: GrantContents) {
    this.#contents = contents;
    const { namespace, parts, caSource, keys, second } = contents;
    const placed = (path: string): string => (second ? secondPath(path) : path);
    this.flag = `--objstore${second ? '-to' : ''}.config-file=${placed(at.CONFIG_PATH)}`;
    this.volumes = parts.map(({ volume }) => volume);
    this.mounts = parts.map(({ volume, mountPath, writable }) => ({
      name: volume.name,
      mountPath,
      ...(!writable && { readOnly: true }),
    }));
    this.env = contents.env;
    this.checksum = contents.checksum;
    this.serviceAccountName = contents.serviceAccountName;
    this.workloadAnnotations = contents.workloadAnnotations;
    this.facts = {
      namespace,
      configPath: placed(at.CONFIG_PATH),
      caPath: this.part('ca') && placed(at.CA_PATH),
      caSource,
      keys,
      mounts: parts.map(({ role, volume, mountPath }) => ({ role, volume: partJson(volume), path: mountPath })),
      env: this.env.map(partJson),
      checksum: this.checksum,
      checksumAnnotation: second ? SECOND_CHECKSUM_ANNOTATION : CHECKSUM_ANNOTATION,
    };
  }

  /** The part of a role; undefined where this bucket has none. */
  public part(role: GrantRole): GrantPart | undefined {
    return this.#contents.parts.find((part) => part.role === role);
  }

  /** The same Grant with another volume in one role. A role that it does not have stays away. */
  public replacing(role: GrantRole, change: (volume: Volume) => Volume): Grant {
    const parts = this.#contents.parts.map((part) =>
      part.role === role ? { ...part, volume: change(part.volume) } : part,
    );
    return new Grant({ ...this.#contents, parts });
  }
}

/** A ConfigMap's key as a file. */
export function configMapPart(
  role: GrantRole,
  volume: string,
  configMap: { readonly name: string; readonly key: string; readonly file: string },
  mountPath: string,
): GrantPart {
  const { name, key, file } = configMap;
  const source = { name, defaultMode: at.FILE_MODE, items: [{ key, path: file }] };
  return { role, volume: { name: volume, configMap: source }, mountPath };
}

/** Only the named keys of a Secret: that of a CA often holds its private key too. */
export function secretPart(
  role: GrantRole,
  volume: string,
  secret: { readonly name: string; readonly keys: Readonly<Record<string, string>> },
  mountPath: string,
): GrantPart {
  const items = Object.entries(secret.keys).map(([key, path]) => ({ key, path }));
  const source = { secretName: secret.name, defaultMode: at.FILE_MODE, items };
  return { role, volume: { name: volume, secret: source }, mountPath };
}
