import { InputProblem, found } from '../support/problem';
import { knownFields } from '../support/shape';
import type { ImageOptions } from './pod-options';

/**
 * The Thanos that this library was measured with. From v0.42.3 on a receiver that stops uploads its last block
 * (thanos-io/thanos#8948).
 */
export const THANOS_REPOSITORY = 'quay.io/thanos/thanos';
export const THANOS_TAG = 'v0.42.4';

const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const REPOSITORY = /^[a-z0-9]([a-z0-9._:-]*[a-z0-9])?(\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$/;

/** `repository:tag` or `repository[:tag]@digest`. */
export function imageReference(options: ImageOptions, repository: string, tag: string): string {
  knownFields(options, ['repository', 'tag', 'digest', 'pullSecrets']);
  const name = options.repository ?? repository;
  if (!REPOSITORY.test(name))
    throw new InputProblem(
      `repository ${found(name)} is not an image name; give the tag in "tag" and the digest in "digest"`,
    );
  if (options.tag !== undefined && !TAG.test(options.tag))
    throw new InputProblem(`tag ${found(options.tag)} is not a tag`);
  if (options.digest === undefined) return `${name}:${options.tag ?? tag}`;
  if (!DIGEST.test(options.digest))
    throw new InputProblem(`digest ${found(options.digest)} is not "sha256:" and 64 hex digits`);
  return `${name}${options.tag === undefined ? '' : `:${options.tag}`}@${options.digest}`;
}
