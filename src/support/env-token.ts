/**
 * A value that is known only in the cluster: it stands in objstore.yml, or the config of a cache, as `$(NAME)`, which
 * Thanos fills from the pod's environment. Marked by private-use characters, since a user's own `$(X)` must stay text.
 */
export function envToken(name: string): string {
  return `\ue000${name}\ue001`;
}

/** Whether a value is known only in the cluster. */
export function isEnvToken(value: unknown): boolean {
  return typeof value === 'string' && value.includes('\ue000');
}

/** Begins the names of the variables of a pod's second bucket: those of the first are the process' own. */
export const SECOND_PREFIX = 'TO_';

const TOKEN = new RegExp(`\ue000((?:${SECOND_PREFIX})?BUCKET_(?:NAME|HOST|PORT)|POD_NAME)\ue001`, 'g');

/** The tokens of a text, for the variables of the second bucket. */
export function secondTokens(text: string): string {
  return text.replace(/([\ue000\ue002])([A-Z0-9_]+)/g, `$1${SECOND_PREFIX}$2`);
}

/** Writes the tokens of a text as Thanos reads them. */
export function resolveEnvTokens(text: string): string {
  return text.replace(TOKEN, '$($1)');
}

/** A secret that the pod's environment holds, as a whole value of objstore.yml, or of the config of a cache. */
export function secretToken(name: string): string {
  return `\ue002${name}\ue003`;
}

/** The variable of a secret token; undefined for any other text. */
export function secretVariable(value: string): string | undefined {
  return /^\ue002([A-Z0-9_]+)\ue003$/.exec(value)?.[1];
}
