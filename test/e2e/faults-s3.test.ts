import { describeS3Faults } from './support/faults/s3-faults';

describeS3Faults('a stack that is written to and read from while its S3 store is away or slow', 'thanos-e2e-s3', [
  ['s3 cut', { mode: 'cut' }, 120],
  ['s3 slow', { mode: 'slow', milliseconds: 2000 }, 90],
]);
