import type { Alert } from './alert';

const kinds = [
  'receiver',
  'receive-router',
  'compactor',
  'store',
  'ruler',
  'query',
  'query-frontend',
  'bucket-web',
  'bucket-replicate',
  'sidecar',
];

/** Of pods that are not there. */
export const UP_ALERTS: readonly Alert[] = [
  {
    name: 'ThanosPodDown',
    kinds,
    severity: 'warning',
    minutes: 10,
    summary: 'Prometheus can not scrape {{ $labels.pod }}',
    description: 'The pod does not answer at its port http.',
    expr: (select) => `up{${select}} == 0`,
  },
];
