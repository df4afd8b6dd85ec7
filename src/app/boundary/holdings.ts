import type { Holding } from '../registry';

/** What is held, in words of a message. */
export const HELD: Readonly<Record<Holding, string>> = {
  config: 'the objstore config',
  ca: 'the CA',
  keys: 'the S3 keys',
  'client-certificate': 'the S3 client certificate',
  'sse-key': 'the SSE-C key',
};
