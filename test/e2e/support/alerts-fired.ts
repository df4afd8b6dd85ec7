/** What fires in a fault: the name of the alert, and after it values of its labels where others have that name. */
type Fires = readonly string[];

/** The faults of monitoring.test.ts. */
export const PLAIN_FAULTS = {
  'an S3 server whose CA nobody trusts': [
    'ThanosBucketOperationsFailing thanos-receiver',
    'ThanosUploadsFailing thanos-receiver',
  ],
  'a bucket that is away': [
    'ThanosBucketOperationsFailing thanos-store',
    'ThanosBucketOperationsFailing thanos-compactor',
  ],
  'receivers that are all gone': [
    ...['ThanosPartAbsent thanos-receiver', 'ThanosPodDown thanos-receiver'],
    ...['ThanosReplicationFailing thanos-receive-router', 'ThanosForwardingFailing thanos-receive-router'],
  ],
  'Queries that are all gone': ['ThanosPartAbsent thanos-query', 'ThanosRulesFailing thanos-ruler'],
  'an Alertmanager that is gone': ['ThanosAlertsDropped thanos-ruler'],
  'a hashring that is no JSON': ['ThanosRingFileFailing thanos-receive-router'],
  'blocks that overlap': ['ThanosCompactHalted thanos-compactor'],
} satisfies Record<string, Fires>;

const WINDOWS = ['1h', '6h', '1d', '3d'];

/** The faults of alerts.test.ts. */
export const SLOW_FAULTS = {
  'neither receivers nor Queries': [
    ...WINDOWS.map((window) => `ThanosWriteBudgetBurns thanos-receive-router ${window}`),
    ...WINDOWS.map((window) => `ThanosReadBudgetBurns thanos-query-frontend ${window}`),
  ],
  'a roll of the routers that stands still with another hashring': ['ThanosRingOutOfStep thanos-receive-router'],
  'a Query whose DNS server is gone': ['ThanosDnsFailing thanos-query'],
  'a receiver that stands still most of the time': ['ThanosWritesSlow thanos-receive-router'],
  'an S3 server that is slow': [
    ...['ThanosStoreSlow thanos-store', 'ThanosQueriesSlow thanos-query', 'ThanosQueriesSlow thanos-query-frontend'],
    'ThanosRulesSlow thanos-ruler',
  ],
  'an S3 server that ends every connection': [
    ...['ThanosNoUpload thanos-receiver', 'ThanosNoUpload thanos-ruler', 'ThanosStoreApiFailing thanos-store'],
    ...['ThanosCompactRetrying thanos-compactor', 'ThanosCompactHasNotRun thanos-compactor'],
  ],
  'a CA and a certificate that end in two days': [
    ...['S3CaExpiring warning', 'S3CaExpiring critical'],
    ...['S3CertificateExpiring warning', 'S3CertificateExpiring critical'],
  ],
} satisfies Record<string, Fires>;

/** Alerts that no fault of a test makes fire on a cluster, and why. */
export const NOT_FIRED: Readonly<Record<string, string>> = {};
