import type { GrantRecord, GuardedObject, ShareRecord } from '../registry';

/** Whether a grant or share of a bucket covers a guarded object. A CA's Secret may be that of several buckets. */
export function letsIn(record: GrantRecord | ShareRecord, guard: GuardedObject): boolean {
  const caSource = 'facts' in record ? record.facts.caSource : record.caSource;
  return record.owner === guard.owner || caSource === `${guard.kind}/${guard.name}`;
}
