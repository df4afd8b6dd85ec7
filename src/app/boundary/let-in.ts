import { mayBeSame } from '../finished';
import type { GrantRecord, GuardedObject, ShareRecord, Standing } from '../registry';

/**
 * Whether a grant or share of a bucket covers a guarded object. A CA's Secret may be that of several buckets of its
 * namespace and cluster.
 */
export function letsIn(app: Standing, record: GrantRecord | ShareRecord, guard: GuardedObject): boolean {
  if ('onlyReads' in record && record.onlyReads && !isReadable(guard)) return false;
  if (record.owner === guard.owner) return true;
  const { caSource, namespace } = 'facts' in record ? record.facts : record;
  return (
    caSource === `${guard.kind}/${guard.name}` &&
    namespace === guard.namespace &&
    mayBeSame(app.clusterOf(record.owner), app.clusterOf(guard.owner))
  );
}

/** A config in a Secret may hold the keys. */
function isReadable({ kind, holds }: GuardedObject): boolean {
  return holds === 'ca' || (holds === 'config' && kind === 'ConfigMap');
}
