import { SIDECAR_KIND } from '../parts';
import { type Alert, BY_POD, since } from './alert';

const READERS = ['receiver', 'ruler', 'store', 'compactor', 'bucket-web', 'bucket-replicate', 'sidecar'];
const WRITERS = ['receiver', 'ruler', 'sidecar'];

/** Of the bucket. A receiver or ruler whose calls fail stays Ready, and its disk fills. */
export const BUCKET_ALERTS: readonly Alert[] = [
  {
    name: 'ThanosBucketOperationsFailing',
    kinds: READERS,
    bucket: true,
    severity: 'warning',
    minutes: 10,
    summary: '{{ $labels.job }} fails at {{ $labels.operation }} in the bucket',
    description: 'Calls to the object store have failed for ten minutes. Look for the cause in the log of the pods.',
    expr: (select) =>
      `sum by (namespace, job, operation) (rate(thanos_objstore_bucket_operation_failures_total{${select}}[5m])) > 0`,
  },
  {
    name: 'ThanosUploadsFailing',
    kinds: WRITERS,
    bucket: true,
    severity: 'critical',
    minutes: 15,
    summary: '{{ $labels.pod }} can not upload its blocks',
    description: 'Its blocks lie on its own volume alone, which will fill.',
    // with a wrong CA only the first of the two grows
    expr: (select) => {
      const failures = (what: string): string =>
        `sum by (${BY_POD}) (rate(thanos_shipper_${what}_failures_total{${select}}[15m]))`;
      return `${failures('dir_sync')} + ${failures('upload')} > 0`;
    },
  },
  {
    name: 'ThanosNoUpload',
    kinds: WRITERS,
    bucket: true,
    severity: 'critical',
    minutes: 15,
    summary: '{{ $labels.pod }} has uploaded nothing for {{ $value | humanizeDuration }}',
    description: 'It has series all the while. Its blocks lie on its own volume alone.',
    // the gauge is 0 from each start until the first upload; a pod without series has nothing to upload
    expr: (select, { upload }, parts) => {
      const range = `[${upload + 3600}s]`;
      const last = `max_over_time(thanos_objstore_bucket_last_successful_upload_time{${select}}${range})`;
      const series = `sum by (${BY_POD}) (max_over_time(prometheus_tsdb_head_series{${select}}[15m])) > 0`;
      // the series of a sidecar are its Prometheus', whose metrics are of another job
      const beside = `max by (${BY_POD}) (max_over_time(thanos_sidecar_prometheus_up{${select}}[15m])) > 0`;
      const taken = parts.some(({ kind }) => kind === SIDECAR_KIND) ? `(${series} or ${beside})` : series;
      const newest = `max by (${BY_POD}) (${last} or ${since(select, upload)})`;
      return `time() - ${newest} > ${upload} and ${taken}`;
    },
  },
];
