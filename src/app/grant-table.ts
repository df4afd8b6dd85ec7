import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { containers, podSpecs } from '../manifest/pod-specs';
import { AppRegistry, type GrantRecord } from './registry';

/** One line of the grant table: what a workload has of the bucket. */
export interface GrantRow {
  /** `Kind namespace/name`. */
  readonly workload: string;
  /**
   * Cluster of the workload's stack.
   * @default - undefined: the stack names none
   */
  readonly cluster?: string;
  /**
   * The objstore flag among the container's arguments.
   * @default - undefined: it has none
   */
  readonly objstoreFlag?: string;
  /**
   * The CA's object and the path where it is mounted.
   * @default - undefined: no CA is mounted
   */
  readonly ca?: string;
  /**
   * Where the keys come from.
   * @default - undefined: it has no keys
   */
  readonly keys?: string;
}

/** Who in an app holds the CA, the objstore config and the keys: every workload of the library, and each that was let in by hand. */
export class GrantTable {
  /**
   * The table of the app that a construct belongs to.
   * @param scope any construct of the app, such as the App
   */
  public static of(scope: IConstruct): GrantTable {
    const registry = AppRegistry.of(scope);
    const granted = registry.grants.map((grant) => ({ object: grant.workload, row: grantedRow(registry, grant) }));
    const others = registry.ungranted.map((object) => ({
      object,
      row: { workload: label(object), cluster: registry.clusterOf(object) },
    }));
    const order = new Map(registry.root.node.findAll().map((c, i) => [c, i]));
    const all = [...granted, ...others].sort((a, b) => order.get(a.object)! - order.get(b.object)!);
    return new GrantTable(all.map(({ row }) => row));
  }

  private constructor(
    /** The lines, in the order of the construct tree. */
    public readonly rows: GrantRow[],
  ) {}

  /** The table as text, for a terminal or a file in the repository. */
  public toString(): string {
    const clustered = this.rows.some((row) => row.cluster !== undefined);
    const head = ['WORKLOAD', 'OBJSTORE FLAG', 'CA', 'KEYS'];
    const body = this.rows.map((r) => [r.workload, r.objstoreFlag ?? '-', r.ca ?? '-', r.keys ?? '-']);
    const lines = clustered
      ? [['CLUSTER', ...head], ...body.map((cells, i) => [this.rows[i].cluster ?? '-', ...cells])]
      : [head, ...body];
    const widths = lines[0].map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
    return lines
      .map((cells) =>
        cells
          .map((cell, i) => cell.padEnd(widths[i]))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  }
}

function grantedRow(registry: AppRegistry, grant: GrantRecord): GrantRow {
  const { caPath, caSource, keys } = grant.facts;
  return {
    workload: label(grant.workload),
    cluster: registry.clusterOf(grant.workload),
    objstoreFlag: objstoreFlag(grant),
    ca: caPath && caSource ? `${caSource} at ${caPath}` : undefined,
    keys,
  };
}

function objstoreFlag(grant: GrantRecord): string | undefined {
  const words = podSpecs(grant.workload.toJson())
    .flatMap(({ path, spec }) => containers(path, spec))
    .filter(({ container }) => grant.containers.includes(container.name))
    .flatMap(({ container }) => [...(container.command ?? []), ...(container.args ?? [])].map(String));
  return words.find((word) => word.startsWith('--objstore'));
}

function label(object: ApiObject): string {
  return `${object.kind} ${object.metadata.namespace ?? '-'}/${object.name}`;
}
