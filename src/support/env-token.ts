/**
 * A value that is known only in the cluster: it stands in objstore.yml as `$(NAME)`, which Thanos fills from the pod's
 * environment. Marked by private-use characters, since a user's own `$(X)` must stay text.
 */
export function envToken(name: string): string {
  return `\ue000${name}\ue001`;
}

/** Whether a value is known only in the cluster. */
export function isEnvToken(value: unknown): boolean {
  return typeof value === 'string' && value.includes('\ue000');
}

/** Writes the tokens of a text as Thanos reads them. */
export function resolveEnvTokens(text: string): string {
  return text.replace(/\ue000(BUCKET_(?:NAME|HOST|PORT))\ue001/g, '$($1)');
}
