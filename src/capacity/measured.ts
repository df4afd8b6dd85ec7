// Written by `npm run capacity`. What each figure is, and how it was measured: docs/capacity.md.
const MIB = 1024 ** 2;

/** Bytes, but where a name says otherwise. */
export const MEASURED = {
  receiver: {
    idle: 114 * MIB,
    perSeries: 2480,
    perSample: 5.06,
    walPerSample: 10,
    coreSecondsPerSample: 0.0000067,
  },
  compactor: { idle: 132 * MIB, perSeries: 1200 },
  store: {
    idle: 78 * MIB,
    perBlock: 386000,
    perSeries: 0,
    headerPerSeries: 4.88,
    perQueriedSample: 10.1,
  },
  query: { idle: 79 * MIB, perQueriedSample: 15.2 },
  bucket: { fiveMinutesPoint: 14.1, oneHourPoint: 15.9 },
  /** Requests that read: for each block of a sync, and for each block that a query looks into. */
  reads: { store: 2, compactor: 4, query: 3 },
} as const;
