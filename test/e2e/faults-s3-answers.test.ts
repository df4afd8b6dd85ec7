import { describeS3Faults } from './support/faults/s3-faults';

const ERRORS: [number, string][] = [
  [500, 'InternalError'],
  [502, 'BadGateway'],
  [503, 'ServiceUnavailable'],
];
const THROTTLED: [number, string][] = [
  [503, 'SlowDown'],
  [429, 'TooManyRequests'],
];

describeS3Faults(
  'a stack that is written to and read from while its S3 store answers errors or half of what is asked',
  'thanos-e2e-s3-answers',
  [
    ['s3 errors', { mode: 'refuse', every: 3, answers: ERRORS }, 90],
    ['s3 throttled', { mode: 'refuse', every: 4, answers: THROTTLED }, 90],
    ['s3 truncated', { mode: 'truncate' }, 90],
  ],
);
