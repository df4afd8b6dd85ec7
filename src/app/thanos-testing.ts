import type { IConstruct } from 'constructs';
import type { GrantRow } from './grant-row';
import { GrantTable } from './grant-table';
import type { Json } from '../support/json';
import { phrase } from '../support/problem';
import { foundKind } from '../support/shape';

/** The end of a preflight's name, which changes with the config. */
const PREFLIGHT_DIGITS = /-preflight-[0-9a-f]{4}-[0-9a-f]{8}$/;
const PEM_BLOCK = /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?-----END [A-Z0-9 ]+-----\n?/g;

/** For users' snapshot tests: manifests without key material, and assertions about who holds the CA. */
export class ThanosTesting {
  /**
   * A manifest for a snapshot, `ThanosTesting.redacted(Testing.synth(chart))`: values of Secrets and ciphertext replaced,
   * certificates and checksums too, so that neither a key stands in a repository nor a new CA breaks each snapshot. What it is
   * given stays as it is.
   * @param manifest all objects of a chart, as `Testing.synth(chart)` gives them; of one object `[object]`
   * @throws where it is not a list
   */
  public static redacted(manifest: any[]): any[] {
    if (!Array.isArray(manifest)) throw new Error(phrase('ThanosTesting.redacted', 'manifest', notAList(manifest)));
    return manifest.map((object) => redactObject(structuredClone(object)));
  }

  /**
   * Throws unless the CA is mounted in exactly these workloads of the app, and where the app's checks at synth fail: there
   * somebody has it by another way, such as a copy.
   * @param scope any construct of the app
   * @param workloads their names, such as `thanos-receiver`, or `namespace/name`; a preflight's Job without its digits
   */
  public static expectCaOnlyIn(scope: IConstruct, workloads: string[]): void {
    const holders = holding(scope, ({ caSource }) => caSource !== undefined);
    expectSame('the CA', holders, workloads);
    requireSound(scope);
  }

  /**
   * Throws unless the S3 keys are given to exactly these workloads of the app, and where the app's checks at synth fail.
   * @param scope any construct of the app
   * @param workloads their names, such as `thanos-receiver`, or `namespace/name`; a preflight's Job without its digits
   */
  public static expectKeysOnlyIn(scope: IConstruct, workloads: string[]): void {
    const holders = holding(scope, ({ keys }) => keys !== undefined);
    expectSame('the keys', holders, workloads);
    requireSound(scope);
  }

  private constructor() {}
}

function notAList(manifest: unknown): string {
  return `is ${foundKind(manifest)}, not a list of objects. Give all that Testing.synth(chart) gives at once, or [object]`;
}

function redactObject(object: Json): Json {
  for (const field of ['data', 'stringData']) {
    if (object.kind === 'Secret' && object[field]) object[field] = replaced(object[field], '(redacted)');
  }
  if (object.spec?.encryptedData) object.spec.encryptedData = replaced(object.spec.encryptedData, '(sealed)');
  if (object.kind === 'Job' && object.metadata?.name) {
    object.metadata.name = object.metadata.name.replace(PREFLIGHT_DIGITS, '-preflight-(checksum)');
  }
  if (object.kind === 'PrometheusRule') object.spec?.groups?.forEach(redactRoots);
  return walk(object);
}

/** The alerts that a CA's roots make: each has the end of its root in it, and there are as many as there are roots. */
function redactRoots(group: Json): void {
  const seen = new Set<string>();
  group.rules = group.rules
    ?.map((rule: Json) => {
      if (rule?.labels?.fingerprint === undefined) return rule;
      const annotations = { ...rule.annotations, summary: '(root)' };
      return { ...rule, expr: '(end of the root)', labels: { ...rule.labels, fingerprint: '(root)' }, annotations };
    })
    .filter((rule: Json) => {
      const text = JSON.stringify(rule);
      return rule?.labels?.fingerprint !== '(root)' || (!seen.has(text) && seen.add(text));
    });
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

/** The ways that the table doesn't show: copies, custom resources, rights. */
function requireSound(scope: IConstruct): void {
  const problems = scope.node.root.node.validate();
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function holding(scope: IConstruct, holds: (row: GrantRow) => boolean): Holder[] {
  return GrantTable.of(scope).rows.filter(holds);
}

type Holder = Pick<GrantRow, 'kind' | 'name' | 'namespace'>;

/** A preflight's Job is called anew with each config: without its digits its name lasts. */
function lastingName({ kind, name }: Holder): string {
  return kind === 'Job' ? name.replace(PREFLIGHT_DIGITS, '-preflight') : name;
}

/** Names match with or without their namespace, and a preflight's Job with or without its digits. */
function expectSame(what: string, holders: readonly Holder[], wanted: readonly string[]): void {
  const names = (holder: Holder): string[] =>
    [holder.name, lastingName(holder)].flatMap((name) => [name, `${holder.namespace}/${name}`]);
  const extra = holders.filter((holder) => !wanted.some((name) => names(holder).includes(name)));
  const missing = wanted.filter((name) => !holders.some((holder) => names(holder).includes(name)));
  if (extra.length + missing.length === 0) return;
  const named = extra.map((holder) => `${holder.namespace ?? '-'}/${holder.name}`);
  const parts = [
    ...(extra.length > 0 ? [`${named.join(', ')} hold ${what} but should not`] : []),
    ...(missing.length > 0 ? [`${missing.join(', ')} should hold ${what} but do not`] : []),
  ];
  throw new Error(`cdk8s-thanos: ${parts.join('; ')}`);
}
