import { type Html, html, lines, table } from './html';
import { readerLines } from './readers';
import type { Review } from './review';
import { ofClusters, placedTable } from './section';

/** Who may read what opens a bucket without holding it, as the manifests' Roles say. */
export function readerTable(review: Review): Html {
  const found = ofClusters(review, ({ world }) => readerLines(world));
  if (found.length === 0)
    return html`<p>
      No Role of the manifests lets anybody read any of it through the API. Roles that stand in the cluster alone are
      not known here.
    </p>`;
  const columns = [
    { title: 'Who' },
    { title: 'Workloads with its token' },
    ...['May read', 'By'].map((title) => ({ title, wide: true })),
  ];
  const { columns: heads, rows } = placedTable(found, columns, ({ who, workloads, what, by }) => [
    who,
    ...[workloads, what, by].map(lines),
  ]);
  return html`<p>
      The Roles of the manifests let these read it through the API, whether they hold it or not. Those that stand in the
      cluster alone are not known here.
    </p>
    ${table('Who may read it by a Role', heads, rows)}`;
}
