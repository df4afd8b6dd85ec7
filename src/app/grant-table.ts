import type { IConstruct } from 'constructs';
import type { GrantRow } from './grant-row';
import { grantRows } from './grant-rows';
import { AppRegistry } from './registry';

/**
 * Who in an app holds the CA, the objstore config and the keys: every workload of the library, each that was let in by
 * hand, and each that holds some of it anyway. Read from the finished objects.
 */
export class GrantTable {
  /**
   * The table of the app that a construct belongs to, as the app stands now.
   * @param scope any construct of the app, such as the App
   */
  public static of(scope: IConstruct): GrantTable {
    return new GrantTable(grantRows(AppRegistry.of(scope)));
  }

  private constructor(
    /** The lines, in the order of the construct tree. */
    public readonly rows: GrantRow[],
  ) {}

  /** The table as text, for a terminal or a file in the repository. */
  public toString(): string {
    const clustered = this.rows.some((row) => row.cluster !== undefined);
    const shared = this.rows.some((row) => row.shared !== undefined);
    const lines = [
      [...(clustered ? ['CLUSTER'] : []), 'WORKLOAD', 'OBJSTORE FLAG', 'CA', 'KEYS', ...(shared ? ['SHARED'] : [])],
      ...this.rows.map((row) => [
        ...(clustered ? [row.cluster ?? '-'] : []),
        `${row.kind} ${row.namespace ?? '-'}/${row.name}`,
        row.objstoreFlag ?? '-',
        caText(row),
        row.keys ?? '-',
        ...(shared ? [row.shared ?? '-'] : []),
      ]),
    ];
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

function caText({ caSource, caPath }: GrantRow): string {
  if (caSource === undefined) return '-';
  return caPath === undefined ? caSource : `${caSource} at ${caPath}`;
}
