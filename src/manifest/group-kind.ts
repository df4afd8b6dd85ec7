/** `group/kind`, the group empty for the core. */
export function groupKind({ apiVersion, kind }: { apiVersion?: unknown; kind?: unknown }): string {
  const version = String(apiVersion ?? '');
  return `${version.includes('/') ? version.split('/')[0] : ''}/${String(kind)}`;
}
