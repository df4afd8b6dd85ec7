import { BUCKET_KINDS } from './bucket-board';
import { type Board, type Panel, type Query, rate, type Row } from './board';

/** What is known at synth of certificates. */
export interface Certificates {
  /** Roots of the bucket's CA: whose, and the end in Unix seconds. */
  readonly roots: readonly { readonly subject: string; readonly end: number }[];
  /** Series with the end of the S3 server's certificate, where an exporter serves one. */
  readonly server?: string;
  /** Names of the Certificates of cert-manager that the stack asks for. */
  readonly issued: readonly string[];
}

const DAY = 24 * 60 * 60;

const HEALTH: Row = {
  title: 'Health',
  panels: [
    {
      title: 'Bucket operations that fail',
      description: 'All of those of a pod, from a change of the certificate on: the pod does not trust the new one.',
      unit: 'operationsPerSecond',
      kinds: BUCKET_KINDS,
      bucket: true,
      queries: (select) => [[rate('thanos_objstore_bucket_operation_failures_total', select, 'pod'), '{{pod}}']],
    },
    {
      title: 'Looks for blocks in an hour that failed',
      description: 'Receivers and rulers whose pods do not trust the server upload nothing.',
      unit: 'number',
      kinds: ['receiver', 'ruler'],
      bucket: true,
      queries: (select) => [
        [`sum by (pod) (increase(thanos_shipper_dir_sync_failures_total{${select}}[1h]))`, '{{pod}}'],
      ],
    },
  ],
};

function daysLeft(title: string, description: string, kinds: readonly string[], queries: readonly Query[]): Panel[] {
  if (queries.length === 0) return [];
  return [{ title, description, draw: 'number', unit: 'days', kinds, red: { below: 7 }, queries: () => queries }];
}

/** What is left of each. */
function left(end: string): string {
  return `(${end} - time()) / ${DAY}`;
}

/** Certificates: how long they last, and whether the pods can speak to the bucket with what they have. */
export function certificatesBoard({ roots, server, issued }: Certificates, kinds: readonly string[]): Board {
  const names = `name=~"${issued.join('|')}"`;
  const panels = [
    ...daysLeft(
      'CA of the bucket',
      'Known at synth: of the CA that the manifests carry.',
      kinds,
      roots.map(({ subject, end }) => [left(`vector(${end})`), subject.replace(/[{}]/g, '')]),
    ),
    ...daysLeft(
      "The S3 server's certificate",
      'As an exporter such as the blackbox exporter sees it.',
      kinds,
      server === undefined ? [] : [[left(server), '{{instance}}']],
    ),
    ...daysLeft(
      'Certificates of the pods',
      'As cert-manager tells.',
      kinds,
      issued.length === 0
        ? []
        : [[left(`max by (name) (certmanager_certificate_expiration_timestamp_seconds{${names}})`), '{{name}}']],
    ),
  ];
  return { name: 'certificates', title: 'Certificates', rows: [{ title: 'Days left', panels }, HEALTH] };
}
