import type { Chart } from 'cdk8s';
import { ObjstoreConfig, S3Ca, S3Credentials } from '../../../src';
import { bucket } from '../../fixtures/bucket';
import { ECDSA_CA } from '../../fixtures/certificates';
import { chart, render } from '../../render';

/** A chart with a bucket in namespace monitoring whose CA, config and keys are guarded. */
export function guardedChart(
  options: Record<string, unknown> = {},
  scope = chart(),
): { scope: Chart; config: ObjstoreConfig } {
  const credentials = S3Credentials.fromSecretName('s3-keys');
  return {
    scope,
    config: new ObjstoreConfig(scope, 'Bucket', bucket({ ca: S3Ca.fromPem(ECDSA_CA), credentials, ...options })),
  };
}

/** The problems that synth finds, one a line; none where it passes. */
export function problems(scope: Chart): string[] {
  try {
    render(scope);
    return [];
  } catch (error) {
    const text = (error as Error).message;
    if (!text.startsWith('Validation failed')) throw error;
    return text.split('\n').filter((line) => line.includes('cdk8s-thanos: '));
  }
}

/** Keeps what goes to stderr in each test of a file, and gives what was written so far. */
export function writtenToStderr(): () => string {
  let written: string;
  beforeEach(() => {
    written = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());
  return () => written;
}
