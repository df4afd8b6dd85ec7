import type { IConstruct } from 'constructs';
import { GrantTable } from './grant-table';
import type { Json } from '../manifest/pod-specs';

const PEM_BLOCK = /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?-----END [A-Z0-9 ]+-----\n?/g;

/** For users' snapshot tests: manifests without key material, and assertions about who holds the CA. */
export class ThanosTesting {
  /**
   * A manifest for a snapshot: values of Secrets and ciphertext replaced, certificates and checksums too, so that neither
   * a key stands in a repository nor a new CA breaks each snapshot.
   * @param manifest the objects, as `Testing.synth(chart)` gives them
   */
  public static redacted(manifest: any[]): any[] {
    return manifest.map((object) => redactObject(structuredClone(object)));
  }

  /**
   * Throws unless the CA is mounted in exactly these workloads of the app.
   * @param scope any construct of the app
   * @param workloads their names, such as `thanos-receiver`, or `namespace/name`
   */
  public static expectCaOnlyIn(scope: IConstruct, workloads: string[]): void {
    const holders = holding(scope, (row) => row.ca !== undefined);
    expectSame('the CA', holders, workloads);
  }

  /**
   * Throws unless the S3 keys are given to exactly these workloads of the app.
   * @param scope any construct of the app
   * @param workloads their names, such as `thanos-receiver`, or `namespace/name`
   */
  public static expectKeysOnlyIn(scope: IConstruct, workloads: string[]): void {
    const holders = holding(scope, (row) => row.keys !== undefined);
    expectSame('the keys', holders, workloads);
  }

  private constructor() {}
}

function redactObject(object: Json): Json {
  for (const field of ['data', 'stringData']) {
    if (object.kind === 'Secret' && object[field]) object[field] = replaced(object[field], '(redacted)');
  }
  if (object.spec?.encryptedData) object.spec.encryptedData = replaced(object.spec.encryptedData, '(sealed)');
  if (object.kind === 'Job' && object.metadata?.name) {
    object.metadata.name = object.metadata.name.replace(/-preflight-[0-9a-f-]+$/, '-preflight-(checksum)');
  }
  return walk(object);
}

function replaced(data: Record<string, unknown>, by: string): Record<string, string> {
  return Object.fromEntries(Object.keys(data).map((key) => [key, by]));
}

/** Checksums and certificates, wherever they stand. */
function walk(node: Json): Json {
  if (typeof node === 'string') return node.replace(PEM_BLOCK, '(certificate)\n');
  if (node === null || typeof node !== 'object') return node;
  if (Array.isArray(node)) return node.map(walk);
  const entries = Object.entries(node).map(([key, value]) => [
    key,
    key.startsWith('checksum/') ? '(checksum)' : walk(value),
  ]);
  return Object.fromEntries(entries);
}

function holding(scope: IConstruct, holds: (row: GrantTable['rows'][number]) => boolean): string[] {
  return GrantTable.of(scope)
    .rows.filter(holds)
    .map((row) => row.workload.split(' ')[1]);
}

/** Names match with or without their namespace. */
function expectSame(what: string, holders: string[], wanted: string[]): void {
  const fits = (holder: string, name: string): boolean => holder === name || holder.endsWith(`/${name}`);
  const extra = holders.filter((holder) => !wanted.some((name) => fits(holder, name)));
  const missing = wanted.filter((name) => !holders.some((holder) => fits(holder, name)));
  if (extra.length + missing.length === 0) return;
  const parts = [
    ...(extra.length > 0 ? [`${extra.join(', ')} hold ${what} but should not`] : []),
    ...(missing.length > 0 ? [`${missing.join(', ')} should hold ${what} but do not`] : []),
  ];
  throw new Error(`cdk8s-thanos: ${parts.join('; ')}`);
}
