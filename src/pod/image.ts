import type { Container } from '../support/k8s';
import { listOf, oneOf } from '../support/rows';
import { objectName } from '../support/names';
import { InputProblem, found } from '../support/problem';
import type { Row, StructTable } from '../support/table';

/** When a node asks the registry for an image. */
export enum ImagePullPolicy {
  /** At every start of a container. */
  ALWAYS = 'Always',
  /** When the node does not have it. */
  IF_NOT_PRESENT = 'IfNotPresent',
  /** Never: it must be there. */
  NEVER = 'Never',
}

/** A container image. */
export interface ImageOptions {
  /**
   * Registry and repository.
   * @default quay.io/thanos/thanos
   */
  readonly repository?: string;
  /**
   * Tag. With a digest it is for the reader only.
   * @default - the version that this library was measured with
   */
  readonly tag?: string;
  /**
   * Digest, `sha256:` and 64 hex digits.
   * @default - by tag
   */
  readonly digest?: string;
  /**
   * When a node asks the registry for it.
   * @default - Kubernetes' own: when the node does not have it, unless the tag is latest
   */
  readonly pullPolicy?: ImagePullPolicy;
  /**
   * Names of the pull Secrets.
   * @default - none
   */
  readonly pullSecrets?: string[];
}

/**
 * The Thanos that this library was measured with. From v0.42.3 on a receiver that stops uploads its last block
 * (thanos-io/thanos#8948).
 */
export const THANOS_REPOSITORY = 'quay.io/thanos/thanos';
export const THANOS_TAG = 'v0.42.4';

const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const REPOSITORY = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:\d{1,5}(?=\/))?(\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$/;

/** How each field of an image is read. */
export const IMAGE: StructTable<ImageOptions> = {
  repository: matching(REPOSITORY, 'an image name; give the tag in "tag" and the digest in "digest"'),
  tag: matching(TAG, 'a tag'),
  digest: matching(DIGEST, '"sha256:" and 64 hex digits'),
  pullPolicy: oneOf(ImagePullPolicy, 'ImagePullPolicy'),
  pullSecrets: listOf(objectName),
};

/** Minor version of Thanos in an image, `42` of v0.42.4; undefined where the tag does not say. */
export function thanosMinor(image: ImageOptions = {}): number | undefined {
  if (image.tag === undefined && image.digest !== undefined) return undefined;
  const [, minor] = /^v?0\.(\d+)\.\d/.exec(image.tag ?? THANOS_TAG) ?? [];
  return minor === undefined ? undefined : Number(minor);
}

/** Whether an image is another than the one that this library was measured with. */
export function isOwnImage({ repository = THANOS_REPOSITORY, tag = THANOS_TAG, digest }: ImageOptions = {}): boolean {
  return repository !== THANOS_REPOSITORY || tag !== THANOS_TAG || digest !== undefined;
}

/**
 * The image of a container, and when it is pulled; Thanos' own where nothing else is said.
 * @internal
 */
export function containerImage(
  options: ImageOptions = {},
  repository = THANOS_REPOSITORY,
  tag = THANOS_TAG,
): Pick<Container, 'image' | 'imagePullPolicy'> {
  return { image: imageReference(options, repository, tag), imagePullPolicy: options.pullPolicy };
}

/** `repository:tag` or `repository[:tag]@digest`. */
function imageReference(options: ImageOptions, repository: string, tag: string): string {
  const name = options.repository ?? repository;
  if (options.digest === undefined) return `${name}:${options.tag ?? tag}`;
  return `${name}${options.tag === undefined ? '' : `:${options.tag}`}@${options.digest}`;
}

function matching(pattern: RegExp, text: string): Row<string> {
  return (value) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new InputProblem(`${found(value)} is not ${text}`);
  };
}
