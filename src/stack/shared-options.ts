import type { ImageOptions } from '../pod/image';
import type { SecurityOptions } from '../pod/security';
import type { ThanosPodOptions } from '../pod/thanos-pod-options';

/** What a stack says for all of its pods that run Thanos. */
export const SHARED = [
  'image',
  'logLevel',
  'logFormat',
  'security',
  'nodeSelector',
  'tolerations',
  'priorityClassName',
] as const satisfies readonly (keyof ThanosPodOptions)[];

/** What the pods of a stack share. */
export type SharedOptions = Pick<ThanosPodOptions, (typeof SHARED)[number]>;

/** A part's own options over what the stack says: image and security field by field, everything else as a whole. */
export function inherit<T extends SharedOptions>(stack: SharedOptions, part: T): SharedOptions & T {
  const own = defined(part);
  return {
    ...stack,
    ...own,
    ...defined({
      image: merged(stack.image, own.image, imageBelow),
      security: merged(stack.security, own.security, idsBelow),
    }),
  };
}

/** Without the fields that are undefined: they are not given, and must not hide what the stack says. */
export function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** What is not a struct is left as it is, for its component to refuse. */
function merged<T extends object>(stack: T | undefined, part: T | undefined, below: (stack: T, part: T) => T) {
  if (stack === undefined || part === undefined || typeof part !== 'object' || part === null) return part ?? stack;
  const own = defined(part);
  return { ...below(stack, own), ...own };
}

/** Tag and digest name one version together: a part that gives either takes none from the stack. */
function imageBelow(stack: ImageOptions, part: ImageOptions): ImageOptions {
  if (part.tag === undefined && part.digest === undefined) return stack;
  return defined({ repository: stack.repository, pullPolicy: stack.pullPolicy, pullSecrets: stack.pullSecrets });
}

/** A part that leaves its ids to OpenShift takes none from the stack. */
function idsBelow(stack: SecurityOptions, part: SecurityOptions): SecurityOptions {
  return part.openShift === true ? {} : stack;
}
